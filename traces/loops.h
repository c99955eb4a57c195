/* traces/loops.h - a recorded run's stages that repeat: most likely a loop that decided how often. */
#ifndef DAGCAST_TRACES_LOOPS_H
#define DAGCAST_TRACES_LOOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/workflow.h"

struct repeated_stages {
    int pipeline;                        /* of the workflow */
    size_t first, period, times;         /* stages first .. first + period * times - 1 */
    double alike;                        /* share of the sets that are like those one period before: demand, number of tasks, and mean
                                            duration to a quarter */
    bool numbers_vary;                   /* tasks differ in number where all else is alike */
};
/* Of each pipeline the repetition that covers most of its stages: at least three times, and all of their demands alike. The caller
 * frees the list; *n of them. O(stages^2) */
struct repeated_stages *loops_of(const struct workflow *w, size_t *n);

#endif
