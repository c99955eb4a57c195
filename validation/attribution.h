/* validation/attribution.h - where a makespan went, along the chain of tasks that decided it.
 *
 * From the task that stopped last, backwards: its execution, its launch, its wait for slots (then
 * on to the task whose freed slots let it start) or, where it did not wait, its way through client
 * and agent (then on to the last task that it depends on). Each second of the makespan falls to
 * exactly one part. */
#ifndef DAGCAST_VALIDATION_ATTRIBUTION_H
#define DAGCAST_VALIDATION_ATTRIBUTION_H

#include <stddef.h>

#include "core/timeline.h"

enum attribution_part {
    PART_EXECUTE,                        /* started -> stopped */
    PART_LAUNCH,                         /* scheduled -> started: the launcher's queue, start-up */
    /* slots free, but not given yet: the scheduler's clock and its order */
    PART_QUEUE,
    PART_FREE,                           /* stopped -> its slots usable */
    /* the last of what it waited for stopped -> it arrived: notification, client, agent */
    PART_SUBMIT,
    /* the first start -> the arrival of a chain's first task that waited for nothing */
    PART_FIRST,
    PARTS
};
const char *attribution_part_name(enum attribution_part p);

struct attribution {
    double of_s[PARTS];                  /* sum: the makespan */
    size_t n_tasks;                      /* in the chain */
};
/* `depends`: the workflow whose dependencies count (that of the timeline, or one with the same
 * sets). O(chain x records). */
struct attribution attribution_of(const struct timeline *t, const struct workflow *depends);

#endif
