/* The fields of a task set, and of its demand alone. */
#include <math.h>

#include "base/str.h"
#include "core/resource.h"
#include "core/task_deps.h"
#include "core/workflow_json_impl.h"

const char *const on_failure_names[] = { "cancel", "continue", NULL };

/* ---- demand ---- */

static struct demand *demand_of_gpus(const struct schema_field *f, const void *object)
{
    return (struct demand *)(void *)((char *)(uintptr_t)object + f->offset -
                                     offsetof(struct demand, gpus));
}

static int read_gpus(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    struct demand *d = demand_of_gpus(f, object);
    double gpus;
    if (json_as_number(at, f->min, f->max, &gpus, err) != 0)
        return -1;
    if (gpus >= 1 && gpus != floor(gpus))
        return json_error(at, err, "must be a whole number, or a share below 1; is %g", gpus);
    d->gpus = gpus >= 1 ? (int32_t)gpus : 0;
    d->gpu_share = gpus < 1 ? (int32_t)lround(gpus * DEMAND_WHOLE_GPU) : 0;
    if (gpus > 0 && d->gpus == 0 && (d->gpu_share == 0 || d->gpu_share == DEMAND_WHOLE_GPU))
        return json_error(at, err, "a share of a GPU is counted in millionths; got %g", gpus);
    return 0;
}

static cJSON *save_gpus(const struct schema_field *f, const void *object)
{
    const struct demand *d = demand_of_gpus(f, object);
    double gpus = d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU;
    return gpus > 0 ? cJSON_CreateNumber(gpus) : NULL;
}

static const struct schema_type gpus_or_share = {
    .words = "integer, 0 to " RESOURCE_DIGITS(NODE_MOST_GPUS) ", or a share below 1",
    .read = read_gpus,
    .save = save_gpus,
    .json = "{\"type\": \"number\", \"minimum\": 0, \"maximum\": "
            RESOURCE_DIGITS(NODE_MOST_GPUS) "}"
};

enum { MOST_RANKS = 100000000, MOST_CORES = 100000 };

/* Of a struct `type`, in which the demand's members are `m ranks` ...; `by_threads`: it counts no
 * cores. */
#define DEMAND_ROWS(type, m, by_threads)                                                           \
    { "ranks", &schema_integer, SCHEMA_AT(type, m ranks), .min = 1, .max = MOST_RANKS,             \
      .initial = 1, .help = "processes of one task, which start together; each lies on one node, " \
                            "several may lie on several" },                                        \
    { "cores", &schema_integer, SCHEMA_AT(type, m cores), .max = MOST_CORES,                       \
      .otherwise = "1, without `threads`", .always = true, .omit = by_threads,                     \
      .help = "of one rank: cores, or `threads` (give one of them). Where a platform schedules "   \
              "the other kind, a core is `threads_per_core` threads, and threads round up to "     \
              "cores. 0 is allowed beside GPUs" },                                                 \
    { "threads", &schema_integer, SCHEMA_AT(type, m threads), .max = MOST_CORES,                   \
      .help = "of one rank: hardware threads" },                                                   \
    { "gpus", &gpus_or_share, SCHEMA_AT(type, m gpus), .max = NODE_MOST_GPUS,                      \
      .otherwise = "0",                                                                            \
      .help = "of one rank: a whole number, or a share of one GPU, counted in millionths" },       \
    { "memory_mib", &schema_integer, SCHEMA_AT(type, m memory_mib), .unit = QUANTITY_MIB,          \
      .max = MEMORY_MOST_MIB, .help = "of one rank; 0 says nothing about memory" },                \
    { "one_node", &schema_bool, SCHEMA_AT(type, m one_node),                                       \
      .help = "all ranks of a task lie on one node" }

static int check_demand(const struct json *at, void *object, struct error *err)
{
    struct demand *d = object;
    bool has_cores = json_has(at, "cores"), has_threads = json_has(at, "threads");
    if (has_cores && has_threads)
        return json_error(
            at, err,
            "has both cores and threads; `cores` counts cores, `threads` counts hardware threads: "
            "give one");
    if (!has_cores && !has_threads)
        d->cores = 1;
    if (d->cores + d->threads + d->gpus + d->gpu_share == 0)
        return json_error(at, err, "asks for no core, no thread and no GPU; give it at least one");
    return 0;
}

static bool demand_by_threads(const void *object)
{
    return ((const struct demand *)object)->threads > 0;
}

static const struct schema_field demand_fields[] = { DEMAND_ROWS(struct demand, ,
                                                                 demand_by_threads) };
static const struct schema demand_schema = { "demand", SCHEMA_FIELDS(demand_fields), .open = true,
                                             .check = check_demand };

