/* A workflow back to JSON, iterations unrolled: what workflow_from_json() reads to an equal one. */
#include "base/str.h"
#include "core/task_deps.h"
#include "core/workflow_impl.h"

static cJSON *numbers(const double *x, size_t n)
{
    return cJSON_CreateDoubleArray(x, (int)n);
}

void demand_to_json(const struct demand *d, cJSON *out)
{
    if (d->ranks != 1)
        cJSON_AddNumberToObject(out, "ranks", d->ranks);
    if (d->threads > 0)
        cJSON_AddNumberToObject(out, "threads", d->threads);
    else
        cJSON_AddNumberToObject(out, "cores", d->cores);
    if (d->gpus > 0 || d->gpu_share > 0)
        cJSON_AddNumberToObject(out, "gpus", d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
    if (d->memory_mib > 0)
        cJSON_AddNumberToObject(out, "memory_mib", (double)d->memory_mib);
    if (d->one_node)
        cJSON_AddBoolToObject(out, "one_node", true);
}

static cJSON *save_dependency(const struct workflow *w, const struct dependency *d)
{
    const char *parent = w->sets[d->parent].name;
    if (!dependency_is_by_task(d))
        return cJSON_CreateString(parent);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "set", parent);
    cJSON_AddStringToObject(out, "kind", dependency_kind_names[d->kind]);
    if (d->kind != DEPENDENCY_EDGES)
        return out;
    cJSON *edges = cJSON_AddArrayToObject(out, "edges");
    for (size_t e = 0; e < d->n_edges; e++) {
        double pair[2] = { d->edges[2 * e], d->edges[2 * e + 1] };
        cJSON_AddItemToArray(edges, numbers(pair, 2));
    }
    return out;
}

static void save_release(cJSON *out, const struct task_set *set)
{
    switch (set->release.kind) {
    case RELEASE_NONE: break;
    case RELEASE_TIME: cJSON_AddNumberToObject(out, "release", set->release.time_s); break;
    case RELEASE_LIST: cJSON_AddItemToObject(out, "release", numbers(set->release.list_s, set->n_tasks)); break;
    case RELEASE_GAPS:
        cJSON_AddItemToObject(cJSON_AddObjectToObject(out, "release"), "gaps", dist_to_json(set->release.gap));
        break;
    }
}

static void save_number(cJSON *out, const char *key, double value)
{
    if (value != 0)
        cJSON_AddNumberToObject(out, key, value);
}

static void save_on_failure(cJSON *out, enum on_failure on_failure)
{
    if (on_failure != ON_FAILURE_UNSAID)
        cJSON_AddStringToObject(out, "on_failure", on_failure_names[on_failure - 1]);
}

static cJSON *save_set(const struct workflow *w, const struct task_set *set)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", set->name);
    if (!str_equal(set->label, set->name))
        cJSON_AddStringToObject(out, "label", set->label);
    save_number(out, "iteration", set->iteration);
    cJSON_AddNumberToObject(out, "tasks", set->n_tasks);
    demand_to_json(&set->demand, out);
    if (set->durations)
        cJSON_AddItemToObject(out, "durations", numbers(set->durations, set->n_tasks));
    else
        cJSON_AddItemToObject(out, "duration", dist_to_json(set->duration));
    if (set->n_dependencies > 0 && !set->dependencies[0].implied) {      /* all are, or none: reading adds them again */
        cJSON *after = cJSON_AddArrayToObject(out, "after");
        for (size_t d = 0; d < set->n_dependencies; d++)
            cJSON_AddItemToArray(after, save_dependency(w, &set->dependencies[d]));
    }
    save_release(out, set);
    save_number(out, "set_sd", set->set_sd);
    save_number(out, "failure_probability", set->failure_probability);
    save_number(out, "retries", set->retries);
    save_on_failure(out, set->on_failure);
    save_number(out, "priority", set->priority);
    save_number(out, "timeout", set->timeout_s);
    if (set->n_command > 0)
        cJSON_AddItemToObject(out, "command", cJSON_CreateStringArray((const char *const *)set->command, (int)set->n_command));
    return out;
}

static cJSON *save_stages(const struct workflow *w, const struct stage *stages, size_t n)
{
    cJSON *out = cJSON_CreateArray();
    for (size_t k = 0; k < n; k++) {
        cJSON *stage = cJSON_CreateArray();
        for (size_t i = 0; i < stages[k].n_sets; i++)
            cJSON_AddItemToArray(stage, cJSON_CreateString(w->sets[stages[k].sets[i]].name));
        cJSON_AddItemToArray(out, stage);
    }
    return out;
}

static cJSON *save_pipelines(const struct workflow *w)
{
    cJSON *out = cJSON_CreateArray();
    for (size_t p = 0; p < w->n_pipelines; p++) {
        const struct pipeline *pipeline = &w->pipelines[p];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "name", pipeline->name);
        cJSON_AddItemToObject(one, "stages", save_stages(w, pipeline->stages, pipeline->n_stages));
        if (pipeline->n_after > 0) {
            cJSON *after = cJSON_AddArrayToObject(one, "after");
            for (size_t a = 0; a < pipeline->n_after; a++)
                cJSON_AddItemToArray(after, cJSON_CreateString(w->pipelines[pipeline->after[a]].name));
        }
        cJSON_AddItemToArray(out, one);
    }
    return out;
}

cJSON *workflow_to_json(const struct workflow *w)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", w->name);
    if (w->source)
        cJSON_AddStringToObject(out, "source", w->source);
    save_number(out, "session_sd", w->session_sd);
    save_on_failure(out, w->on_failure);
    cJSON *sets = cJSON_AddArrayToObject(out, "task_sets");
    for (size_t s = 0; s < w->n_sets; s++)
        cJSON_AddItemToArray(sets, save_set(w, &w->sets[s]));
    if (w->n_stages > 0)
        cJSON_AddItemToObject(out, "stages", save_stages(w, w->stages, w->n_stages));
    if (w->n_pipelines > 0)
        cJSON_AddItemToObject(out, "pipelines", save_pipelines(w));
    return out;
}
