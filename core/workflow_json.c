/* A workflow as JSON: docs/formats.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow_impl.h"

static const char *const workflow_fields[] = { "name", "task_sets", "iterations", "stages", "pipelines", "session_sd", "source", NULL };
static const char *const set_fields[] = {
    "name", "tasks", "ranks", "cores", "threads", "gpus", "memory_mib", "one_node", "duration", "durations", "after", "after_previous",
    "set_sd", "failure_probability", "retries", "priority", "timeout", "release", "command", "label", "iteration", NULL };
static const char *const after_fields[] = { "set", "kind", "edges", NULL };
static const char *const pipeline_fields[] = { "name", "stages", "after", NULL };
static const char *const iteration_fields[] = { "count", "sets", NULL };
static const char *const kind_names[] = { "all", "each", "block", "edges", NULL };

enum { MOST_RANKS = 100000000, MOST_SLOTS = 100000, MOST_ITERATIONS = 1000000 };

/* Names as written, to where their sets begin: with iterations set + iteration - 1. */
struct set_name {
    const char *name;
    size_t index;                                /* in the file */
    int first_set, iterations;                   /* 0 iterations: outside the repeated part */
    UT_hash_handle hh;
};
struct reader {
    struct workflow *workflow;
    struct set_name *names, *all;                /* by name; in file order */
    const char **known;                          /* their names, NULL-terminated */
    size_t n_names;
    int iterations;
};

static struct set_name *find_name(const struct reader *r, const char *name)
{
    struct set_name *found;
    HASH_FIND_STR(r->names, name, found);
    return found;
}

static int need_name(const struct reader *r, const struct json *at, struct set_name **out, struct error *err)
{
    const char *name;
    if (json_as_string(at, &name, err) != 0)
        return -1;
    if ((*out = find_name(r, name)))
        return 0;
    const char *near = str_nearest(name, r->known);
    return near ? json_error(at, err, "there is no task set '%s'; did you mean '%s'?", name, near)
                : json_error(at, err, "there is no task set '%s'", name);
}

/* {"count": n, "sets": [...]}, or a number: all sets. */
static int read_iterations(struct reader *r, const struct json *root, struct error *err)
{
    struct json at = json_member(root, "iterations"), sets;
    int64_t count = 1;
    if (!at.value)
        return 0;
    bool whole = cJSON_IsNumber(at.value);
    if (whole && json_as_int(&at, 1, MOST_ITERATIONS, &count, err) != 0)
        return -1;
    if (!whole && (json_expect_object(&at, iteration_fields, err) != 0 || json_need_int(&at, "count", 1, MOST_ITERATIONS, &count, err) != 0))
        return -1;
    r->iterations = (int)count;
    if (whole) {
        for (size_t i = 0; i < r->n_names; i++)
            r->all[i].iterations = (int)count;
        return 0;
    }
    sets = json_member(&at, "sets");
    if (json_expect_array(&sets, err) != 0)
        return -1;
    for (struct json e = json_first(&sets); e.value; e = json_next(&e)) {
        struct set_name *name;
        if (need_name(r, &e, &name, err) != 0)
            return -1;
        name->iterations = (int)count;
    }
    return 0;
}

static int read_names(struct reader *r, const struct json *sets, struct error *err)
{
    if (json_expect_array(sets, err) != 0)
        return -1;
    size_t n = json_count(sets);
    if (n == 0)
        return json_error(sets, err, "must hold at least one task set");
    r->all = xcalloc(n, sizeof *r->all);
    r->known = xcalloc(n + 1, sizeof *r->known);
    for (struct json e = json_first(sets); e.value; e = json_next(&e)) {
        struct set_name *name = &r->all[r->n_names];
        if (json_expect_object(&e, set_fields, err) != 0 || json_need_string(&e, "name", &name->name, err) != 0)
            return -1;
        if (find_name(r, name->name))
            return json_error(&e, err, "another task set is called '%s' too; names must differ", name->name);
        name->index = r->n_names;
        r->known[r->n_names++] = name->name;
        HASH_ADD_KEYPTR(hh, r->names, name->name, strlen(name->name), name);
    }
    return 0;
}

