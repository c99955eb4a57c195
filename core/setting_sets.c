/* Settings of a task set. */
#include <math.h>

#include "core/setting_impl.h"

static const double most_tasks = 1e9;

int setting_set_tasks(struct task_set *set, double x, struct error *err)
{
    if (x > most_tasks)
        return error_set(err, "task set '%s': would have %.0f tasks; at most 1000000000 are held",
                         set->name, x);
    if (x != set->n_tasks && (set->durations || set->release.kind == RELEASE_LIST))
        return error_set(
            err, "task set '%s': has its %s one by one, so the number of its tasks cannot change",
            set->name, set->durations ? "durations" : "release times");
    if (set->decided && set->decided->count != COUNT_WRITTEN)
        return error_set(err, "task set '%s': its number of tasks is decided at run time",
                         set->name);
    set->n_tasks = (uint32_t)x;
    return 0;
}

/* Numbers that are counted by another set grow with that. */
int setting_scale_tasks(struct task_set *set, double x, struct error *err)
{
    struct set_decision *d = set->decided;
    if (d && d->count == COUNT_DRAWN)
        dist_scale(&d->number, x);
    if (d && d->count != COUNT_WRITTEN)
        return 0;
    return setting_set_tasks(set, fmax(1, round(set->n_tasks * x)), err);
}

static struct dist *with_cv(const struct dist *d, double cv)
{
    double mean = dist_mean(d);
    if (mean <= 0)
        return dist_copy(d);
    return cv > 0 ? dist_lognormal(mean, cv * mean) : dist_constant(mean);
}

static struct dist *scaled(const struct dist *d, double scale)
{
    return dist_scaled(d, scale, 0);
}

int setting_set_duration_cv(struct task_set *set, double cv, struct error *err)
{
    if (set->durations && dist_mean(set->duration) > 0)
        return error_set(
            err, "task set '%s': has its durations one by one, so they have no spread to change",
            set->name);
    phases_each_compute(set, with_cv, cv);
    return 0;
}

int setting_scale_durations(struct task_set *set, double scale, struct error *err)
{
    (void)err;
    phases_each_compute(set, scaled, scale);
    for (uint32_t t = 0; set->durations && t < set->n_tasks; t++)
        set->durations[t] *= scale;
    return 0;
}

int setting_set_cores(struct task_set *set, double x, struct error *err)
{
    (void)err;
    struct demand *d = &task_traits_own(set)->demand;
    d->cores = (int)x;
    d->threads = 0;
    return 0;
}

int setting_set_threads(struct task_set *set, double x, struct error *err)
{
    (void)err;
    struct demand *d = &task_traits_own(set)->demand;
    d->threads = (int)x;
    d->cores = 0;
    return 0;
}

int setting_set_gpus(struct task_set *set, double x, struct error *err)
{
    (void)err;
    struct demand *d = &task_traits_own(set)->demand;
    d->gpus = x >= 1 ? (int32_t)x : 0;
    d->gpu_share = x < 1 ? (int32_t)lround(x * DEMAND_WHOLE_GPU) : 0;
    return 0;
}

/* A service has no attempts that fail. */
int setting_set_failure_probability(struct task_set *set, double x, struct error *err)
{
    (void)err;
    if (!set->traits->service.serves)
        task_traits_own(set)->failure_probability = x;
    return 0;
}