int demand_from_json(const struct json *at, struct demand *d, struct error *err)
{
    return schema_read(&demand_schema, at, d, err);
}

void demand_to_json(const struct demand *d, cJSON *out)
{
    schema_save(&demand_schema, d, out);
}

/* ---- what it comes after: read by workflow_json.c, which knows all sets ---- */

static const struct schema_field after_fields[] = {
    { "set", &schema_ignored, .required = true, .missing = "must name the `set` it comes after",
      .help = "the parent" },
    { "kind", &schema_choice, SCHEMA_AT(struct dependency, kind), .choices = dependency_kind_names,
      .help = "which tasks wait for which, below" },
    { "edges", &schema_ignored,
      .help = "of kind `edges`: `[[task of the parent, task of this set], ...]`, from 0" },
};
const struct schema workflow_after_schema = { "after", SCHEMA_FIELDS(after_fields) };

static cJSON *save_dependency(const struct workflow *w, const struct dependency *d)
{
    const char *parent = w->sets[d->parent].name;
    if (!dependency_is_by_task(d) && !d->own)
        return cJSON_CreateString(parent);
    struct dependency as_written = *d;
    if (d->own)
        as_written.kind = DEPENDENCY_EACH;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "set", parent);
    schema_save(&workflow_after_schema, &as_written, out);
    if (d->kind != DEPENDENCY_EDGES)
        return out;
    cJSON *edges = cJSON_AddArrayToObject(out, "edges");
    for (size_t e = 0; e < d->n_edges; e++) {
        double pair[2] = { d->edges[2 * e], d->edges[2 * e + 1] };
        cJSON_AddItemToArray(edges, cJSON_CreateDoubleArray(pair, 2));
    }
    return out;
}

static cJSON *save_after(const struct schema_field *f, const void *object)
{
    const struct whole_set *saved = object;
    const struct task_set *set = &saved->set;
    (void)f;
    /* all are, or none: reading adds them again */
    if (set->n_dependencies == 0 || set->dependencies[0].implied)
        return NULL;
    cJSON *after = cJSON_CreateArray();
    for (size_t d = 0; d < set->n_dependencies; d++)
        cJSON_AddItemToArray(after, save_dependency(saved->workflow, &set->dependencies[d]));
    return after;
}

#define AFTER_JSON                                                                                 \
    "{\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": "            \
    "\"object\", \"properties\": {\"set\": {\"type\": \"string\"}, \"kind\": {\"enum\": "          \
    "[\"all\", \"each\", \"block\", \"edges\"]}, \"edges\": {\"type\": \"array\"}}, "              \
    "\"required\": [\"set\"]}]}}"

static const struct schema_type after = { .words = "list of names of sets and objects",
                                          .json = AFTER_JSON,
                                          .save = save_after };
static const struct schema_type after_previous = { .words = "list of names of sets and objects",
                                                   .json = AFTER_JSON };

/* ---- the set ---- */

static bool label_is_name(const void *object)
{
    const struct task_set *set = object;
    return str_equal(set->label, set->name);
}

static bool set_by_threads(const void *object)
{
    return demand_by_threads(&((const struct task_set *)object)->traits->demand);
}

static bool omits_duration(const void *object)
{
    const struct task_set *set = object;
    return set->durations || phases_without_duration(set) || set->traits->service.serves;
}

static int check_set(const struct json *at, void *object, struct error *err)
{
    struct whole_set *whole = object;
    const struct task_set *set = &whole->set;
    struct json command = json_member(at, "command");
    bool own = set->duration || set->durations;
    if (own && set->traits->service.serves)
        return json_error(
            at, err,
            "has a duration and is a service, which lasts until no client can come; leave one out");
    if (!own && !set->traits->service.serves && !phases_without_duration(set))
        return json_error(at, err,
                          "needs a duration: a number of seconds, a distribution, or `durations` "
                          "with a value a task");
    if (own && phases_without_duration(set))
        return json_error(at, err,
                          "has a duration, but none of its phases computes it; add {\"compute\": "
                          "\"duration\"} to them");
    if (command.value && set->traits->n_command == 0)
        return json_error(&command, err,
                          "is empty; give the program and its arguments, or leave it out");
    return check_demand(at, &whole->traits.demand, err);
}

#define SET(member) SCHEMA_AT(struct task_set, member)
#define TRAIT(member) SCHEMA_AT(struct whole_set, traits.member)
#define PHASES(member) SCHEMA_AT(struct whole_set, phases.member)

