#include "traces/wfformat_write.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/session_files.h"
#include "traces/task_edges.h"
#include "traces/wfformat_write_files.h"

static const double most_edges = 5e6;

struct writer {
    const struct workflow *workflow;
    const struct platform *platform;     /* or NULL */
    const struct session *session;       /* or NULL */
    const struct timeline *timeline;     /* NULL: no records */
    size_t *record;                      /* of each task; with a timeline */
    char **node_names;
    char **ids;                          /* of each task */
};

/* "sim.1_ID0000012": letters, digits, '-', '_' and '.' only, as the schema has it; the number makes
 * it unique. */
static void make_ids(struct writer *o)
{
    const struct workflow *w = o->workflow;
    o->ids = xcalloc((size_t)w->n_tasks + 1, sizeof *o->ids);
    for (size_t k = 0; k < w->n_sets; k++) {
        char *name = xstrdup(w->sets[k].name);
        for (char *c = name; *c; c++)
            *c = isalnum((unsigned char)*c) || strchr("-_.", *c) ? *c : '_';
        for (uint32_t i = 0; i < w->sets[k].n_tasks; i++)
            o->ids[w->sets[k].first_task + i] =
                str_format("%s_ID%07u", name, w->sets[k].first_task + i + 1);
        free(name);
    }
}

/* --- specification ---------------------------------------------------------------------------- */

static cJSON *ids_of(const struct writer *o, const struct task_edges *e, uint32_t task)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t k = e->first[task]; k < e->first[task + 1]; k++)
        cJSON_AddItemToArray(list, cJSON_CreateString(o->ids[e->to[k]]));
    return list;
}

static const struct session_files *files_of(const struct writer *o)
{
    return o->session ? o->session->files : NULL;
}

static cJSON *specification(const struct writer *o)
{
    const struct workflow *w = o->workflow;
    size_t n_edges;
    struct task_edge *edges = task_edges_expand(w, &n_edges);
    struct task_edges raw = task_edges_of(edges, n_edges, w->n_tasks),
                      parents = task_edges_turned(&raw, w->n_tasks);
    struct task_edges children = task_edges_turned(&parents, w->n_tasks);
    cJSON *out = cJSON_CreateObject(), *tasks = cJSON_AddArrayToObject(out, "tasks");
    for (size_t k = 0; k < w->n_sets; k++) {
        for (uint32_t i = w->sets[k].first_task; i < w->sets[k].first_task + w->sets[k].n_tasks;
             i++) {
            cJSON *task = cJSON_CreateObject();
            cJSON_AddStringToObject(task, "name", w->sets[k].name);
            cJSON_AddStringToObject(task, "id", o->ids[i]);
            cJSON_AddItemToObject(task, "parents", ids_of(o, &parents, i));
            cJSON_AddItemToObject(task, "children", ids_of(o, &children, i));
            wfformat_add_task_files(files_of(o), &w->sets[k], i, o->ids[i], task);
            cJSON *ours = cJSON_AddObjectToObject(task, "dagcast");
            cJSON_AddStringToObject(ours, "set", w->sets[k].name);
            demand_to_json(&w->sets[k].traits->demand, ours);
            cJSON_AddItemToArray(tasks, task);
        }
    }
    cJSON_AddItemToObject(out, "files", wfformat_files(files_of(o), w, o->ids));
    task_edges_clear(&raw);
    task_edges_clear(&parents);
    task_edges_clear(&children);
    free(edges);
    return out;
}

/* --- execution -------------------------------------------------------------------------------- */

/* Seconds that the task ran, or would by its description; NAN: it did not end. */
static double runtime_of(const struct writer *o, const struct task_set *set, uint32_t task)
{
    if (!o->timeline)
        return set->durations ? set->durations[task - set->first_task] : dist_mean(set->duration);
    return o->record[task] == SIZE_MAX ? (double)NAN
                                       : session_measured_s(o->session, o->record[task]);
}

/* "2024-05-01T00:01:40.500000Z"; without a fraction where it is none. */
static void add_date(const char *key, double epoch_s, cJSON *out)
{
    struct tm utc;
    char text[64], all[80];
    double us = rint(epoch_s * 1e6), whole = floor(us / 1e6), fraction = us - whole * 1e6;
    time_t seconds = (time_t)whole;
    if (!(epoch_s >= 0 && epoch_s < 1e11) || !gmtime_r(&seconds, &utc))
        return;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    if (fraction > 0)
        snprintf(all, sizeof all, "%s.%06.0fZ", text, fraction);
    else
        snprintf(all, sizeof all, "%sZ", text);
    cJSON_AddStringToObject(out, key, all);
}

/* Second 0 of the run; 1970 stands for runs that have no date (simulations). */
static double zero_of(const struct writer *o)
{
    double epoch = o->session ? o->session->zero_epoch_s : (double)NAN;
    return epoch > 0 && epoch < 1e11 ? epoch : 0;
}