static int read_gpus(const struct json *at, struct demand *d, struct error *err)
{
    double gpus = 0;
    struct json member = json_member(at, "gpus");
    if (json_get_number(at, "gpus", 0, 64, &gpus, err) != 0)
        return -1;
    if (gpus >= 1 && gpus != floor(gpus))
        return json_error(&member, err, "must be a whole number, or a share below 1; is %g", gpus);
    d->gpus = gpus >= 1 ? (int32_t)gpus : 0;
    d->gpu_share = gpus < 1 ? (int32_t)lround(gpus * DEMAND_WHOLE_GPU) : 0;
    if (gpus > 0 && d->gpus == 0 && (d->gpu_share == 0 || d->gpu_share == DEMAND_WHOLE_GPU))
        return json_error(&member, err, "a share of a GPU is counted in millionths; %g is none", gpus);
    return 0;
}

static int read_demand(const struct json *at, struct demand *d, struct error *err)
{
    int64_t ranks = 1, cores = 0, threads = 0, memory = 0;
    if (json_get_int(at, "ranks", 1, MOST_RANKS, &ranks, err) != 0 || json_get_int(at, "cores", 0, MOST_SLOTS, &cores, err) != 0 ||
        json_get_int(at, "threads", 0, MOST_SLOTS, &threads, err) != 0 || read_gpus(at, d, err) != 0 ||
        json_get_int(at, "memory_mib", 0, INT64_C(1) << 40, &memory, err) != 0 || json_get_bool(at, "one_node", &d->one_node, err) != 0)
        return -1;
    if (json_has(at, "cores") && json_has(at, "threads"))
        return json_error(at, err, "has both cores and threads; `cores` counts cores, `threads` counts hardware threads: give one");
    if (!json_has(at, "cores") && !json_has(at, "threads") && d->gpus == 0 && d->gpu_share == 0)
        cores = 1;
    d->ranks = (int)ranks;
    d->cores = (int)cores;
    d->threads = (int)threads;
    d->memory_mib = memory;
    if (cores + threads + d->gpus + d->gpu_share == 0)
        return json_error(at, err, "asks for no core, no thread and no GPU; give it at least one");
    return 0;
}

static int read_numbers(const struct json *at, size_t n, const char *of_what, double **out, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    if (json_count(at) != n)
        return json_error(at, err, "has %zu values; the set has %zu tasks, so it needs as many %s", json_count(at), n, of_what);
    *out = xcalloc(n, sizeof **out);
    size_t i = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (json_as_number(&e, 0, HUGE_VAL, &(*out)[i++], err) != 0)
            return -1;
    return 0;
}

static int read_duration(const struct json *at, struct task_set *set, struct error *err)
{
    struct json one = json_member(at, "duration"), each = json_member(at, "durations");
    if (one.value && each.value)
        return json_error(at, err, "has both duration and durations; give one distribution, or a value a task");
    if (!one.value && !each.value)
        return json_error(at, err, "needs a duration: a number of seconds, a distribution, or `durations` with a value a task");
    if (each.value)
        return read_numbers(&each, set->n_tasks, "durations", &set->durations, err);
    set->duration = dist_from_json(&one, err);
    return set->duration ? 0 : -1;
}

static int read_release(const struct json *at, struct task_set *set, struct error *err)
{
    struct json release = json_member(at, "release"), gaps;
    if (!release.value)
        return 0;
    if (cJSON_IsNumber(release.value)) {
        set->release.kind = RELEASE_TIME;
        return json_as_number(&release, 0, 1e15, &set->release.time_s, err);
    }
    if (cJSON_IsArray(release.value)) {
        set->release.kind = RELEASE_LIST;
        return read_numbers(&release, set->n_tasks, "release times", &set->release.list_s, err);
    }
    static const char *const fields[] = { "gaps", NULL };
    if (json_expect_object(&release, fields, err) != 0)
        return -1;
    gaps = json_member(&release, "gaps");
    if (!gaps.value)
        return json_error(&release, err, "must be a time, a list of times, or {\"gaps\": distribution}");
    set->release.kind = RELEASE_GAPS;
    set->release.gap = dist_from_json(&gaps, err);
    return set->release.gap ? 0 : -1;
}

static int read_command(const struct json *at, struct task_set *set, struct error *err)
{
    struct json command = json_member(at, "command");
    if (!command.value)
        return 0;
    if (json_expect_array(&command, err) != 0)
        return -1;
    if (json_count(&command) == 0)
        return json_error(&command, err, "is empty; give the program and its arguments, or leave it out");
    set->command = xcalloc(json_count(&command) + 1, sizeof *set->command);
    for (struct json e = json_first(&command); e.value; e = json_next(&e)) {
        if (!cJSON_IsString(e.value))
            return json_error(&e, err, "must be a text");
        set->command[set->n_command++] = xstrdup(e.value->valuestring);
    }
    return 0;
}

