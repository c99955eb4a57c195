/* Settings of shared rates, services, failures and checkpoints. */

#include "base/str.h"
#include "core/setting_impl.h"

/* ---- flows ---- */

int setting_apply_flow_rate(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct platform *p = variant_own_platform(v);
    bool any = false;
    for (size_t i = 0; i < p->n_flows; i++)
        if (!c->part || str_equal(c->part, p->flows[i].name)) {
            p->flows[i].rate = c->value.number;
            any = true;
        }
    if (!any && c->part)
        return error_set(err, "flow_rate.%s: platform %s has no such flow", c->part,
                         platform_title(p));
    return any ? 0 : error_set(err, "flow_rate: platform %s has no flows", platform_title(p));
}

/* ---- services ---- */

static bool is_meant(const struct task_set *set, const char *part)
{
    return set->traits->service.serves &&
           (!part || str_equal(part, set->label) || str_equal(part, set->name));
}

/* The first service of the label at or behind set i; -1: none. */
static int service_from(const struct workflow *w, size_t i, const char *part)
{
    for (; i < w->n_sets; i++)
        if (is_meant(&w->sets[i], part))
            return (int)i;
    return -1;
}

static int refuse_service(const struct workflow *w, const struct setting_change *c,
                          struct error *err)
{
    const char *name = setting_at(c->id)->name;
    if (c->part)
        return error_set(err, "%s.%s: workflow %s has no such service", name, c->part,
                         workflow_title(w));
    return error_set(err, "%s: workflow %s has no services", name, workflow_title(w));
}

int setting_apply_service_rate(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    int s = service_from(w, 0, c->part);
    if (s < 0)
        return refuse_service(w, c, err);
    for (; s >= 0; s = service_from(w, (size_t)s + 1, c->part))
        task_traits_own(&w->sets[s])->service.rate = c->value.number;
    return 0;
}

int setting_apply_service_ready(struct variant *v, const struct setting_change *c,
                                struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    int s = service_from(w, 0, c->part);
    if (s < 0)
        return refuse_service(w, c, err);
    for (; s >= 0; s = service_from(w, (size_t)s + 1, c->part)) {
        struct service_rule *service = &task_traits_own(&w->sets[s])->service;
        dist_free(service->ready);
        service->ready = dist_constant(c->value.number);
    }
    return 0;
}

/* ---- failures and checkpoints ---- */

int setting_apply_mtbf(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct failure_rule *f = &variant_own_platform(v)->failures;
    (void)err;
    f->mtbf_s = c->value.number;
    f->shape = f->shape > 0 ? f->shape : 1;
    return 0;
}

int setting_apply_repair(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct failure_rule *f = &variant_own_platform(v)->failures;
    if (f->mtbf_s <= 0)
        return error_set(err, "repair: no node of platform %s fails; set mtbf too",
                         platform_title(v->scenario.platform));
    dist_free(f->repair);
    f->repair = dist_constant(c->value.number);
    return 0;
}

/* Of all sets at once those are left out that save nothing. */
int setting_set_checkpoint_interval(struct task_set *set, double x, struct error *err)
{
    if (x > 0 && set->traits->slowdown.flow)
        return error_set(err, "task set '%s': has a slowdown, and so no checkpoints", set->name);
    if (!set->traits->service.serves)
        task_traits_own(set)->checkpoint.interval_s = x;
    return 0;
}
