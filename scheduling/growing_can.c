/* Which descriptions have sessions that can grow. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/growing_impl.h"
#include "scheduling/realise_impl.h"

static bool is_plain(const struct task_set *s)
{
    return !s->traits->phases && !s->durations && s->traits->failure_probability == 0 &&
           s->release.kind == RELEASE_NONE && !s->traits->service.serves &&
           s->traits->checkpoint.interval_s == 0 && !(s->decided && s->decided->n_cancels > 0);
}

size_t growing_lanes(const struct workflow *w)
{
    return w->decisions.n_loops + w->decisions.n_campaigns;
}

int growing_lane_of(const struct workflow *w, int set)
{
    int loop = w->decisions.n_loops > 0 ? workflow_loop_of(w, set) : -1,
        campaign = w->decisions.n_campaigns > 0 ? workflow_campaign_of(w, set) : -1;
    return loop >= 0 ? loop : campaign >= 0 ? (int)w->decisions.n_loops + campaign : -1;
}

/* The sets that its number depends on stand in its own iteration, or in no loop. */
static bool counts_near(const struct workflow *w, int set, int loop)
{
    const struct set_decision *d = w->sets[set].decided;
    int of = d ? workflow_find_related(w, set, d->of) : -1,
        other = d ? workflow_find_related(w, set, d->otherwise) : -1;
    int of_loop = of >= 0 ? growing_lane_of(w, of) : -1;
    return (of_loop < 0 || of_loop == loop) && (other < 0 || growing_lane_of(w, other) == loop);
}

bool *growing_late_sets(const struct workflow *w)
{
    size_t n = growing_lanes(w);
    int *order = workflow_topological_order(w);
    bool *late = xcalloc(w->n_sets * n + 1, sizeof *late);
    for (size_t i = 0; i < w->n_sets; i++) {
        int s = order[i];
        for (size_t d = 0; growing_lane_of(w, s) < 0 && d < w->sets[s].n_dependencies; d++) {
            int parent = w->sets[s].dependencies[d].parent, loop = growing_lane_of(w, parent);
            for (size_t l = 0; l < n; l++)
                late[(size_t)s * n + l] |= (int)l == loop || late[(size_t)parent * n + l];
        }
    }
    free(order);
    return late;
}

static bool is_late(const struct workflow *w, const bool *late, int set)
{
    bool any = false;
    for (size_t l = 0; l < growing_lanes(w); l++)
        any |= late[(size_t)set * growing_lanes(w) + l];
    return any;
}

/* What comes after a loop comes after all of each of its sets, which then have to exist. */
static bool may_come_after(const struct workflow *w, const bool *late, int set,
                           const struct dependency *d)
{
    int loop = growing_lane_of(w, set), of = growing_lane_of(w, d->parent);
    bool whole = d->kind == DEPENDENCY_ALL && !d->own;
    if (loop >= 0)
        return of == loop || (of < 0 && whole && !is_late(w, late, d->parent));
    if (!is_late(w, late, set))
        return true;
    return whole && !w->sets[set].decided && (of < 0 || !w->sets[d->parent].decided);
}

static bool loops_can_grow(const struct workflow *w)
{
    bool can = true;
    for (size_t l = 0; l < w->decisions.n_loops && can; l++)
        can = workflow_loop_around(w, (int)l) < 0 && w->decisions.loops[l].stop.budget_s == 0 &&
              !w->decisions.loops[l].known &&
              !realise_runs_once(&w->decisions.loops[l], false);
    return can;
}

/* In asynchronous mode all rounds are ready at once: from the start, or each would have a delay of
 * its own. */
static bool campaigns_can_grow(const struct workflow *w, enum mode mode)
{
    bool can = true;
    for (size_t c = 0; c < w->decisions.n_campaigns && can; c++)
        can = w->decisions.campaigns[c].budget > 0 && w->decisions.campaigns[c].hits == 0 &&
              w->decisions.campaigns[c].time_s == 0;
    for (size_t s = 0; s < w->n_sets && can; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies && can; d++)
            can = workflow_campaign_of(w, (int)s) < 0 || mode != MODE_ASYNCHRONOUS ||
                  workflow_campaign_of(w, w->sets[s].dependencies[d].parent) ==
                      workflow_campaign_of(w, (int)s);
    return can;
}

/* All other sets of the loop come before the one that decides: what comes after the loop is of no
 * stage of its last iteration. */
static bool decides_last(const struct workflow *w, const struct loop *l)
{
    if (!l->decided_by)
        return true;
    int *order = workflow_topological_order(w);
    bool *before = xcalloc(w->n_sets, sizeof *before), last = true;
    before[workflow_find_set(w, l->decided_by)] = true;
    for (size_t i = w->n_sets; i-- > 0;)
        for (size_t d = 0; before[order[i]] && d < w->sets[order[i]].n_dependencies; d++)
            before[w->sets[order[i]].dependencies[d].parent] = true;
    for (size_t s = 0; s < l->n_sets; s++)
        last &= before[workflow_find_set(w, l->sets[s])];
    xfree(before, order);
    return last;
}

static bool stages_are_apart(const struct workflow *w, const bool *late)
{
    bool any = false, apart = true;
    for (size_t s = 0; s < w->n_sets; s++)
        any |= is_late(w, late, (int)s);
    for (size_t l = 0; l < w->decisions.n_loops; l++)
        apart &= !any || decides_last(w, &w->decisions.loops[l]);
    return apart;
}

bool growing_can(const struct workflow *w, enum mode mode)
{
    size_t lanes = growing_lanes(w);
    if (lanes == 0 || (lanes > 1 && mode != MODE_ASYNCHRONOUS) || !loops_can_grow(w) ||
        !campaigns_can_grow(w, mode) || w->n_services > 0 || w->n_stages > 0 || w->n_pipelines > 0)
        return false;
    bool *late = growing_late_sets(w),
         can = mode == MODE_ASYNCHRONOUS || stages_are_apart(w, late);
    for (size_t s = 0; s < w->n_sets && can; s++) {
        can = is_plain(&w->sets[s]) && counts_near(w, (int)s, growing_lane_of(w, (int)s));
        for (size_t d = 0; d < w->sets[s].n_dependencies && can; d++)
            can = may_come_after(w, late, (int)s, &w->sets[s].dependencies[d]);
    }
    free(late);
    return can;
}
