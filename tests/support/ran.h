/* tests/support/ran.h - one replica of a scenario given as texts, with its timeline. */
#ifndef DAGCAST_TESTS_SUPPORT_RAN_H
#define DAGCAST_TESTS_SUPPORT_RAN_H

#include "sim/simulate.h"

struct ran_scenario {
    const char *workflow, *platform;     /* tests/support/given.h */
    const char *middleware;              /* NULL: ideal */
    enum mode mode;
    struct scheduler_options scheduler;  /* a layer over the middleware's */
    double walltime_s;
    uint64_t seed;
    uint32_t replica;
};

struct ran {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct timeline *timeline;
    struct replica out;
};
/* Checks that the timeline holds, and that the simulator gives the same again. */
struct ran ran_texts(const struct ran_scenario *s);
/* The same with seed 7 on one node of four cores and a GPU. */
struct ran ran_on_one_node(const char *workflow, const char *middleware, enum mode mode,
                           double walltime_s);
/* The same on parts that are given, which the run takes. */
struct ran ran_parts(struct workflow *w, struct platform *p, struct middleware *m,
                                      const struct ran_scenario *s);
void ran_clear(struct ran *r);

/* The first record of a task; a failed check if it has none. */
const struct timeline_record *ran_record(const struct ran *r, uint32_t task);
/* When each task (its last attempt) started, by its number. */
void ran_starts(const struct ran *r, double *start_s);

#endif
