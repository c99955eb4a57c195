/* traces/loops.h - a recorded run's stages that repeat: most likely a loop that decided how often.
 *
 * Stages are those of a pipeline. A run without pipelines whose sets are called "p1.3.2" (lane,
 * stage, number) has the stages that these names tell, in the order of the sets. Else the waves of
 * one name are stages ("sim", "sim.wave1", or "sim.1", "sim.2"): those of several names are one
 * lane if they took turns, each beginning when another of the lane had just ended. */
#ifndef DAGCAST_TRACES_LOOPS_H
#define DAGCAST_TRACES_LOOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/timeline.h"
#include "core/workflow.h"

/* "p1.3.2" or "p1.3": lane "p1", stage "3", which begins behind the dot. False: it is called
 * otherwise. */
struct lane_name {
    size_t lane, stage;
}; /* lengths */
bool lane_name_of(const char *name, struct lane_name *out);

struct lane_step {
    size_t n_sets;
    int *sets;
}; /* done before the next one begins */
struct lane {
    char *name; /* "pipeline 1", or what the names of its sets begin with */
    size_t n_steps;
    struct lane_step *steps;
    bool named; /* steps come from the sets' names, */
    bool waves; /* ... which are those of waves */
};
struct lanes {
    size_t n;
    struct lane *at;
};
/* `t` holds its times; NULL: no waves. None: it has none of these. O(sets log sets + records) */
struct lanes lanes_of(const struct workflow *w, const struct timeline *t);
/* How much of the name of a wave is its label. */
size_t wave_label(const char *name);
/* The lanes of waves, and one for each other set. */
struct lanes lanes_of_waves(const struct workflow *w, const struct timeline *t);
void lanes_clear(struct lanes *l);

struct repeated_stages {
    int lane; /* of lanes_of() */
    size_t first, period,
        times; /* steps first .. first + period * times - 1; of the last time some may be missing */
    size_t missing;
    double alike; /* share of the sets that are like those one period before: demand, number of
                     tasks, and mean duration to a quarter */
    bool numbers_vary; /* tasks differ in number where all else is alike */
};
/* Of each lane the repetition that covers most of its stages: at least three times, and all of
 * their demands alike; of up to 100 stages. The caller frees the list; *n of them. O(stages x 10^4)
 */
struct repeated_stages *loops_of(const struct workflow *w, const struct lanes *lanes, size_t *n);

#endif