static const struct schema_field set_fields[] = {
    { "name", &schema_text, SET(name), .required = true, .help = "must differ from all others" },
    { "label", &schema_text, SET(label), .omit = label_is_name,
      .help = "written with `iteration` when a workflow with iterations is saved; not together "
              "with `iterations`" },
    { "iteration", &schema_integer, SET(iteration), .min = 1, .max = WORKFLOW_MOST_ITERATIONS,
      .otherwise = "none", .help = "from 1: see `label`" },
    { "tasks", &task_count_field, SET(n_tasks), .min = 1, .max = 1e9, .initial = 1, .always = true,
      .otherwise = "1, or as many as `durations`",
      .help = "number of tasks. Decided at run time: a distribution of it (`{\"distribution\": "
              "\"poisson\", \"mean\": 3}`), one of the number for each task of another set "
              "(`\"per\": \"a\"` beside it), or a share of another set's (`{\"share\": 0.4, "
              "\"of\": \"a\"}`)" },
    DEMAND_ROWS(struct whole_set, traits.demand., set_by_threads),
    { "node", &schema_text, SCHEMA_AT(struct whole_set, traits.demand.node),
      .help = "only on nodes of this kind, by its name in the platform; without it any" },
    { "resources", &schema_list, SCHEMA_AT(struct whole_set, traits.demand.named),
      .count = offsetof(struct whole_set, traits.demand.n_named), .of = &named_amount_schema,
      .help = "of one rank: named resources of the platform, such as licences" },
    { "duration", &dist_field, SET(duration), .otherwise = "required", .omit = omits_duration,
      .help = "one task's execution" },
    { "durations", &workflow_durations_field, .help = "instead of `duration`: one value a task" },
    { "after", &after,
      .help = "what it comes after: a set's name (kind `all`), or "
              "`{\"set\": \"a\", \"kind\": ..., \"edges\": ...}`" },
    { "after_previous", &after_previous,
      .help = "the same, for sets of the previous iteration; nothing in the first one. "
              "Both sets must be repeated" },
    { "release", &workflow_release_field, SET(release),
      .help = "tasks may not be submitted before: a time, a list with a time a task, "
              "or gaps (task i at the sum of i + 1 draws)" },
    { "input", &schema_object, PHASES(input), .of = &transfer_schema,
      .help = "below: what it reads from a flow of the platform before its duration" },
    { "output", &schema_object, PHASES(output), .of = &transfer_schema,
      .help = "below: what it writes after its duration" },
    { "phases", &schema_list, PHASES(list), .count = offsetof(struct whole_set, phases.n),
      .of = &phase_schema,
      .help = "below: instead of `input` and `output`, all that it does, in order" },
    { "service", &schema_object, TRAIT(service), .of = &service_schema,
      .help = "below: it serves other sets, whose phases name this set as their flow, and lasts "
              "until no client can come" },
    { "set_sd", &schema_number, TRAIT(set_sd), .max = 10,
      .help = "relative effect on the set's durations, drawn once a replica" },
    { "failure_probability", &schema_number, TRAIT(failure_probability), .max = 1,
      .help = "of one attempt" },
    { "slowdown", &schema_object, TRAIT(slowdown), .of = &slowdown_schema, .otherwise = "none",
      .help = "below: it computes slower when others use the same flow" },
    { "checkpoint", &schema_object, TRAIT(checkpoint), .of = &checkpoint_schema,
      .otherwise = "none",
      .help =
          "below: what a node's failure leaves of a task, which goes on from its last checkpoint" },
    { "retries", &schema_integer, TRAIT(retries), .max = 250, .help = "attempts after the first" },
    { "on_failure", &schema_choice, TRAIT(on_failure), .choices = on_failure_names, .min = 1,
      .otherwise = "the workflow's",
      .help = "what a task of this set that failed for good means for those that wait for it: "
              "`cancel` (they never run) or `continue` (they run as if it were done). Not said "
              "here nor by the workflow: the middleware's (EnTK: `continue`); else `after` "
              "cancels, and the order of `stages` and `pipelines` in a workflow without `after` "
              "continues" },
    { "priority", &schema_integer, SET(priority), .min = -1e6, .max = 1e6,
      .help = "higher goes first under order `priority`" },
    { "timeout", &schema_number, TRAIT(timeout_s), .unit = QUANTITY_SECONDS, .max = 1e9,
      .help = "after which a real run ends an attempt; 0: never" },
    { "when", &when_field, .otherwise = "1",
      .help = "with which probability the set exists, or each of its tasks" },
    { "else", &else_field, .help = "the set that exists where this one does not" },
    { "cancels", &cancels_field,
      .help = "sets whose tasks are cancelled, waiting or running, when this set is done" },
    { "command", &schema_texts, TRAIT(command),
      .count = offsetof(struct whole_set, traits.n_command), .may_be_empty = true,
      .help = "program and arguments, for real runs" },
};
const struct schema workflow_set_schema = { "task_set", SCHEMA_FIELDS(set_fields),
                                            .size = sizeof(struct whole_set), .title = "A task set",
                                            .check = check_set };
