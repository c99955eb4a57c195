#include "study/variation.h"

#include <math.h>
#include <stdlib.h>

static bool changes(const struct grid *g, size_t point)
{
    for (size_t i = 0; i < g->n_axes; i++)
        if (axis_kind_at(g->axes[i].id)->of_set && axis_value_said(grid_at(g, point, i)))
            return true;
    return false;
}

static bool said(const struct grid *g, size_t point, enum axis_id id, const struct task_set *set, double *out)
{
    struct axis_value v = grid_find(g, point, id, set->label);
    if (axis_value_said(&v))
        *out = v.number;
    return axis_value_said(&v);
}

static int change_tasks(const struct grid *g, size_t point, struct task_set *set, struct error *err)
{
    double n = set->n_tasks, scale = 1;
    said(g, point, AXIS_TASKS, set, &n);
    if (said(g, point, AXIS_TASK_SCALE, set, &scale))
        n = fmax(1, round(n * scale));
    if (n > 1e9)
        return error_set(err, "task set '%s': would have %.0f tasks; at most 1000000000 are held", set->name, n);
    if (n != set->n_tasks && (set->durations || set->release.kind == RELEASE_LIST))
        return error_set(err, "task set '%s': has its %s one by one, so the number of its tasks cannot change", set->name,
                         set->durations ? "durations" : "release times");
    set->n_tasks = (uint32_t)n;
    return 0;
}

static void replace_duration(struct task_set *set, struct dist *made)
{
    dist_free(set->duration);
    set->duration = made;
}

static int change_durations(const struct grid *g, size_t point, struct task_set *set, struct error *err)
{
    double scale = 1, cv = 0, mean = dist_mean(set->duration);
    if (said(g, point, AXIS_DURATION_CV, set, &cv) && mean > 0) {
        if (set->durations)
            return error_set(err, "task set '%s': has its durations one by one, so they have no spread to change", set->name);
        replace_duration(set, cv > 0 ? dist_lognormal(mean, cv * mean) : dist_constant(mean));
    }
    if (!said(g, point, AXIS_DURATION_SCALE, set, &scale))
        return 0;
    replace_duration(set, dist_scaled(set->duration, scale, 0));
    for (uint32_t t = 0; set->durations && t < set->n_tasks; t++)
        set->durations[t] *= scale;
    return 0;
}

static void change_demand(const struct grid *g, size_t point, struct task_set *set)
{
    struct demand *d = &set->demand;
    double x = 0;
    if (said(g, point, AXIS_RANKS, set, &x))
        d->ranks = (int)x;
    if (said(g, point, AXIS_CORES, set, &x)) {
        d->cores = (int)x;
        d->threads = 0;
    }
    if (said(g, point, AXIS_THREADS, set, &x)) {
        d->threads = (int)x;
        d->cores = 0;
    }
    if (said(g, point, AXIS_GPUS, set, &x)) {
        d->gpus = x >= 1 ? (int32_t)x : 0;
        d->gpu_share = x < 1 ? (int32_t)lround(x * DEMAND_WHOLE_GPU) : 0;
    }
    if (said(g, point, AXIS_MEMORY, set, &x))
        d->memory_mib = (int64_t)x;
}

static int change_set(const struct grid *g, size_t point, struct task_set *set, struct error *err)
{
    double x = 0;
    if (change_tasks(g, point, set, err) || change_durations(g, point, set, err))
        return -1;
    change_demand(g, point, set);
    if (said(g, point, AXIS_FAILURE_PROBABILITY, set, &x))
        set->failure_probability = x;
    if (said(g, point, AXIS_RETRIES, set, &x))
        set->retries = (int)x;
    return 0;
}

int variation_apply(const struct grid *g, size_t point, const struct json_document *document, struct workflow **out, struct error *err)
{
    *out = NULL;
    if (!changes(g, point))
        return 0;
    struct json root = json_root(document);
    struct workflow *w = workflow_from_json(&root, err);
    if (!w)
        return -1;
    int status = 0;
    for (size_t s = 0; s < w->n_sets && status == 0; s++)
        status = change_set(g, point, &w->sets[s], err);
    if (status == 0)
        status = workflow_finish(w, err);
    if (status == 0)
        *out = w;
    else
        workflow_free(w);
    return status;
}
