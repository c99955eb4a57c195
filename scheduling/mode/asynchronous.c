#include "base/xalloc.h"
#include "core/task_deps.h"
#include "scheduling/mode_impl.h"

/* Waits are only the parents that every task waits for; finer dependencies are counted task by task
 * in readiness.c. */
void mode_plan_asynchronous(const struct workflow *w, struct mode_plan *plan)
{
    uint32_t n_waits = 0;
    plan->n_groups = w->n_sets;
    plan->sets = xcalloc(w->n_sets + 1, sizeof *plan->sets);
    plan->first_wait = xcalloc(w->n_sets + 1, sizeof *plan->first_wait);
    plan->waits = xcalloc(workflow_edge_count(w) + 1, sizeof *plan->waits);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *set = &w->sets[s];
        plan->sets[s] = (int)s;
        for (size_t d = 0; d < set->n_dependencies; d++)
            if (!dependency_is_by_task(&set->dependencies[d]))
                plan->waits[n_waits++] = set->dependencies[d].parent;
        plan->first_wait[s + 1] = n_waits;
    }
}
