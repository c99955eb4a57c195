/* validation/outlook_impl.h - parts of a measured run as scenarios of their own (outlook_part.c).
 */
#ifndef DAGCAST_VALIDATION_OUTLOOK_IMPL_H
#define DAGCAST_VALIDATION_OUTLOOK_IMPL_H

#include "core/workflow_subset.h"
#include "validation/outlook.h"

/* A scenario of some of the run's tasks. */
struct run_part {
    struct scenario scenario;
    struct workflow_subset of;
    struct middleware *middleware;
    struct station_values values;
    double *value[STATION_PARAMETERS];
    uint32_t *task_order;
};

/* What has started; its durations are the caller's to fill in. False: nothing has. */
bool run_part_past(struct run_part *p, const struct outlook_question *q);
/* What runs, waits or is not submitted yet, from now on, with durations to fill in.
 * False: nothing is to come. */
bool run_part_to_come(struct run_part *p, const struct outlook_question *q);
void run_part_clear(struct run_part *p);

#endif