static void add_start(const struct writer *o, uint32_t task, cJSON *out)
{
    if (o->timeline && o->record[task] != SIZE_MAX)
        add_date("executedAt", zero_of(o) + o->timeline->records[o->record[task]].started_s, out);
}

static void add_machines(const struct writer *o, uint32_t task, cJSON *out)
{
    struct timeline_slots s;
    bool more = o->timeline && timeline_slots_first(o->timeline, o->record[task], &s);
    int64_t last = -1;
    cJSON *list = more ? cJSON_AddArrayToObject(out, "machines") : NULL;
    for (; more; more = timeline_slots_next(&s)) {
        if (s.node != last)
            cJSON_AddItemToArray(list, cJSON_CreateString(o->node_names[s.node]));
        last = s.node;
    }
}

static void add_command(const struct task_set *set, cJSON *out)
{
    if (!set->traits->n_command)
        return;
    cJSON *command = cJSON_AddObjectToObject(out, "command"), *arguments;
    cJSON_AddStringToObject(command, "program", set->traits->command[0]);
    arguments = cJSON_AddArrayToObject(command, "arguments");
    for (size_t i = 1; i < set->traits->n_command; i++)
        cJSON_AddItemToArray(arguments, cJSON_CreateString(set->traits->command[i]));
}

/* Cores of all ranks: threads count as so many cores as they fill. */
static double core_count(const struct writer *o, const struct demand *d)
{
    int per_core =
        o->platform && o->platform->n_nodes ? platform_node(o->platform, 0)->threads_per_core : 1;
    return (double)d->ranks * (d->cores ? d->cores : (d->threads + per_core - 1) / per_core);
}

static cJSON *executed_task(const struct writer *o, const struct task_set *set, uint32_t task,
                            double runtime_s)
{
    const struct demand *d = &set->traits->demand;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", o->ids[task]);
    cJSON_AddNumberToObject(out, "runtimeInSeconds", runtime_s);
    add_start(o, task, out);
    if (core_count(o, d) >= 1)
        cJSON_AddNumberToObject(out, "coreCount", core_count(o, d));
    if (d->memory_mib)
        cJSON_AddNumberToObject(out, "memoryInBytes",
                                (double)d->ranks * (double)d->memory_mib * 1048576);
    wfformat_add_bytes(files_of(o), set, task, out);
    if (set->priority)
        cJSON_AddNumberToObject(out, "priority", set->priority);
    add_command(set, out);
    add_machines(o, task, out);
    return out;
}

static cJSON *executed_tasks(const struct writer *o, struct notes *losses)
{
    cJSON *out = cJSON_CreateArray();
    size_t unended = 0;
    for (size_t k = 0; k < o->workflow->n_sets; k++) {
        const struct task_set *set = &o->workflow->sets[k];
        for (uint32_t i = set->first_task; i < set->first_task + set->n_tasks; i++) {
            double runtime_s = runtime_of(o, set, i);
            if (runtime_s >= 0 && isfinite(runtime_s))
                cJSON_AddItemToArray(out, executed_task(o, set, i, runtime_s));
            else
                unended++;
        }
    }
    notes_add(losses, unended, "tasks",
              "did not end, so they have no runtime: specified, not executed");
    return out;
}

static cJSON *machines(const struct writer *o)
{
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < o->platform->n_nodes; i++) {
        const struct node_shape *s = platform_node(o->platform, i);
        cJSON *machine = cJSON_CreateObject();
        cJSON_AddStringToObject(machine, "nodeName", o->node_names[i]);
        if (s->memory_mib)
            cJSON_AddNumberToObject(machine, "memoryInBytes", (double)s->memory_mib * 1048576);
        cJSON_AddNumberToObject(cJSON_AddObjectToObject(machine, "cpu"), "coreCount", s->cores);
        if (s->n_gpus || o->platform->slot_kind == SLOT_THREAD) {
            cJSON *ours = cJSON_AddObjectToObject(machine, "dagcast");
            cJSON_AddNumberToObject(ours, "gpus", s->n_gpus);
            if (o->platform->slot_kind == SLOT_THREAD)
                cJSON_AddNumberToObject(ours, "threads_per_core", s->threads_per_core);
        }
        cJSON_AddItemToArray(out, machine);
    }
    return out;
}

/* The makespan measured or recorded; 0: never run. */
static double makespan_of(const struct writer *o)
{
    double makespan = o->timeline  ? timeline_makespan(o->timeline)
                      : o->session ? o->session->recorded_makespan_s
                                   : (double)NAN;
    return isnan(makespan) ? 0 : makespan;
}

