/* study/plans_impl.h - what is planned with, and how one plan runs. */
#ifndef DAGCAST_STUDY_PLANS_IMPL_H
#define DAGCAST_STUDY_PLANS_IMPL_H

#include "study/plans.h"

struct planner {
    const struct scenario *scenario;
    const struct advise_options *options;
    const struct advice *advice;
    struct plan_limits limits;
    struct plans *out;
    size_t room;
};

/* Runs replicas up to that number and fills the plan from all of them. 1: it cannot run or too few
 * end, or it was interrupted. */
int plans_run(struct planner *pl, struct plan *p, size_t replicas);
/* Time to solution of a replica; INFINITY: it left tasks undone. */
double plans_solution_s(const struct plan *p, size_t replica);

#endif
