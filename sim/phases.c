#include "sim/phases_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* Jobs side by side that end while others go on. */
static bool cut_pilots(const struct simulator *s)
{
    return platform_pilots(s->drive.scenario.platform) > 1 && s->drive.scenario.walltime_s > 0;
}

/* What only computes has a phase too if its end may change. */
static size_t count_phases(const struct phases *p, const struct task_set *set)
{
    const struct platform *platform = p->simulator->drive.scenario.platform;
    size_t n = phases_count(set);
    bool changes = platform->failures.mtbf_s > 0 || cut_pilots(p->simulator) ||
                   set->traits->checkpoint.interval_s > 0 || set->traits->slowdown.flow;
    return set->traits->service.serves ? SERVICE_PHASES : n == 0 && changes ? 1 : n;
}

static void make_plan(struct phases *p, size_t i, const struct task_set *set)
{
    struct plan *plan = &p->plans[i];
    plan->serves = set->traits->service.serves;
    plan->slows = flows_of_slowdown(p->flows, set);
    plan->n = plan->after = count_phases(p, set);
    p->most = plan->n > p->most ? plan->n : p->most;
    if (plan->n == 0 || plan->serves)
        return;
    plan->rule = xcalloc(plan->n, sizeof *plan->rule);
    while (phases_at(set, plan->inside)->staging == STAGING_OUTSIDE)
        plan->inside++;
    while (phases_at(set, plan->after - 1)->staging == STAGING_OUTSIDE)
        plan->after--;
    for (size_t k = 0; k < plan->n; k++) {
        const struct phase *phase = phases_at(set, k);
        plan->rule[k] = phase->flow ? flows_find(p->flows, set, phase) : NO_FLOW;
    }
    plan->first_outside = p->n_outside;
    p->n_outside += set->n_tasks * (plan->inside + plan->n - plan->after);
    if (plan->after < plan->n && !p->notified_s)
        p->notified_s = xcalloc(p->simulator->drive.scenario.workflow->n_tasks,
                                sizeof *p->notified_s);
}

static bool saves_any(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->checkpoint.interval_s > 0)
            return true;
    return false;
}

struct phases *phases_new(struct simulator *s)
{
    const struct workflow *w = s->drive.scenario.workflow;
    bool fails = s->drive.scenario.platform->failures.mtbf_s > 0 || cut_pilots(s),
         saves = saves_any(w);
    if (!phases_recorded(w, s->drive.scenario.platform) && !fails)
        return NULL;
    struct phases *p = xcalloc(1, sizeof *p);
    p->simulator = s;
    p->flows = flows_new(&s->drive);
    p->services = services_new(w);
    p->plans = xcalloc(w->n_sets, sizeof *p->plans);
    for (size_t i = 0; i < w->n_sets; i++)
        make_plan(p, i, &w->sets[i]);
    if (saves && (fails || s->drive.scenario.allocation.jobs > 1))
        p->saved_s = xcalloc(w->n_tasks, sizeof *p->saved_s);
    if (p->notified_s && s->drive.scenario.allocation.jobs > 1)
        p->left_out = xcalloc(w->n_tasks, sizeof *p->left_out);
    return p;
}

void phases_free(struct phases *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->simulator->drive.scenario.workflow->n_sets; i++)
        free(p->plans[i].rule);
    flows_free(p->flows);
    services_free(p->services);
    xfree(p->plans, p->ways, p->did, p->outside, p->way_of, p->notified_s, p->saved_s, p->left_out,
          p);
}

void phases_begin(struct phases *p, bool goes_on)
{
    flows_begin(p->flows);
    if (p->services)
        services_begin(p->services);
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    for (size_t t = 0; p->notified_s && t < w->n_tasks; t++)
        p->notified_s[t] = NAN;
    for (size_t t = 0; p->saved_s && !goes_on && t < w->n_tasks; t++)
        p->saved_s[t] = 0;
    for (size_t t = 0; p->left_out && !goes_on && t < w->n_tasks; t++)
        p->left_out[t].phase = 0;
    p->noted = p->simulator->sink && phases_recorded(w, p->simulator->drive.scenario.platform);
    if (p->noted)
        phases_forget_staged(p);
    p->n_ways = 0;
    for (size_t a = 0; a < p->way_of_room; a++)
        p->way_of[a] = NO_WAY;
    p->unused = p->first = p->last = p->lost = NO_WAY;
}

bool phases_has(const struct phases *p, uint32_t set)
{
    return p->plans[set].n > 0;
}

bool phases_stages_out(const struct phases *p, const struct attempt *a)
{
    return p->plans[a->set].after < p->plans[a->set].n && !a->fails && !a->cancelled;
}
