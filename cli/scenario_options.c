#include "cli/scenario_options.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/choices.h"
#include "cli/foreign_workflow.h"
#include "cli/options_json.h"
#include "cli/presets.h"
#include "study/replicate.h"
#include "validation/executor/slurm_allocation.h"

enum { DEFAULT_REPLICAS = 100, DEFAULT_SEED = 1, MAX_NODES = 1000000, MAX_REPLICAS = 10000000, MAX_THREADS = 1024 };

extern char **environ;                   /* the allocation that we run in is named there */

#define AT(member) .offset = offsetof(struct scenario_options, member)

const struct option_row scenario_place_rows[] = {
    { .name = "platform", .letter = 'p', .kind = OPTION_TEXT, .file = OPTION_READS_OR_NAME, .argument = "PLATFORM", AT(platform),
      .help = "where to run: a name of 'dagcast list platforms', a JSON file, or " SLURM_PLATFORM ": the Slurm allocation around us" },
    { .name = "nodes", .letter = 'n', .kind = OPTION_INTEGER, .argument = "N", AT(nodes), .min = 1, .max = MAX_NODES,
      .help = "how many nodes of it (default: as the platform says)" },
    { .name = "middleware", .letter = 'm', .kind = OPTION_TEXT, .file = OPTION_READS_OR_NAME, .argument = "MIDDLEWARE", AT(middleware),
      .help = "through what: a name of 'dagcast list middleware', or a JSON file (default: ideal, which costs no time)" },
    { .name = NULL },
};

const struct option_row scenario_mode_rows[] = {
    { .name = "mode", .kind = OPTION_TEXT, .argument = "MODE", AT(mode),
      .help = "sequential, pipelined or asynchronous (default: as the scenario says, else asynchronous)" },
    { .name = NULL },
};

const struct option_row scenario_policy_rows[] = {
    { .name = "scheduler", .kind = OPTION_TEXT, .argument = "NAME", AT(scheduler),
      .help = "a whole scheduler of 'dagcast list schedulers' (default: the middleware's own, else the three below)" },
    { .name = "order", .kind = OPTION_TEXT, .argument = "NAME", AT(order),
      .help = "which waiting task goes first, of 'dagcast list orders' (default: arrival)" },
    { .name = "overtake", .kind = OPTION_TEXT, .argument = "NAME", AT(overtake),
      .help = "who may pass a task that does not fit, of 'dagcast list overtakes' (default: backfill)" },
    { .name = "placement", .kind = OPTION_TEXT, .argument = "NAME", AT(placement),
      .help = "on which node a task goes, of 'dagcast list placements' (default: first_fit)" },
    { .name = NULL },
};

const struct option_row scenario_run_rows[] = {
    { .name = "seed", .letter = 's', .kind = OPTION_INTEGER, .argument = "N", AT(seed), .min = 0,
      .max = OPTION_LARGEST_INTEGER,
      .help = "names the random numbers; the same seed gives the same bytes (default: 1)" },
    { .name = "walltime", .letter = 'w', .kind = OPTION_SECONDS, .argument = "TIME", AT(walltime_s), .min = 1e-3, .max = 1e9,
      .help = "the allocation ends after TIME (90, 30m, 1.5h, 1:30:00), start of the middleware included; "
              "what runs then is killed (default: no end)" },
    { .name = NULL },
};

const struct option_row scenario_replica_rows[] = {
    { .name = "replicas", .letter = 'r', .kind = OPTION_INTEGER, .argument = "N", AT(replicas), .min = 1, .max = MAX_REPLICAS,
      .help = "how often to run it with other random numbers (default: 100)" },
    { .name = "precision", .kind = OPTION_NUMBER, .argument = "X", AT(precision), .min = 1e-9, .max = 1,
      .help = "stop before that when the mean makespan is known to within X of itself, 0.001 say; looked at every 64 replicas" },
    { .name = "threads", .letter = 't', .kind = OPTION_INTEGER, .argument = "N", AT(threads), .min = 1, .max = MAX_THREADS,
      .help = "threads to run replicas on (default: one a processor); results do not depend on it" },
    { .name = NULL },
};

