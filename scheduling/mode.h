/* scheduling/mode.h - an execution mode as groups of task sets: which are submitted together, and
 * after which sets.
 *
 * sequential: one stage at a time over the whole workflow. pipelined: pipelines run concurrently, a
 * barrier after each stage within one. asynchronous: each set for itself. Dependencies between sets
 * hold in all of them. Adding a mode: a file in scheduling/mode/ and a row in mode.c (and its name
 * in core/scenario.h). */
#ifndef DAGCAST_SCHEDULING_MODE_H
#define DAGCAST_SCHEDULING_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/scenario.h"

struct mode_group {                      /* a stage; in asynchronous mode a set */
    size_t n_sets;
    int *sets;                           /* in file order */
    size_t n_waits;
    /* sets that must have ended before it is submitted: ascending, none twice */
    int *waits;
    int pipeline, stage;                 /* -1 in asynchronous mode */
    /* the group whose end lets it start (the stage before), -1: none */
    int closes;
    /* it opens a pipeline that comes after others: the next run() */
    bool after_run;
    /* after_run: first group of the same run(), which comes after the same pipelines; else -1 */
    int run;
};
struct mode_plan {
    size_t n_groups;
    /* private: the groups with their sets and waits; NULL: group g is set g and waits for
     * waits[first_wait[g]] .. waits[first_wait[g + 1] - 1] */
    struct mode_group *groups;
    struct arena lists;
    int *sets, *waits;
    uint32_t *first_wait;
};
/* Never fails on a workflow that was loaded: stages that wait for themselves were refused there.
 * Free with mode_plan_clear(). */
struct mode_plan mode_plan_of(const struct workflow *w, enum mode mode);
void mode_plan_clear(struct mode_plan *plan);
/* By number, in the order in which groups ready at one instant are submitted. Its lists are the
 * plan's. */
struct mode_group mode_plan_group(const struct mode_plan *plan, size_t g);
/* The group of each set; NULL: set s is group s. free() it. */
int *mode_plan_places(const struct mode_plan *plan, size_t n_sets);

#endif
