/* validation/improvements.h - what one session gains over another of the same tasks, measured and
 * predicted: I = 1 - time / time of the other, of makespans and of pilots' spans.
 *
 * Two sessions run the same tasks if they have as many, and if these took as many task-seconds and
 * slot-seconds to IMPROVEMENT_ALIKE (requested ones, where each task's request is known). Each is
 * compared with the first such session in the order given. The predicted interval is that of one
 * run of each, unrelated (num/stats.h). Sessions that were interrupted, or one in several attempts,
 * gain nothing that could be compared. */
#ifndef DAGCAST_VALIDATION_IMPROVEMENTS_H
#define DAGCAST_VALIDATION_IMPROVEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "num/stats.h"
#include "validation/leave_one_out.h"

#define IMPROVEMENT_ALIKE 0.01

struct improvement { /* of one kind of time; NAN: not recorded */
    double measured;
    struct stats_improvement predicted;
};

struct session_improvement {
    const struct validation *of, *over;
    struct improvement makespan, span;
};

struct improvements { size_t n; struct session_improvement *at; };
/* Refers to `all`. */
struct improvements improvements_of(const struct leave_one_out *all);
void improvements_clear(struct improvements *x);

/* false where one of them is unknown */
bool improvement_holds(const struct improvement *x);

#endif
