/* scheduling/growing.h - a session of loops of which only the iterations in flight are written out.
 *
 * Its workflow has places for sets: for each set of a loop as many as iterations may be in flight.
 * An iteration takes places as soon as the one before it begins, and gives them back once all of
 * it is over, nothing that waits for it is left, and no later iteration can come after it. What
 * stands in a place changes: set, name, number of tasks, dependencies. A set is known by its name,
 * which its draws have too, so that all that happens is what happens if all is written out
 * (scheduling/realise.h).
 *
 * Memory grows with iterations in flight. If they are more than there are places for, the run
 * stops (growing_is_full()) and is made again with more. Readiness (scheduling/readiness.h) works
 * on such a workflow by growing_ready.c. */
#ifndef DAGCAST_SCHEDULING_GROWING_H
#define DAGCAST_SCHEDULING_GROWING_H

#include "scheduling/readiness.h"
#include "scheduling/realise.h"

struct growing;

/* A lane is a loop, or a campaign, whose iterations are its rounds: its number among loops, then
 * campaigns; -1: the set is in none. */
int growing_lane_of(const struct workflow *from, int set);

/* Whether sessions of this description can grow: lanes that do not lie in one another, end by what
 * is drawn or a budget of candidates, and come after nothing of each other; no cancellations,
 * services, phases, failures, releases; in the modes with barriers one lane, in the asynchronous
 * one campaigns that come after nothing. */
bool growing_can(const struct workflow *from, enum mode mode);

/* `iterations`: of each loop (workflow_iterations()); `places`: iterations in flight, at least
 * growing_least_places(). The description outlives it. NULL: it is too long to be numbered so. */
struct growing *growing_new(const struct workflow *from, const struct realise_options *o,
                            const int *iterations, int places);
/* What the other was told of the same session by walking through it. */
void growing_know(struct growing *g, const struct growing *walked);
/* In asynchronous mode: described sets in the order in which they submit at equal instants. */
void growing_order(struct growing *g, const int *order);
void growing_free(struct growing *g);                    /* NULL allowed */
int growing_least_places(const struct workflow *from);
/* Belongs to `g`; its sets change. n_tasks: 0 before the first walk to its end (growing_walk()),
 * which simulators and schedulers want to follow. */
struct workflow *growing_workflow(struct growing *g);

/* Of the run at hand, or the last. */
bool growing_is_full(const struct growing *g);
struct growing_counts {
    size_t n_sets, n_tasks;              /* that have had a place */
    size_t most_sets;                    /* that had one at the same time */
    int most_iterations;                 /* likewise, of one lane */
};
struct growing_counts growing_counts(const struct growing *g);

/* For drivers: sets whose places were taken since the last call. Lives until the next. */
const int *growing_fresh(struct growing *g, size_t *n);
/* Candidates of the round, a set, are let in: rounds that have places since and are ready. Lives
 * until the next call. */
const struct ready_run *growing_took(struct growing *g, uint32_t set, size_t *n);
/* In the order of submission: of the group that the set leads. */
int growing_place(const struct growing *g, int set);

/* The whole session, as if nothing took time: for what is told of a session that is written out
 * without holding it. After growing_walk() each call gives the next sets, each behind all that it
 * comes after; none: that was all, or it got full. */
void growing_walk(struct growing *g);
const int *growing_walk_next(struct growing *g, size_t *n);
/* Of the session's first set, as it is written out: names draws of the session. After a walk. */
uint64_t growing_first_stream(const struct growing *g);
/* Of a set that has a place. */
struct growing_set {
    int base;                            /* described set */
    int iteration;                       /* 0: it is in no loop */
    int level;                           /* sets before it on its longest path */
    /* Sets that it waits for as a whole, barriers too, and that still have places: what is in no
     * loop may come after all iterations of a set. */
    size_t n_waits; const int *waits;
};
struct growing_set growing_set(const struct growing *g, int set);
/* Sets that have not had a place lie at this level, or at a higher one. */
int growing_least_level(const struct growing *g);

#endif