/* Of a scenario file the parts move into the set, so that options may replace them; of a WfFormat instance workflow and machines. */
static int load_file(struct scenario_set *set, const char *path, const char *const *data_dirs, struct error *err)
{
    struct json_document *doc = json_load(path, err);
    if (!doc)
        return -1;
    struct json root = json_root(doc);
    struct foreign_workflow foreign;
    int status = foreign_workflow_take(doc, path, &foreign, err);
    if (status == 0 && foreign.workflow) {
        set->workflow = foreign.workflow;
        set->platform = foreign.platform;
        set->import_report = foreign.report;
    } else if (status == 0 && json_has(&root, "workflow") && !json_has(&root, "task_sets")) {
        set->file = scenario_file_load(path, data_dirs, foreign_workflow_document, err);
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
    }
    return set->workflow ? 0 : -1;
}

static int open_middleware(struct scenario_set *set, const char *name, const char *const *data_dirs, struct error *err)
{
    if (!name && set->middleware)
        return 0;
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", name, data_dirs, err))
        return -1;
    struct middleware *m = name ? middleware_open(name, data_dirs, err) : middleware_ideal();
    if (!m)
        return -1;
    middleware_free(set->middleware);
    set->middleware = m;
    return 0;
}

/* Replaces the platform by what `made` is of it; NULL: that failed. */
static int replace_platform(struct scenario_set *set, struct platform *made)
{
    if (!made)
        return -1;
    platform_free(set->platform);
    set->platform = made;
    return 0;
}

static struct platform *find_platform(const char *name, const char *const *data_dirs, struct error *err)
{
    if (str_equal(name, SLURM_PLATFORM))
        return slurm_platform(environ, err);
    if (presets_check(PRESET_PLATFORM, "--platform", name, data_dirs, err))
        return NULL;
    return platform_open(name, data_dirs, err);
}

static int open_platform(struct scenario_set *set, const struct scenario_options *o, const char *const *data_dirs,
                         struct error *err)
{
    if (!o->platform && !set->platform)
        return error_set(err, "where should it run? give --platform NAME or FILE; 'dagcast list platforms' shows the names");
    if (o->platform && replace_platform(set, find_platform(o->platform, data_dirs, err)))
        return -1;
    if (o->nodes && replace_platform(set, platform_with_nodes(set->platform, (size_t)o->nodes, err)))
        return -1;
    const struct middleware *m = set->middleware;
    if (m->n_blocked)
        return replace_platform(set, platform_with_blocked(set->platform, m->blocked, m->n_blocked, err));
    return 0;
}

static int check_names(const struct scenario_options *o, struct error *err)
{
    if (choice_check(CHOICE_MODE, "--mode", o->mode, err) || choice_check(CHOICE_SCHEDULER, "--scheduler", o->scheduler, err) ||
        choice_check(CHOICE_ORDER, "--order", o->order, err) || choice_check(CHOICE_OVERTAKE, "--overtake", o->overtake, err))
        return -1;
    return choice_check(CHOICE_PLACEMENT, "--placement", o->placement, err);
}

/* The command line overrides the scenario file, and that the middleware. */
static int choose_scheduler(struct scenario_set *set, const struct scenario_options *o, struct error *err)
{
    static const struct scheduler_options nothing;
    struct scheduler_options top = { .scheduler = o->scheduler, .order = o->order, .overtake = o->overtake, .placement = o->placement };
    struct scheduler_options said = scheduler_options_over(&top, set->file ? &set->file->scheduler : &nothing);
    return scheduler_options_choose(&said, set->middleware, &set->scenario.scheduler, err);
}

static void choose_numbers(struct scenario_set *set, const struct scenario_options *o)
{
    const struct scenario_file *f = set->file;
    struct scenario *s = &set->scenario;
    s->mode = o->mode ? (enum mode)mode_find(o->mode) : f && f->mode >= 0 ? (enum mode)f->mode : MODE_ASYNCHRONOUS;
    s->seed = o->seed >= 0 ? (uint64_t)o->seed : f ? f->seed : DEFAULT_SEED;
    s->walltime_s = o->walltime_s > 0 ? o->walltime_s : f ? f->walltime_s : 0;
    set->replicas = o->replicas ? (size_t)o->replicas : f && f->replicas ? f->replicas : DEFAULT_REPLICAS;
    set->threads = o->threads ? (int)o->threads : replicate_default_threads();
    set->precision = o->precision;
}

