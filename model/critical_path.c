#include "model/critical_path.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/task_deps.h"
#include "model/plan.h"

enum { BLOCK = 1024 };                   /* tasks at a time of a set that waits as a whole */

struct critical_path {
    struct plan plan;
    double **stop_s;                     /* by set: of each task, where single tasks wait for, or are waited for by, single ones;
                                            else NULL */
    double *start_s, *scratch_s;         /* of the tasks of one set, or of a block */
    double *block_s;
    double *set_stop_s, *set_work_s;
};

static void hold_stops(struct critical_path *c, int set, size_t *largest)
{
    uint32_t n = c->plan.workflow->sets[set].n_tasks;
    if (!c->stop_s[set])
        c->stop_s[set] = xcalloc(n, sizeof **c->stop_s);
    *largest = n > *largest ? n : *largest;
}

struct critical_path *critical_path_new(const struct workflow *w, enum mode mode)
{
    size_t largest = BLOCK;
    struct critical_path *c = xcalloc(1, sizeof *c);
    plan_init(&c->plan, w, mode);
    c->stop_s = xcalloc(w->n_sets, sizeof *c->stop_s);
    for (size_t g = 0; g < c->plan.n_groups; g++) {
        const struct plan_group *group = &c->plan.groups[g];
        for (size_t i = 0; i < group->n_waits; i++) {
            if (!group->waits[i].by_task)
                continue;
            hold_stops(c, group->waits[i].by_task->parent, &largest);
            for (size_t k = 0; k < group->n_sets; k++)
                hold_stops(c, group->sets[k], &largest);
        }
    }
    c->start_s = xcalloc(largest, sizeof *c->start_s);
    c->scratch_s = xcalloc(largest, sizeof *c->scratch_s);
    c->block_s = xcalloc(BLOCK, sizeof *c->block_s);
    c->set_stop_s = xcalloc(w->n_sets, sizeof *c->set_stop_s);
    c->set_work_s = xcalloc(w->n_sets, sizeof *c->set_work_s);
    return c;
}

void critical_path_free(struct critical_path *c)
{
    if (!c)
        return;
    for (size_t s = 0; s < c->plan.workflow->n_sets; s++)
        free(c->stop_s[s]);
    plan_clear(&c->plan);
    free(c->stop_s);
    free(c->start_s);
    free(c->scratch_s);
    free(c->block_s);
    free(c->set_stop_s);
    free(c->set_work_s);
    free(c);
}

/* Durations of n tasks of the set into `out`. An attempt that fails is cut short, so with retries only the shortest attempt is sure. */
static void fill_durations(struct critical_path *c, int set, uint32_t first, uint32_t n, const struct durations *d, double *out)
{
    const struct task_set *s = &c->plan.workflow->sets[set];
    if (!d) {
        for (uint32_t t = 0; t < n; t++)
            out[t] = t == 0 || s->durations ? durations_expected(c->plan.workflow, set, first + t) : out[0];
        return;
    }
    durations_block(d, set, first, n, 0, out);
    for (int attempt = 1; s->failure_probability > 0 && attempt <= s->retries; attempt++) {
        durations_block(d, set, first, n, (uint32_t)attempt, c->scratch_s);
        for (uint32_t t = 0; t < n; t++)
            out[t] = fmin(out[t], c->scratch_s[t]);
    }
}

static void raise(double *x, double to)
{
    if (to > *x)
        *x = to;
}

static void wait_by_task(struct critical_path *c, const struct dependency *d, int child)
{
    const double *stop_s = c->stop_s[d->parent];
    struct task_deps deps = task_deps_of(c->plan.workflow, child, d);
    struct task_link link;
    while (task_deps_next(&deps, &link)) {
        double ready_s = 0;
        for (uint32_t i = 0; i < link.n_parents; i++)
            raise(&ready_s, stop_s[link.parent + i]);
        for (uint32_t i = 0; i < link.n_children; i++)
            raise(&c->start_s[link.child + i], ready_s);
    }
}

/* Tasks first .. first + n - 1, of which each starts at start_s. */
static void run_tasks(struct critical_path *c, int set, uint32_t first, uint32_t n, const struct durations *d, double slope)
{
    double *stop_s = c->stop_s[set] ? c->stop_s[set] : c->block_s;
    fill_durations(c, set, first, n, d, stop_s);
    for (uint32_t t = 0; t < n; t++) {
        double duration_s = stop_s[t] * slope;
        c->set_work_s[set] += duration_s;
        stop_s[t] = c->start_s[t] + duration_s;
        raise(&c->set_stop_s[set], stop_s[t]);
    }
}

/* Tasks that nobody asks for one by one, and all of one expected duration: one stands for all. */
static void run_equal_tasks(struct critical_path *c, int set, double ready_s, double slope)
{
    double duration_s = durations_expected(c->plan.workflow, set, 0) * slope;
    c->set_work_s[set] = c->plan.workflow->sets[set].n_tasks * duration_s;
    c->set_stop_s[set] = ready_s + duration_s;
}

static void run_set(struct critical_path *c, const struct plan_group *group, int set, const struct durations *d, double slope)
{
    const struct task_set *s = &c->plan.workflow->sets[set];
    uint32_t at_once = c->stop_s[set] || s->n_tasks < BLOCK ? s->n_tasks : BLOCK;
    double ready_s = 0;
    for (size_t i = 0; i < group->n_waits; i++)
        if (!group->waits[i].by_task)
            raise(&ready_s, c->set_stop_s[group->waits[i].set]);
    if (!d && !s->durations && s->n_tasks > at_once) {
        run_equal_tasks(c, set, ready_s, slope);
        return;
    }
    for (uint32_t t = 0; t < at_once; t++)
        c->start_s[t] = ready_s;
    for (size_t i = 0; i < group->n_waits; i++)
        if (group->waits[i].by_task)
            wait_by_task(c, group->waits[i].by_task, set);
    c->set_stop_s[set] = c->set_work_s[set] = 0;
    for (uint32_t first = 0, n; first < s->n_tasks; first += n) {
        n = s->n_tasks - first < at_once ? s->n_tasks - first : at_once;
        run_tasks(c, set, first, n, d, slope);
    }
}

double critical_path_length(struct critical_path *c, const struct durations *d, double slope)
{
    double length_s = 0;
    for (size_t i = 0; i < c->plan.n_groups; i++) {
        const struct plan_group *group = &c->plan.groups[c->plan.order[i]];
        for (size_t k = 0; k < group->n_sets; k++) {
            run_set(c, group, group->sets[k], d, slope);
            raise(&length_s, c->set_stop_s[group->sets[k]]);
        }
    }
    return length_s;
}

const double *critical_path_work(const struct critical_path *c)
{
    return c->set_work_s;
}
