/* tests/support/scripted_run.h - runs of the executor on two nodes of four cores, most of them of
 * its scripted backend: what tests of runs have in common. */
#ifndef DAGCAST_TESTS_SUPPORT_SCRIPTED_RUN_H
#define DAGCAST_TESTS_SUPPORT_SCRIPTED_RUN_H

#include "base/str.h"
#include "validation/executor/run.h"

struct scripted_run {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *ideal;
    struct scenario scenario;            /* asynchronous, of these */
    const char *folder;                  /* NULL: none */
    /* Of the last run: */
    struct timeline *timeline;
    struct run_outcome out;
    struct error err;
    struct run_progress told;            /* at its last turn */
    struct str heard;                    /* of all runs: what was said, a line each */
};

void scripted_run_init(struct scripted_run *r, const char *sets);      /* JSON, as given.h has it */
/* As the plan says, with a grace of 1.5 s; returns what run_workflow() does. */
int scripted_run(struct scripted_run *r, struct run_plan plan);
void scripted_run_clear(struct scripted_run *r);

#endif
