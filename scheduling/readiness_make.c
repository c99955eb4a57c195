/* How readiness begins, is as before the session again, and ends. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"
#include "scheduling/growing_impl.h"
#include "scheduling/readiness_impl.h"

/* The groups that wait for each set; n_sets + 2 states. */
static int *invert_waits(const struct mode_plan *plan, struct set_state *sets, size_t n_sets)
{
    for (size_t g = 0; g < plan->n_groups; g++) {
        struct mode_group group = mode_plan_group(plan, g);
        for (size_t i = 0; i < group.n_waits; i++)
            sets[group.waits[i] + 2].waiters++;
    }
    for (size_t s = 2; s < n_sets + 2; s++)
        sets[s].waiters += sets[s - 1].waiters;
    int *waiters = xcalloc(sets[n_sets + 1].waiters + 1, sizeof *waiters);
    for (size_t g = 0; g < plan->n_groups; g++) {
        struct mode_group group = mode_plan_group(plan, g);
        for (size_t i = 0; i < group.n_waits; i++)
            waiters[sets[group.waits[i] + 1].waiters++] = (int)g;
    }
    /* the first of each has moved to where it belongs: that of set 0 is 0 */
    return waiters;
}

/* In asynchronous mode: sets of which some task waits for single tasks. */
static void follow_tasks(struct readiness *r)
{
    const struct workflow *w = r->workflow;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++) {
            if (!dependency_is_by_task(&w->sets[s].dependencies[d]))
                continue;
            if (!r->pending)
                r->pending = xcalloc(w->n_sets, sizeof *r->pending);
            r->pending[s] = xcalloc(w->sets[s].n_tasks, sizeof *r->pending[s]);
            break;
        }
    if (r->pending)
        set_children_init(&r->children, w);
}

struct readiness *readiness_new(const struct workflow *w, enum mode mode)
{
    struct readiness *r = xcalloc(1, sizeof *r);
    r->workflow = w;
    r->growing = w->realised ? w->realised->growing : NULL;
    if (r->growing)
        return r;
    r->plan = mode_plan_of(w, mode);
    r->group_of = mode_plan_places(&r->plan, w->n_sets);
    r->sets = xcalloc(w->n_sets + 2, sizeof *r->sets);
    r->waiters = invert_waits(&r->plan, r->sets, w->n_sets);
    r->waits_left = xcalloc(r->plan.n_groups, sizeof *r->waits_left);
    if (mode == MODE_ASYNCHRONOUS)
        follow_tasks(r);
    readiness_reset(r);
    return r;
}

void readiness_on_failure(struct readiness *r, enum on_failure fallback)
{
    r->on_failure = fallback;
}

static void forget_cancelled(struct readiness *r)
{
    for (size_t s = 0; r->cancelled && s < r->workflow->n_sets; s++)
        free(r->cancelled[s]);
    free(r->cancelled);
    r->cancelled = NULL;
}

void readiness_free(struct readiness *r)
{
    if (!r || r->growing) {
        free(r);
        return;
    }
    for (size_t s = 0; r->pending && s < r->workflow->n_sets; s++)
        free(r->pending[s]);
    forget_cancelled(r);
    mode_plan_clear(&r->plan);
    xfree(r->group_of, r->waiters);
    set_children_clear(&r->children);
    xfree(r->sets, r->waits_left, r->pending, r->to_cancel, r->runs, r);
}

static void count_pending(struct readiness *r, int set)
{
    uint32_t *pending = r->pending[set], n = (uint32_t)readiness_set_size(r, set);
    memset(pending, 0, n * sizeof *pending);
    for (size_t i = 0; i < r->workflow->sets[set].n_dependencies; i++) {
        const struct dependency *d = &r->workflow->sets[set].dependencies[i];
        struct task_deps deps = task_deps_of(r->workflow, set, d);
        struct task_link link;
        while (dependency_is_by_task(d) && task_deps_next(&deps, &link))
            for (uint32_t t = 0; t < link.n_children; t++)
                pending[link.child + t] += link.n_parents;
    }
}

void readiness_reset(struct readiness *r)
{
    const struct workflow *w = r->workflow;
    if (r->growing) {
        growing_reset(r->growing);
        return;
    }
    r->started = false;
    r->n_runs = 0;
    r->tasks_left = w->n_tasks;
    forget_cancelled(r);
    for (size_t s = 0; s < w->n_sets; s++)
        r->sets[s].left = w->sets[s].n_tasks;
    for (size_t s = 0; r->pending && s < w->n_sets; s++)
        if (r->pending[s])
            count_pending(r, (int)s);
    for (size_t g = 0; g < r->plan.n_groups; g++)
        r->waits_left[g] = (uint32_t)mode_plan_group(&r->plan, g).n_waits;
}
