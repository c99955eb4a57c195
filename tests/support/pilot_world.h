/* tests/support/pilot_world.h - a scenario of jobs side by side, and its replicas. */
#ifndef DAGCAST_TESTS_SUPPORT_PILOT_WORLD_H
#define DAGCAST_TESTS_SUPPORT_PILOT_WORLD_H

#include "sim/simulate.h"

struct pilot_world {
    struct workflow *workflow;
    struct platform *platform; /* of all pilots */
    struct middleware *middleware;
    struct queue_wait *wait;
    struct scenario scenario;
    struct simulator *simulator;
    struct timeline *timeline;
    struct replica out;
};

/* Takes workflow, platform of one pilot, middleware and the law of waits (NULL: none).
 * Asynchronous, seed 7. */
struct pilot_world pilot_world_of(struct workflow *w, struct platform *one, struct middleware *m,
                                  size_t pilots, struct dist *wait);
/* The same of texts (tests/support/given.h). */
struct pilot_world pilot_world_given(const char *workflow, const char *one, const char *middleware,
                                     size_t pilots, struct dist *wait);
/* After changes of the scenario */
void pilot_world_open(struct pilot_world *x);
/* Checks that its records hold, and that its figures do not depend on whether it is recorded. */
void pilot_world_run(struct pilot_world *x, uint32_t replica);
void pilot_world_clear(struct pilot_world *x);

#endif
