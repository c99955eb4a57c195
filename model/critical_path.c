#include "model/critical_path.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "model/plan.h"

struct critical_path {
    struct plan plan;
    double *stop_s;                      /* one a task */
    double *start_s, *scratch_s;         /* of the tasks of one set */
    double *set_stop_s, *set_work_s;
};

struct critical_path *critical_path_new(const struct workflow *w, enum mode mode)
{
    size_t largest = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        largest = w->sets[s].n_tasks > largest ? w->sets[s].n_tasks : largest;
    struct critical_path *c = xcalloc(1, sizeof *c);
    plan_init(&c->plan, w, mode);
    c->stop_s = xcalloc(w->n_tasks, sizeof *c->stop_s);
    c->start_s = xcalloc(largest, sizeof *c->start_s);
    c->scratch_s = xcalloc(largest, sizeof *c->scratch_s);
    c->set_stop_s = xcalloc(w->n_sets, sizeof *c->set_stop_s);
    c->set_work_s = xcalloc(w->n_sets, sizeof *c->set_work_s);
    return c;
}

void critical_path_free(struct critical_path *c)
{
    if (!c)
        return;
    plan_clear(&c->plan);
    free(c->stop_s);
    free(c->start_s);
    free(c->scratch_s);
    free(c->set_stop_s);
    free(c->set_work_s);
    free(c);
}

/* The set's durations into `out`. An attempt that fails is cut short, so with retries only the shortest attempt is sure. */
static void fill_durations(struct critical_path *c, int set, const struct durations *d, double *out)
{
    const struct task_set *s = &c->plan.workflow->sets[set];
    if (!d) {
        for (uint32_t t = 0; t < s->n_tasks; t++)
            out[t] = t == 0 || s->durations ? durations_expected(c->plan.workflow, set, t) : out[0];
        return;
    }
    durations_block(d, set, 0, s->n_tasks, 0, out);
    for (int attempt = 1; s->failure_probability > 0 && attempt <= s->retries; attempt++) {
        durations_block(d, set, 0, s->n_tasks, (uint32_t)attempt, c->scratch_s);
        for (uint32_t t = 0; t < s->n_tasks; t++)
            out[t] = fmin(out[t], c->scratch_s[t]);
    }
}

static void raise(double *x, double to)
{
    if (to > *x)
        *x = to;
}

/* Task i after task i; or contiguous blocks of the larger set with one task each of the smaller. */
static void wait_by_blocks(const struct task_set *parent, const struct task_set *child, const double *stop_s, double *start_s)
{
    assert(parent->n_tasks > 0 && child->n_tasks > 0);
    if (parent->n_tasks >= child->n_tasks) {
        uint32_t block = parent->n_tasks / child->n_tasks;
        for (uint32_t t = 0; t < parent->n_tasks; t++)
            raise(&start_s[t / block], stop_s[t]);
        return;
    }
    uint32_t block = child->n_tasks / parent->n_tasks;
    for (uint32_t t = 0; t < child->n_tasks; t++)
        raise(&start_s[t], stop_s[t / block]);
}

static void wait_by_task(struct critical_path *c, const struct dependency *d, const struct task_set *child)
{
    const struct task_set *parent = &c->plan.workflow->sets[d->parent];
    const double *stop_s = c->stop_s + parent->first_task;
    if (d->kind != DEPENDENCY_EDGES) {
        wait_by_blocks(parent, child, stop_s, c->start_s);
        return;
    }
    for (size_t e = 0; e < d->n_edges; e++)
        raise(&c->start_s[d->edges[2 * e + 1]], stop_s[d->edges[2 * e]]);
}

static void run_set(struct critical_path *c, const struct plan_group *group, int set, const struct durations *d, double slope)
{
    const struct task_set *s = &c->plan.workflow->sets[set];
    double *stop_s = c->stop_s + s->first_task, ready_s = 0, last_s = 0, work_s = 0;
    for (size_t i = 0; i < group->n_waits; i++)
        if (!group->waits[i].by_task)
            raise(&ready_s, c->set_stop_s[group->waits[i].set]);
    for (uint32_t t = 0; t < s->n_tasks; t++)
        c->start_s[t] = ready_s;
    for (size_t i = 0; i < group->n_waits; i++)
        if (group->waits[i].by_task)
            wait_by_task(c, group->waits[i].by_task, s);
    fill_durations(c, set, d, stop_s);
    for (uint32_t t = 0; t < s->n_tasks; t++) {
        double duration_s = stop_s[t] * slope;
        work_s += duration_s;
        stop_s[t] = c->start_s[t] + duration_s;
        raise(&last_s, stop_s[t]);
    }
    c->set_stop_s[set] = last_s;
    c->set_work_s[set] = work_s;
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