/* Everything of a set but its name and what it comes after. */
static int read_set(const struct json *at, struct task_set *set, struct error *err)
{
    int64_t tasks = 1, retries = 0, priority = 0;
    if (json_get_int(at, "tasks", 1, 1000000000, &tasks, err) != 0 || read_demand(at, &set->demand, err) != 0)
        return -1;
    set->n_tasks = (uint32_t)tasks;
    if (read_duration(at, set, err) != 0 || read_release(at, set, err) != 0 || read_command(at, set, err) != 0 ||
        json_get_number(at, "set_sd", 0, 10, &set->set_sd, err) != 0 ||
        json_get_number(at, "failure_probability", 0, 1, &set->failure_probability, err) != 0 ||
        json_get_int(at, "retries", 0, 250, &retries, err) != 0 ||
        json_get_int(at, "priority", -1000000, 1000000, &priority, err) != 0 ||
        json_get_number(at, "timeout", 0, 1e9, &set->timeout_s, err) != 0)
        return -1;
    set->retries = (int)retries;
    set->priority = (int)priority;
    return 0;
}

static double *copy_numbers(const double *x, size_t n)
{
    return x ? xmemdup(x, n * sizeof *x) : NULL;
}

/* The same set in a later iteration. */
static void repeat_set(const struct task_set *from, struct task_set *to)
{
    *to = *from;
    to->name = NULL;
    to->label = NULL;
    to->duration = from->duration ? dist_copy(from->duration) : NULL;
    to->durations = copy_numbers(from->durations, from->n_tasks);
    to->release.gap = from->release.gap ? dist_copy(from->release.gap) : NULL;
    to->release.list_s = copy_numbers(from->release.list_s, from->n_tasks);
    to->command = from->n_command ? xcalloc(from->n_command + 1, sizeof *to->command) : NULL;
    for (size_t c = 0; c < from->n_command; c++)
        to->command[c] = xstrdup(from->command[c]);
}

/* A saved workflow keeps each unrolled set's label and iteration, so that a second loading gives the same. */
static int read_origin(const struct json *at, struct task_set *set, struct error *err)
{
    const char *label = NULL;
    int64_t iteration = set->iteration;
    if (json_get_string(at, "label", &label, err) != 0 || json_get_int(at, "iteration", 1, MOST_ITERATIONS, &iteration, err) != 0)
        return -1;
    if (label) {
        free(set->label);
        set->label = xstrdup(label);
    }
    set->iteration = (int)iteration;
    return 0;
}

static int read_sets(struct reader *r, const struct json *sets, struct error *err)
{
    struct workflow *w = r->workflow;
    size_t next = 0;
    for (struct json e = json_first(sets); e.value; e = json_next(&e)) {
        struct set_name *name = &r->all[e.index];
        struct task_set *first = &w->sets[next];
        name->first_set = (int)next;
        if (read_set(&e, first, err) != 0)
            return -1;
        for (int k = 1; k < name->iterations; k++)
            repeat_set(first, &w->sets[next + (size_t)k]);
        for (int k = 0; k < (name->iterations ? name->iterations : 1); k++, next++) {
            struct task_set *set = &w->sets[next];
            set->iteration = name->iterations ? k + 1 : 0;
            set->label = xstrdup(name->name);
            set->name = name->iterations > 1 ? str_format("%s.%d", name->name, k + 1) : xstrdup(name->name);
            if (read_origin(&e, set, err) != 0)
                return -1;
        }
    }
    return 0;
}

static int read_edges(const struct json *at, struct dependency *d, struct error *err)
{
    struct json edges = json_member(at, "edges");
    if (!edges.value)
        return json_error(at, err, "kind edges needs `edges`: [[task of the parent, task of this set], ...], counted from 0");
    if (json_expect_array(&edges, err) != 0)
        return -1;
    d->edges = xcalloc(2 * json_count(&edges) + 1, sizeof *d->edges);
    for (struct json e = json_first(&edges); e.value; e = json_next(&e)) {
        int64_t pair[2] = { 0 };
        size_t i = 0;
        if (json_expect_array(&e, err) != 0)
            return -1;
        if (json_count(&e) != 2)
            return json_error(&e, err, "must be a pair [task of the parent, task of this set]");
        for (struct json x = json_first(&e); x.value; x = json_next(&x))
            if (json_as_int(&x, 0, UINT32_MAX, &pair[i++], err) != 0)
                return -1;
        d->edges[2 * d->n_edges] = (uint32_t)pair[0];
        d->edges[2 * d->n_edges++ + 1] = (uint32_t)pair[1];
    }
    return 0;
}