static void note_workflow(const struct workflow *w, bool measured, struct notes *losses)
{
    size_t drawn = 0, effects = w->session_sd != 0, releases = 0, failures = 0, retries = 0,
           timeouts = 0, repeated = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[k];
        drawn += !measured && !set->durations && !dist_is_constant(set->duration);
        effects += set->traits->set_sd != 0;
        releases += set->release.kind != RELEASE_NONE;
        failures += set->traits->failure_probability != 0;
        retries += set->traits->retries != 0;
        timeouts += set->traits->timeout_s != 0;
        repeated += set->iteration != 0;
    }
    notes_add(losses, drawn, "sets", "durations vary: each task's runtime is the mean");
    notes_add(losses, effects, "shared effects", "set_sd and session_sd have no place");
    notes_add(losses, releases, "sets", "releases have no place");
    notes_add(losses, failures, "sets", "probabilities of failure have no place");
    notes_add(losses, retries, "sets", "retries have no place");
    notes_add(losses, timeouts, "sets", "timeouts have no place");
    notes_add(losses, repeated, "sets", "that they are iterations of one set has no place");
    notes_add(losses, w->n_stages, "stages", "only the dependencies between tasks have a place");
    notes_add(losses, w->n_pipelines, "pipelines",
              "only the dependencies between tasks have a place");
}

static void note_platform(const struct platform *p, struct notes *losses)
{
    size_t blocked = 0;
    for (size_t k = 0; p && k < p->n_shapes; k++)
        blocked += p->shapes[k].n_blocked;
    notes_add(losses, blocked, "blocked slots", "have no place");
    notes_add(losses, p ? p->n_queues : 0, "queues", "have no place");
    notes_add(losses, !p, "platform", "none given: no machines are written");
}

static void note_timeline(const struct writer *o, struct notes *losses)
{
    if (!o->timeline)
        return;
    notes_add(losses, o->timeline->n, "records",
              "times of stations, core and GPU ids have no place");
    if (o->timeline->n > o->workflow->n_tasks)
        notes_add(losses, o->timeline->n - o->workflow->n_tasks, "attempts",
                  "only a task's last has a place");
}

/* What ran it, if its release is known too: WfFormat asks for both. */
static void add_runtime_system(const struct writer *o, cJSON *out)
{
    const struct session *s = o->session;
    if (!s || s->generation == GENERATION_NONE || !s->version)
        return;
    cJSON *system = cJSON_AddObjectToObject(out, "runtimeSystem");
    cJSON_AddStringToObject(system, "name", "RADICAL-Pilot");
    cJSON_AddStringToObject(system, "version", s->version);
}

static cJSON *document(const struct writer *o, struct notes *losses)
{
    cJSON *out = cJSON_CreateObject(), *workflow, *execution;
    cJSON_AddStringToObject(out, "name", o->workflow->name[0] ? o->workflow->name : "workflow");
    cJSON_AddStringToObject(out, "description",
                            makespan_of(o) > 0
                                ? "a run"
                                : "not run: runtimes are those of its description, makespan 0");
    if (zero_of(o) > 0)
        add_date("createdAt", zero_of(o), out);
    cJSON_AddStringToObject(out, "schemaVersion", "1.6");
    add_runtime_system(o, out);
    workflow = cJSON_AddObjectToObject(out, "workflow");
    cJSON_AddItemToObject(workflow, "specification", specification(o));
    execution = cJSON_AddObjectToObject(workflow, "execution");
    cJSON_AddNumberToObject(execution, "makespanInSeconds", makespan_of(o));
    add_date("executedAt", zero_of(o), execution);
    cJSON_AddItemToObject(execution, "tasks", executed_tasks(o, losses));
    if (o->platform)
        cJSON_AddItemToObject(execution, "machines", machines(o));
    return out;
}

static void name_nodes(struct writer *o)
{
    size_t n = o->platform ? o->platform->n_nodes : 0;
    o->node_names = xcalloc(n + 1, sizeof *o->node_names);
    for (size_t i = 0; i < n; i++)
        o->node_names[i] = platform_node_name(o->platform, i);
}

static void clear(struct writer *o)
{
    for (uint32_t i = 0; i < o->workflow->n_tasks; i++)
        free(o->ids[i]);
    for (size_t i = 0; o->platform && i < o->platform->n_nodes; i++)
        free(o->node_names[i]);
    xfree(o->node_names, o->ids, o->record);
}

cJSON *wfformat_write(const struct workflow *w, const struct platform *p, const struct session *s,
                      struct notes *losses, struct error *err)
{
    struct writer o = { .workflow = w, .platform = p, .session = s,
                        .timeline = s && s->timeline->n ? s->timeline : NULL };
    double edges = task_edges_count(w);
    if (edges > most_edges) {
        error_set(err,
                  "workflow %s: its dependencies are %.0f edges between tasks; WfFormat lists "
                  "each, and at most %.0f are written",
                  workflow_title(w), edges, most_edges);
        return NULL;
    }
    if (o.timeline && isnan(timeline_makespan(o.timeline))) {
        error_set(err, "%s: no task has both a start and a stop, so there are no runtimes",
                  s->path);
        return NULL;
    }
    o.record = o.timeline ? timeline_last_attempts(s->timeline) : NULL;
    make_ids(&o);
    name_nodes(&o);
    cJSON *out = document(&o, losses);
    note_workflow(w, o.timeline != NULL, losses);
    note_platform(p, losses);
    note_timeline(&o, losses);
    clear(&o);
    return out;
}
