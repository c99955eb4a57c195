/* The document, its specification, and what has no place in it. */
#include "traces/wfformat_write.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/task_edges.h"
#include "traces/wfformat_write_files.h"
#include "traces/wfformat_write_impl.h"

static const double most_edges = 5e6;

/* "sim.1_ID0000012": letters, digits, '-', '_' and '.' only, as the schema has it; the number makes
 * it unique. */
static void make_ids(struct wfformat_writer *o)
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

static cJSON *ids_of(const struct wfformat_writer *o, const struct task_edges *e, uint32_t task)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t k = e->first[task]; k < e->first[task + 1]; k++)
        cJSON_AddItemToArray(list, cJSON_CreateString(o->ids[e->to[k]]));
    return list;
}

static cJSON *specification(const struct wfformat_writer *o)
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
            wfformat_add_task_files(o->files, &w->sets[k], i, o->ids[i], task);
            cJSON *ours = cJSON_AddObjectToObject(task, "dagcast");
            cJSON_AddStringToObject(ours, "set", w->sets[k].name);
            demand_to_json(&w->sets[k].traits->demand, ours);
            cJSON_AddItemToArray(tasks, task);
        }
    }
    cJSON_AddItemToObject(out, "files", wfformat_files(o->files, w, o->ids));
    task_edges_clear(&raw);
    task_edges_clear(&parents);
    task_edges_clear(&children);
    free(edges);
    return out;
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

static void note_timeline(const struct wfformat_writer *o, struct notes *losses)
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
static void add_runtime_system(const struct wfformat_writer *o, cJSON *out)
{
    const struct session *s = o->session;
    if (!s || s->generation == GENERATION_NONE || !s->version)
        return;
    cJSON *system = cJSON_AddObjectToObject(out, "runtimeSystem");
    cJSON_AddStringToObject(system, "name", "RADICAL-Pilot");
    cJSON_AddStringToObject(system, "version", s->version);
}

static cJSON *document(const struct wfformat_writer *o, struct notes *losses)
{
    cJSON *out = cJSON_CreateObject(), *workflow, *execution;
    cJSON_AddStringToObject(out, "name", o->workflow->name[0] ? o->workflow->name : "workflow");
    cJSON_AddStringToObject(out, "description",
                            wfformat_makespan(o) > 0
                                ? "a run"
                                : "not run: runtimes are those of its description, makespan 0");
    if (wfformat_zero(o) > 0)
        wfformat_add_date("createdAt", wfformat_zero(o), out);
    cJSON_AddStringToObject(out, "schemaVersion", "1.6");
    add_runtime_system(o, out);
    workflow = cJSON_AddObjectToObject(out, "workflow");
    cJSON_AddItemToObject(workflow, "specification", specification(o));
    execution = cJSON_AddObjectToObject(workflow, "execution");
    cJSON_AddNumberToObject(execution, "makespanInSeconds", wfformat_makespan(o));
    wfformat_add_date("executedAt", wfformat_zero(o), execution);
    cJSON_AddItemToObject(execution, "tasks", wfformat_executed_tasks(o, losses));
    if (o->platform)
        cJSON_AddItemToObject(execution, "machines", wfformat_machines(o));
    return out;
}

static void name_nodes(struct wfformat_writer *o)
{
    size_t n = o->platform ? o->platform->n_nodes : 0;
    o->node_names = xcalloc(n + 1, sizeof *o->node_names);
    for (size_t i = 0; i < n; i++)
        o->node_names[i] = platform_node_name(o->platform, i);
}

static void clear(struct wfformat_writer *o)
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
    struct wfformat_writer o = { .workflow = w, .platform = p, .session = s,
                                 .files = s ? s->files : NULL,
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
