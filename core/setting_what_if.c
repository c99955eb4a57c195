/* Switches that lift one bound of a scenario, for what-ifs. */
#include <math.h>

#include "core/setting_impl.h"

int setting_idealise_middleware(struct variant *v, const struct setting_change *c,
                                struct error *err)
{
    (void)c;
    if (middleware_is_ideal(v->scenario.middleware))
        return error_set(err, "the middleware is ideal already");
    variant_take_middleware(v, middleware_ideal());
    return 0;
}

static struct dist *mean_of(const struct dist *d, double unused)
{
    (void)unused;
    return dist_constant(dist_mean(d));
}

bool setting_has_queue(const struct scenario *s)
{
    return s->allocation.wait != NULL;
}

int setting_drop_queue(struct variant *v, const struct setting_change *c, struct error *err)
{
    (void)c;
    (void)err;
    v->scenario.allocation.wait = NULL;
    return 0;
}

int setting_fix_durations(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    (void)c;
    (void)err;
    w->session_sd = 0;
    for (size_t i = 0; i < w->n_sets; i++) {
        struct task_set *set = &w->sets[i];
        /* durations given task by task do not vary */
        phases_each_compute(set, mean_of, 0);
        if (set->traits->set_sd > 0)
            task_traits_own(set)->set_sd = 0;
        if (set->traits->service.session_sd > 0)
            task_traits_own(set)->service.session_sd = 0;
    }
    return 0;
}

bool setting_has_flows(const struct scenario *s)
{
    return phases_any(s->workflow) && s->platform->n_flows > 0;
}

int setting_unbound_flows(struct variant *v, const struct setting_change *c, struct error *err)
{
    (void)c;
    if (!setting_has_flows(&v->scenario))
        return error_set(err, "no task uses a flow of the platform");
    struct platform *p = variant_own_platform(v);
    for (size_t i = 0; i < p->n_flows; i++) {
        p->flows[i].rate = INFINITY;
        p->flows[i].at_once = 0;
    }
    return 0;
}

bool setting_has_services(const struct scenario *s)
{
    return s->workflow->n_services > 0;
}

/* They serve from their start on, each request as if it were alone. */
int setting_unbound_services(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    (void)c;
    if (w->n_services == 0)
        return error_set(err, "no task set is a service");
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->service.serves) {
            struct service_rule *service = &task_traits_own(&w->sets[i])->service;
            dist_free(service->ready);
            service->ready = NULL;
            service->unbounded = true;
            service->at_once = 0;
        }
    return 0;
}

bool setting_has_slow_decisions(const struct scenario *s)
{
    const struct decisions *d = &s->workflow->decisions;
    bool any = false;
    for (size_t i = 0; i < d->n_loops; i++)
        any |= d->loops[i].decision_time_s > 0;
    return any;
}

int setting_decide_at_once(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    (void)c;
    (void)err;
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        w->decisions.loops[i].decision_time_s = 0;
    return 0;
}

bool setting_has_loops(const struct scenario *s)
{
    return s->workflow->decisions.n_loops > 0;
}

/* Iterations no longer wait for the decision on them: all of a loop's may run at once. */
int setting_know_iterations(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    (void)c;
    for (size_t i = 0; i < w->decisions.n_loops; i++) {
        if (w->decisions.loops[i].stop.budget_s > 0)
            return error_set(err, "time decides how often loop '%s' runs",
                             w->decisions.loops[i].name);
        w->decisions.loops[i].known = true;
    }
    return 0;
}

bool setting_has_failures(const struct scenario *s)
{
    return s->platform->failures.mtbf_s > 0;
}

/* Checkpoints are left out too: they are for failures only. */
int setting_drop_failures(struct variant *v, const struct setting_change *c, struct error *err)
{
    (void)c;
    if (!setting_has_failures(&v->scenario))
        return error_set(err, "no node fails");
    variant_own_platform(v)->failures.mtbf_s = 0;
    struct workflow *w = variant_own_workflow(v);
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->checkpoint.interval_s > 0)
            task_traits_own(&w->sets[i])->checkpoint.interval_s = 0;
    return 0;
}