static int open_all(struct scenario_set *set, const char *path, const struct scenario_options *o, const char *const *data_dirs,
                    struct error *err)
{
    if (check_names(o, err) || load_file(set, path, data_dirs, err) || open_middleware(set, o->middleware, data_dirs, err) ||
        open_platform(set, o, data_dirs, err) || choose_scheduler(set, o, err))
        return -1;
    choose_numbers(set, o);
    set->scenario.workflow = set->workflow;
    set->scenario.platform = set->platform;
    set->scenario.middleware = set->middleware;
    return platform_check(set->platform, set->workflow, err);
}

static int open_or_clear(struct scenario_set *set, const char *path, const struct scenario_options *o, const char *const *data_dirs,
                         struct error *err)
{
    *set = (struct scenario_set){ .path = path, .said = *o };
    int status = open_all(set, path, o, data_dirs, err);
    if (status)
        scenario_set_clear(set);
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
    while (i < w->n_sets && w->sets[i].demand.memory_mib == 0)
        i++;
    struct str text = { 0 };
    if (i < w->n_sets && !knows_memory(set->platform))
        escape_addf(&text, "dagcast: task set '%s' asks for memory, but of platform %s the memory of a node is not known: it limits "
                    "nothing there; memory_mib in the platform's nodes would tell\n",
                    w->sets[i].name, set->platform->name);
    if (text.length)
        fputs(text.text, stderr);
    str_clear(&text);
}

int scenario_set_open(struct scenario_set *set, const char *path, const struct scenario_options *o,
                      const char *const *data_dirs, struct error *err)
{
    int status = open_or_clear(set, path, o, data_dirs, err);
    if (status == 0 && set->import_report)
        fputs(set->import_report, stderr);
    if (status == 0)
        tell_unknown_memory(set);
    return status;
}

void scenario_set_clear(struct scenario_set *set)
{
    workflow_free(set->workflow);
    platform_free(set->platform);
    middleware_free(set->middleware);
    scenario_file_free(set->file);
    free(set->import_report);
    *set = (struct scenario_set){ 0 };
}

static const struct option_row *const recorded_rows[] = {
    scenario_place_rows, scenario_mode_rows, scenario_policy_rows, scenario_run_rows, scenario_replica_rows,
};

void scenario_set_add_source(cJSON *object, const struct scenario_set *set)
{
    static const struct scenario_options defaults = SCENARIO_OPTIONS_DEFAULTS;
    struct scenario_options said = set->said;
    said.threads = 0;
    cJSON_AddStringToObject(object, "file", set->path);
    cJSON *options = cJSON_AddObjectToObject(object, "options");
    for (size_t i = 0; i < sizeof recorded_rows / sizeof *recorded_rows; i++)
        options_add_json(options, recorded_rows[i], &said, &defaults);
}

int scenario_set_reopen(struct scenario_set *set, const struct json *source, const struct scenario_options *o,
                        const char *const *data_dirs, struct error *err)
{
    static const struct scenario_options defaults = SCENARIO_OPTIONS_DEFAULTS;
    struct scenario_options all = defaults;
    struct json options = json_member(source, "options");
    const char *path;
    *set = (struct scenario_set){ 0 };
    if (json_need_string(source, "file", &path, err))
        return -1;
    for (size_t i = 0; i < sizeof recorded_rows / sizeof *recorded_rows; i++) {
        if (options.value && options_take_json(&options, recorded_rows[i], &all, err))
            return -1;
        options_overlay(recorded_rows[i], &all, o, &defaults);
    }
    if (open_or_clear(set, path, &all, data_dirs, err))
        return error_prefix(err, "%s was made from %s, which is needed again: ", json_name(source->document), path);
    return 0;
}
