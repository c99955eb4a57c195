/* model/plan.h - what waits for what in a mode, as arrays: groups of sets submitted together, and
 * the sets they wait for.
 *
 * From scheduling/readiness.h, so that the closed forms and the simulator cannot disagree about
 * barriers. In the asynchronous mode a group is one set, and a wait may be task by task. */
#ifndef DAGCAST_MODEL_PLAN_H
#define DAGCAST_MODEL_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/longest_path.h"
#include "core/scenario.h"
#include "scheduling/readiness.h"

struct plan_group {
    size_t n_sets; const int *sets;      /* in the order of submission */
    size_t n_waits; const struct path_wait *waits;        /* by set, ascending */
    uint32_t n_tasks;
    enum submit_cause cause;
};
struct plan {
    const struct workflow *workflow;
    size_t n_groups;
    struct plan_group *groups;           /* in file order */
    int *group_of_set;
    int *order;                          /* groups, each after all that it waits for */
    /* set s: dependents[first_dependent[s]] .. [first_dependent[s + 1]] are the groups that wait */
    size_t *first_dependent;
    int *dependents;
    int *sets;                           /* of all groups */
    struct path_wait *waits;             /* of all groups */
};

void plan_init(struct plan *plan, const struct workflow *w, enum mode mode);
void plan_clear(struct plan *plan);
/* Frees all but the waits: when nothing else than plan_graph() was wanted. */
void plan_keep_waits(struct plan *plan);
/* Sets and their waits, for the longest path. The waits belong to the plan. */
struct path_graph plan_graph(const struct plan *plan, bool by_task);

#endif
