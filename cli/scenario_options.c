#include "cli/scenario_options_impl.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/foreign_workflow.h"
#include "cli/operand_files.h"
#include "scheduling/names.h"

enum { MAX_THREADS = 1024 };

#define AT(member) OPTION_AT(struct scenario_options, member)

const struct option_row scenario_thread_rows[] = {
    { .name = "threads", .letter = 't', AT(threads), .argument = "N", .min = 1, .max = MAX_THREADS,
      .help = "threads to run replicas on (default: one a processor); results do not depend on "
              "it" },
    { .name = NULL },
};

/* Of a scenario file the parts move into the set, so that options may replace them; of a WfFormat
 * instance workflow and machines. */
static int load_file(struct scenario_set *set, const char *path, const char *const *data_dirs,
                     struct error *err)
{
    struct json_document *doc = foreign_workflow_open(path, err);
    if (!doc)
        return -1;
    struct json root = json_root(doc);
    struct foreign_workflow foreign;
    int status = foreign_workflow_take(&doc, path, &foreign, err);
    if (status == 0 && foreign.workflow) {
        set->workflow = foreign.workflow;
        set->platform = foreign.platform;
        set->import_report = foreign.report;
    } else if (status == 0 && json_has(&root, "workflow") && !json_has(&root, "task_sets")) {
        set->file =
            scenario_file_of(doc, data_dirs, &foreign_workflow_openers, policy_names, err);
        doc = NULL;
    } else if (status == 0) {
        set->workflow = workflow_from_json(&root, err);
    }
    json_free(doc);
    if (set->file) {
        set->workflow = set->file->workflow;
        set->platform = set->file->platform;
        set->middleware = set->file->middleware;
        set->file->workflow = NULL;
        set->file->platform = NULL;
        set->file->middleware = NULL;
        set->queue_wait = set->file->queue_wait;
        set->file->queue_wait = NULL;
    }
    return set->workflow ? 0 : -1;
}

static bool knows_memory(const struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        if (p->shapes[s].memory_mib == 0)
            return false;
    return true;
}

/* Nothing is wrong with it, but who asks for memory thinks that it limits something. */
static void tell_unknown_memory(const struct scenario_set *set)
{
    const struct workflow *w = set->workflow;
    size_t i = 0;
    while (i < w->n_sets && w->sets[i].traits->demand.memory_mib == 0)
        i++;
    struct str text = { 0 };
    if (i < w->n_sets && !knows_memory(set->platform))
        escape_addf(&text,
                    "dagcast: task set '%s' asks for memory, but of platform %s the memory of a "
                    "node is not known: it limits nothing there; memory_mib in the platform's "
                    "nodes would tell\n",
                    w->sets[i].name, platform_title(set->platform));
    if (text.length)
        fputs(text.text, stderr);
    str_clear(&text);
}

/* Priorities count under the order `priority` only, and only if they differ. */
static void tell_unheard_priority(const struct scenario_set *set)
{
    const struct workflow *w = set->workflow;
    const struct scheduler_options *o = &set->scenario.scheduler;
    size_t i = 0;
    while (i < w->n_sets && w->sets[i].priority == w->sets[0].priority)
        i++;
    struct str text = { 0 };
    bool differ = i < w->n_sets;
    i = differ && w->sets[i].priority == 0 ? 0 : i;
    if (differ && (o->scheduler || !str_equal(o->order, "priority")))
        escape_addf(&text, "dagcast: task set '%s' has a priority, which is ignored: %s; %s\n",
                    w->sets[i].name,
                    o->scheduler ? "this scheduler knows none" : "another order was chosen",
                    o->scheduler ? "one with --order priority does" : "--order priority uses it");
    if (text.length)
        fputs(text.text, stderr);
    str_clear(&text);
}

static void tell(const struct scenario_set *set)
{
    if (set->import_report)
        fputs(set->import_report, stderr);
    tell_unknown_memory(set);
    tell_unheard_priority(set);
}

int scenario_set_open(struct scenario_set *set, const char *path, const struct scenario_options *o,
                      const char *const *data_dirs, struct error *err)
{
    *set = (struct scenario_set){ .path = path, .said = *o };
    if (load_file(set, path, data_dirs, err) || scenario_set_choose(set, o, data_dirs, err)) {
        scenario_set_clear(set);
        return -1;
    }
    if (!o->silent)
        tell(set);
    return 0;
}

void scenario_set_clear(struct scenario_set *set)
{
    workflow_free(set->workflow);
    platform_free(set->platform);
    middleware_free(set->middleware);
    middleware_choice_clear(&set->choice);
    scenario_file_free(set->file);
    free(set->pipeline_order);
    queue_wait_free(set->queue_wait);
    free(set->import_report);
    *set = (struct scenario_set){ 0 };
}

void scenario_set_add_source(cJSON *object, const struct scenario_set *set)
{
    cJSON_AddStringToObject(object, "file", operand_is_input(set->path) ? "-" : set->path);
    cJSON *options = cJSON_AddObjectToObject(object, "options");
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting_value *v = &set->said.said[id];
        if (v->said)
            cJSON_AddItemToObject(options, setting_at((enum setting_id)id)->name,
                                  setting_value_to_json(v, (enum setting_id)id));
    }
}
