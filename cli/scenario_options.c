#include "cli/scenario_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/foreign_workflow.h"
#include "cli/operand_files.h"
#include "cli/queue_doc.h"
#include "cli/unused_options.h"
#include "core/closest_profile.h"
#include "core/presets.h"
#include "scheduling/names.h"
#include "study/replicate.h"
#include "traces/packed_file.h"
#include "validation/executor/slurm_allocation.h"

enum { DEFAULT_REPLICAS = 100, MAX_THREADS = 1024 };

extern char **environ;                   /* the allocation that we run in is named there */

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
            scenario_file_load(path, data_dirs, foreign_workflow_document, policy_names, err);
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

static struct platform *find_platform(const char *name, const char *const *data_dirs,
                                      struct error *err)
{
    if (str_equal(name, SLURM_PLATFORM))
        return slurm_platform(environ, err);
    if (presets_check(PRESET_PLATFORM, "--platform", name, data_dirs, err))
        return NULL;
    return platform_open(name, data_dirs, packed_file_load_json, err);
}

static int open_history(struct variant *v, const char *path, struct error *err)
{
    const char *platform = v->scenario.platform ? v->scenario.platform->name : NULL;
    struct queue_wait *q = queue_model_open(path, v->queue_machine, v->queue_name, platform, err);
    if (q)
        variant_take_queue_wait(v, q);
    v->queue_history = path;
    return q ? 0 : -1;
}

/* A variant's open(), of what options name. */
static int open_source(struct variant *v, const struct setting_change *c, struct error *err)
{
    const char *const *data_dirs = v->context;
    if (c->id == SETTING_QUEUE_HISTORY)
        return open_history(v, c->value.text, err);
    if (c->id == SETTING_PLATFORM) {
        struct platform *p = find_platform(c->value.text, data_dirs, err);
        if (p)
            variant_take_platform(v, p);
        return p ? 0 : -1;
    }
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", c->value.text, data_dirs, err))
        return -1;
    struct middleware *m = middleware_open(c->value.text, data_dirs, packed_file_load_json, err);
    if (m)
        variant_take_middleware(v, m);
    return m ? 0 : -1;
}

static bool is_policy(int id)
{
    return setting_at((enum setting_id)id)->member.kind == SETTING_MEMBER_POLICY;
}

/* What a scenario file says and no option replaces: its nodes are those of its own platform; its
 * scheduler is a layer of its own. */
static void merge(struct setting_value *said, const struct scenario_file *f, bool own_platform,
                  bool policy)
{
    bool waits = said[SETTING_QUEUE_WAIT].said || said[SETTING_QUEUE_HISTORY].said;
    for (int id = 0; f && id < SETTINGS; id++) {
        bool dropped = (id == SETTING_NODES && own_platform && said[SETTING_PLATFORM].said) ||
                       (waits && (id == SETTING_QUEUE_WAIT || id == SETTING_QUEUE_HISTORY));
        if (!said[id].said && is_policy(id) == policy && !dropped)
            said[id] = f->said[id];
    }
}

static int apply(struct variant *v, const struct setting_value *said, struct error *err)
{
    struct setting_change changes[SETTINGS];
    return variant_apply(v, changes, setting_list(said, changes), err);
}

/* `file`: the scenario file gives a distribution, and no option a history. */
static bool says_waits_twice(const struct setting_value *said, bool file)
{
    return said[SETTING_QUEUE_HISTORY].said && (said[SETTING_QUEUE_WAIT].said || file);
}

/* Whoever names no middleware gets the closest, if there is anything to go by. */
static int choose_middleware(struct scenario_set *set, struct variant *v,
                             struct setting_value *said, bool asked, struct error *err)
{
    bool named = set->middleware || said->said;
    if ((asked || !named) && middleware_choice_make(&set->choice, v, asked, v->context, err))
        return -1;
    struct middleware *without =
        middleware_without_execution(v->scenario.middleware, v->scenario.workflow);
    if (without)
        variant_take_middleware(v, without);
    return 0;
}

/* A chosen profile predicts a run of which something is known: its release, and what is beyond the
 * profile. */
static void apply_run(const struct middleware_choice *c, struct variant *v)
{
    if (!c->n_candidates)
        return;
    v->scenario.run = middleware_choice_run(c);
    if (v->scenario.scheduler.scheduler && !v->said.generation && c->version)
        v->scenario.scheduler.generation = c->version;
}

/* "auto" names nothing: takes it out of what was said. */
static bool take_auto(struct setting_value *said)
{
    bool is = said->said && str_equal(said->text, PROFILE_AUTO);
    said->said = said->said && !is;
    return is;
}

/* The command line overrides the scenario file. */
static int apply_layers(struct scenario_set *set, struct variant *v,
                        const struct scenario_options *o, struct error *err)
{
    struct setting_value policy[SETTINGS] = { { .said = false } }, said[SETTINGS];
    memcpy(said, o->said, sizeof said);
    merge(policy, set->file, false, true);
    merge(said, set->file, set->platform != NULL, false);
    if (says_waits_twice(said, v->queue_wait && !o->said[SETTING_QUEUE_HISTORY].said))
        return error_set(
            err, "queue_wait and queue_history both say how long jobs wait; give one of them");
    set->otherwise = !v->platform && !said[SETTING_PLATFORM].said && o->otherwise;
    if (set->otherwise)
        said[SETTING_PLATFORM] = set->said.said[SETTING_PLATFORM] =
            (struct setting_value){ .said = true, .text = o->otherwise };
    if (!v->platform && !said[SETTING_PLATFORM].said)
        return error_set(err, "where should it run? give --platform NAME or FILE; 'dagcast list "
                              "platforms' shows the names");
    bool asked = take_auto(&said[SETTING_MIDDLEWARE]);
    if (apply(v, policy, err) || apply(v, said, err) ||
        choose_middleware(set, v, &said[SETTING_MIDDLEWARE], asked, err) || variant_build(v, err))
        return -1;
    apply_run(&set->choice, v);
    return 0;
}

static void tell_unused_queue(const struct scenario_options *o)
{
    const char *why = "it is of a --queue-history";
    unused_option(o->said[SETTING_QUEUE_MACHINE].said, NULL, "queue-machine", why);
    unused_option(o->said[SETTING_QUEUE_NAME].said, NULL, "queue-name", why);
}

/* The parts move into the variant and back, so that what replaces one frees it. */
static int choose(struct scenario_set *set, const struct scenario_options *o,
                  const char *const *data_dirs, struct error *err)
{
    struct variant v;
    variant_init(&v, NULL);
    v.open = open_source;
    v.context = data_dirs;
    v.scenario.workflow = v.workflow = set->workflow;
    v.scenario.platform = v.platform = set->platform;
    v.scenario.middleware = v.middleware = set->middleware ? set->middleware : middleware_ideal();
    v.scenario.allocation.wait = v.queue_wait = set->queue_wait;
    int status = apply_layers(set, &v, o, err);
    if (status == 0 && !v.queue_history && !o->silent)
        tell_unused_queue(o);
    set->workflow = v.workflow;
    set->platform = v.platform;
    set->middleware = v.middleware;
    set->pipeline_order = v.pipeline_order;
    set->queue_wait = v.queue_wait;
    set->scenario = v.scenario;
    set->replicas = v.replicas ? v.replicas : DEFAULT_REPLICAS;
    set->precision = v.precision;
    set->threads = o->threads ? (int)o->threads : replicate_default_threads();
    return status;
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
    if (load_file(set, path, data_dirs, err) || choose(set, o, data_dirs, err)) {
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