/* "name", or {"set": "name", "kind": "each"}. */
static int read_after_one(const struct reader *r, const struct json *at, struct set_name **parent, struct dependency *d, struct error *err)
{
    *d = (struct dependency){ .kind = DEPENDENCY_ALL };
    if (cJSON_IsString(at->value))
        return need_name(r, at, parent, err);
    int kind = DEPENDENCY_ALL;
    struct json set;
    if (json_expect_object(at, after_fields, err) != 0 || json_get_choice(at, "kind", kind_names, &kind, err) != 0)
        return -1;
    set = json_member(at, "set");
    if (!set.value)
        return json_error(at, err, "must name the `set` it comes after");
    d->kind = (enum dependency_kind)kind;
    if (need_name(r, &set, parent, err) != 0)
        return -1;
    if (d->kind != DEPENDENCY_EDGES && json_has(at, "edges"))
        return json_error(at, err, "`edges` belong to kind edges, the kind is %s", kind_names[kind]);
    return d->kind == DEPENDENCY_EDGES ? read_edges(at, d, err) : 0;
}

static struct dependency copy_dependency(const struct dependency *d, int parent)
{
    struct dependency copy = *d;
    copy.parent = parent;
    copy.edges = d->edges ? xmemdup(d->edges, 2 * d->n_edges * sizeof *d->edges) : NULL;
    return copy;
}

/* Within an iteration `after` means the same iteration's parent; from outside, the last iteration's. */
static void add_after(struct reader *r, const struct set_name *child, const struct set_name *parent, const struct dependency *d, bool previous)
{
    int instances = child->iterations ? child->iterations : 1;
    for (int k = 0; k < instances; k++) {
        int from = !parent->iterations ? 0 : !child->iterations ? parent->iterations - 1 : previous ? k - 1 : k;
        if (from >= 0)
            workflow_add_dependency(&r->workflow->sets[child->first_set + k], copy_dependency(d, parent->first_set + from));
    }
}

static int read_after(struct reader *r, const struct json *at, const char *key, bool previous, struct error *err)
{
    struct json list = json_member(at, key);
    const struct set_name *child = &r->all[at->index];
    if (!list.value)
        return 0;
    if (json_expect_array(&list, err) != 0)
        return -1;
    for (struct json e = json_first(&list); e.value; e = json_next(&e)) {
        struct set_name *parent;
        struct dependency d;
        int status = read_after_one(r, &e, &parent, &d, err);
        if (status == 0 && previous && (!child->iterations || !parent->iterations))
            status = json_error(&e, err, "after_previous means the iteration before: both '%s' and '%s' must be in the repeated part",
                                child->name, parent->name);
        if (status == 0)
            add_after(r, child, parent, &d, previous);
        free(d.edges);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* In a stage a name stands for all its iterations, "name.2" for one. */
static int read_stage(const struct reader *r, const struct json *at, struct stage *stage, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    size_t room = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        const char *text;
        if (json_as_string(&e, &text, err) != 0)
            return -1;
        const char *dot = strrchr(text, '.');
        struct set_name *name = find_name(r, text);
        int first = 0, n = name && name->iterations > 1 ? name->iterations : 1;
        if (!name && dot) {
            char *stem = xstrndup(text, (size_t)(dot - text));
            int64_t number = 0;
            name = find_name(r, stem);
            free(stem);
            if (name && !(str_to_int64(dot + 1, &number) && number >= 1 && number <= name->iterations))
                name = NULL;
            first = (int)number - 1;
        }
        if (!name)
            return need_name(r, &e, &name, err);
        xgrow(&stage->sets, &room, stage->n_sets + (size_t)n, sizeof *stage->sets);
        for (int k = 0; k < n; k++)
            stage->sets[stage->n_sets++] = name->first_set + first + k;
    }
    return 0;
}

static int read_stages(const struct reader *r, const struct json *at, struct stage **stages, size_t *n, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    *stages = xcalloc(json_count(at) + 1, sizeof **stages);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        ++*n;
        if (read_stage(r, &e, &(*stages)[*n - 1], err) != 0)
            return -1;
    }
    return 0;
}

static int find_pipeline(const struct workflow *w, const char *name)
{
    for (size_t p = 0; p < w->n_pipelines; p++)
        if (str_equal(w->pipelines[p].name, name))
            return (int)p;
    return -1;
}

