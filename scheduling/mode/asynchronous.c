#include "core/task_deps.h"
#include "scheduling/mode_impl.h"

/* Waits are only the parents that every task waits for; finer dependencies are counted task by task
 * in readiness.c. */
void mode_plan_asynchronous(const struct workflow *w, struct mode_plan *plan)
{
    for (size_t s = 0; s < w->n_sets; s++) {
        int set = (int)s;
        mode_plan_add(plan, &set, 1);
    }
    mode_plan_add_waits(w, plan);
    for (size_t s = 0; s < w->n_sets; s++) {
        struct mode_group *group = &plan->groups[s];
        size_t kept = 0;
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            if (!dependency_is_by_task(&w->sets[s].dependencies[d]))
                group->waits[kept++] = w->sets[s].dependencies[d].parent;
        group->n_waits = kept;
    }
}
