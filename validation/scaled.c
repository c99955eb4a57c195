#include "validation/scaled.h"

#include <stddef.h>

#include "num/dist.h"

static struct dist *scaled(const struct dist *d, double scale)
{
    return dist_scaled(d, scale, 0);
}

static void scale_dist(struct dist **d, double scale)
{
    struct dist *scaled = dist_scaled(*d, scale, 0);
    dist_free(*d);
    *d = scaled;
}

/* A transfer takes that many times as long for that many times as much. */
static void scale_phase(struct phase *phase, double scale)
{
    if (phase->flow)
        scale_dist(&phase->amount, scale);
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
        scale_dist(&t->service.ready, scale);
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
            scale_dist(&s->release.gap, scale);
    }
    return made;
}