static int read_pipeline_after(struct workflow *w, const struct json *at, struct pipeline *p, struct error *err)
{
    struct json after = json_member(at, "after");
    if (!after.value)
        return 0;
    if (json_expect_array(&after, err) != 0)
        return -1;
    p->after = xcalloc(json_count(&after) + 1, sizeof *p->after);
    for (struct json e = json_first(&after); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        int found = find_pipeline(w, name);
        if (found < 0)
            return json_error(&e, err, "there is no pipeline '%s'", name);
        p->after[p->n_after++] = found;
    }
    return 0;
}

static int read_pipelines(struct reader *r, const struct json *at, struct error *err)
{
    struct workflow *w = r->workflow;
    if (json_expect_array(at, err) != 0)
        return -1;
    w->pipelines = xcalloc(json_count(at) + 1, sizeof *w->pipelines);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        const char *name = NULL;
        struct json stages;
        if (json_expect_object(&e, pipeline_fields, err) != 0 || json_get_string(&e, "name", &name, err) != 0)
            return -1;
        char *own = name ? xstrdup(name) : str_format("pipeline %zu", e.index + 1);
        bool twice = find_pipeline(w, own) >= 0;
        struct pipeline *p = &w->pipelines[w->n_pipelines++];
        p->name = own;
        if (twice)
            return json_error(&e, err, "another pipeline is called '%s' too; names must differ", own);
        stages = json_member(&e, "stages");
        if (!stages.value)
            return json_error(&e, err, "needs `stages`: [[set, ...], ...]");
        if (read_stages(r, &stages, &p->stages, &p->n_stages, err) != 0)
            return -1;
    }
    size_t i = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (read_pipeline_after(w, &e, &w->pipelines[i++], err) != 0)
            return -1;
    return 0;
}

static int read_structure(struct reader *r, const struct json *root, const struct json *sets, struct error *err)
{
    for (struct json e = json_first(sets); e.value; e = json_next(&e))
        if (read_after(r, &e, "after", false, err) != 0 || read_after(r, &e, "after_previous", true, err) != 0)
            return -1;
    struct json stages = json_member(root, "stages"), pipelines = json_member(root, "pipelines");
    if (stages.value && read_stages(r, &stages, &r->workflow->stages, &r->workflow->n_stages, err) != 0)
        return -1;
    return pipelines.value ? read_pipelines(r, &pipelines, err) : 0;
}

static size_t count_sets(const struct reader *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_names; i++)
        n += r->all[i].iterations ? (size_t)r->all[i].iterations : 1;
    return n;
}

static int read_workflow(struct reader *r, const struct json *root, struct error *err)
{
    const char *name = "workflow", *source = NULL;
    struct json sets;
    if (json_expect_object(root, workflow_fields, err) != 0 || json_get_string(root, "name", &name, err) != 0 ||
        json_get_string(root, "source", &source, err) != 0)
        return -1;
    sets = json_member(root, "task_sets");
    if (!sets.value)
        return json_error(root, err, "needs `task_sets`: a list of {name, tasks, cores, duration, after}");
    if (read_names(r, &sets, err) != 0 || read_iterations(r, root, err) != 0)
        return -1;
    if (count_sets(r) > 50000000)
        return json_error(&sets, err, "with its iterations the workflow has %zu task sets; at most 50000000 are held", count_sets(r));
    r->workflow = workflow_new(name, count_sets(r));
    r->workflow->source = source ? xstrdup(source) : NULL;
    r->workflow->iterations = r->iterations;
    if (json_get_number(root, "session_sd", 0, 10, &r->workflow->session_sd, err) != 0 || read_sets(r, &sets, err) != 0 ||
        read_structure(r, root, &sets, err) != 0)
        return -1;
    return workflow_finish(r->workflow, err) == 0 ? 0 : error_prefix(err, "%s: ", json_name(root->document));
}

struct workflow *workflow_from_json(const struct json *at, struct error *err)
{
    struct reader r = { .iterations = 1 };
    int status = read_workflow(&r, at, err);
    struct set_name *name, *next;
    HASH_ITER(hh, r.names, name, next)
        HASH_DEL(r.names, name);
    free(r.all);
    free(r.known);
    if (status == 0)
        return r.workflow;
    workflow_free(r.workflow);
    return NULL;
}

struct workflow *workflow_parse(const char *text, size_t size, const char *name, struct error *err)
{
    struct json_document *doc = json_parse(text, size, name, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct workflow *w = workflow_from_json(&root, err);
    json_free(doc);
    return w;
}

struct workflow *workflow_load(const char *path, struct error *err)
{
    struct json_document *doc = json_load(path, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct workflow *w = workflow_from_json(&root, err);
    json_free(doc);
    return w;
}
