#include "validation/eta.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "num/dist.h"
#include "sim/simulate.h"

/* of its tasks that are done */
struct set_sums { double planned_s, measured_s; size_t n; };

struct eta {
    /* every task has a duration of its own: held, if it is done, else expected */
    struct workflow *workflow;
    struct middleware *ideal;
    struct simulator *simulator;
    double **planned_s;                  /* of each task of each set */
    bool *done;                          /* of each task */
    struct set_sums *sums;
    size_t n_seen;                       /* records */
};

/* Failures and shared effects are in the planned durations, or will be in the measured ones. */
static void plan_set(struct eta *e, const struct durations *d, size_t set)
{
    struct task_set *s = &e->workflow->sets[set];
    e->planned_s[set] = xcalloc(s->n_tasks, sizeof **e->planned_s);
    durations_block(d, (int)set, 0, s->n_tasks, 0, e->planned_s[set]);
    s->durations = xrealloc(s->durations, s->n_tasks, sizeof *s->durations);
    if (s->traits->set_sd > 0 || s->traits->failure_probability > 0) {
        struct task_traits *t = task_traits_own(s);
        t->set_sd = 0;
        t->failure_probability = 0;
    }
}

struct eta *eta_new(const struct scenario *s, struct error *err)
{
    struct eta *e = xcalloc(1, sizeof *e);
    size_t n = s->workflow->n_sets;
    e->workflow = workflow_scaled(s->workflow, 1);
    e->ideal = middleware_ideal();
    e->planned_s = xcalloc(n, sizeof *e->planned_s);
    e->sums = xcalloc(n, sizeof *e->sums);
    e->done = xcalloc(s->workflow->n_tasks, sizeof *e->done);
    struct durations *d = durations_new(s->workflow);
    durations_begin(d, s->seed, 0);
    for (size_t i = 0; i < n; i++)
        plan_set(e, d, i);
    durations_free(d);
    e->workflow->session_sd = 0;
    struct scenario conditioned = *s;
    conditioned.workflow = e->workflow;
    conditioned.middleware = e->ideal;
    conditioned.walltime_s = 0;
    conditioned.values = NULL;
    e->simulator = simulator_new(&conditioned, err);
    if (e->simulator)
        return e;
    eta_free(e);
    return NULL;
}

void eta_free(struct eta *e)
{
    if (!e)
        return;
    simulator_free(e->simulator);
    for (size_t i = 0; i < e->workflow->n_sets; i++)
        free(e->planned_s[i]);
    xfree(e->planned_s, e->sums, e->done);
    workflow_free(e->workflow);
    middleware_free(e->ideal);
    free(e);
}

static void note(struct eta *e, const struct timeline_record *r)
{
    int set = workflow_set_of_task(e->workflow, r->task);
    uint32_t task = r->task - e->workflow->sets[set].first_task;
    double held_s = r->freed_s - r->scheduled_s;
    e->done[r->task] = true;
    e->workflow->sets[set].durations[task] = held_s;
    e->sums[set].planned_s += e->planned_s[set][task];
    e->sums[set].measured_s += held_s;
    e->sums[set].n++;
}

/* What is not done takes as much more than planned as its set took so far; where nothing of the set
 * is done, as the run did. */
static void expect(struct eta *e)
{
    double extra_s = 0;
    size_t n = 0;
    for (size_t i = 0; i < e->workflow->n_sets; i++) {
        extra_s += e->sums[i].measured_s - e->sums[i].planned_s;
        n += e->sums[i].n;
    }
    extra_s = n > 0 ? extra_s / (double)n : 0;
    for (size_t i = 0; i < e->workflow->n_sets; i++) {
        struct task_set *s = &e->workflow->sets[i];
        const struct set_sums *sum = &e->sums[i];
        double factor = sum->planned_s > 0 ? sum->measured_s / sum->planned_s : 1,
               offset = sum->n > 0 ? 0 : extra_s;
        for (uint32_t t = 0; t < s->n_tasks; t++)
            if (!e->done[s->first_task + t])
                s->durations[t] = fmax(0, e->planned_s[i][t] * factor + offset);
    }
}

double eta_left_s(struct eta *e, const struct timeline *t, double now_s, double lost_s)
{
    struct replica r;
    for (; e->n_seen < t->n; e->n_seen++)
        if (t->status[e->n_seen] == TASK_DONE)
            note(e, &t->records[e->n_seen]);
    expect(e);
    simulator_run(e->simulator, 0, NULL, &r);
    return r.last_stop_s - (now_s - lost_s);
}

/* ---- a workflow on a faster clock ---- */

static struct dist *scaled(const struct dist *d, double scale)
{
    return dist_scaled(d, scale, 0);
}

/* A transfer takes that many times as long for that many times as much. */
static void scale_phase(struct phase *phase, double scale)
{
    if (phase->flow)
        dist_scale(&phase->amount, scale);
}

static void scale_flows(struct task_set *s, double scale)
{
    struct task_phases *p = s->traits->phases ? task_phases_own(s) : NULL;
    if (p) {
        scale_phase(&p->input, scale);
        scale_phase(&p->output, scale);
    }
    for (size_t k = 0; p && k < p->n; k++)
        scale_phase(&p->list[k], scale);
}

static void scale_rules(struct task_set *s, double scale)
{
    const struct task_traits *from = s->traits;
    if (!from->service.ready && from->checkpoint.interval_s == 0 && from->checkpoint.cost_s == 0 &&
        from->timeout_s == 0)
        return;
    struct task_traits *t = task_traits_own(s);
    if (t->service.ready)
        dist_scale(&t->service.ready, scale);
    t->checkpoint.interval_s *= scale;
    t->checkpoint.cost_s *= scale;
    t->timeout_s *= scale;
}

static void scale_values(double *values, size_t n, double scale)
{
    for (size_t i = 0; values && i < n; i++)
        values[i] *= scale;
}

struct workflow *workflow_scaled(const struct workflow *w, double scale)
{
    struct workflow *made = workflow_copy(w);
    for (size_t i = 0; i < made->n_sets && scale != 1; i++) {
        struct task_set *s = &made->sets[i];
        phases_each_compute(s, scaled, scale);
        scale_flows(s, scale);
        scale_values(s->durations, s->n_tasks, scale);
        scale_values(s->release.list_s, s->release.kind == RELEASE_LIST ? s->n_tasks : 0, scale);
        s->release.time_s *= scale;
        scale_rules(s, scale);
        if (s->release.kind == RELEASE_GAPS)
            dist_scale(&s->release.gap, scale);
    }
    return made;
}
