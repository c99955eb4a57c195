/* model/critical_path.h - the longest path of the durations under the barriers and dependencies
 * that a mode executes.
 *
 * start(task) = max over what it waits for of stop; stop = start + duration; the length is the
 * largest stop. A set behind a barrier, or after `all` of a parent, waits for the parent's longest;
 * `each`, `block` and listed edges are followed task by task (in the asynchronous mode; stages are
 * submitted whole). What a run takes beyond it is middleware and contention. */
#ifndef DAGCAST_MODEL_CRITICAL_PATH_H
#define DAGCAST_MODEL_CRITICAL_PATH_H

#include "core/durations.h"
#include "core/scenario.h"

/* one thread's workspace; a double a task of the sets that are followed task by task */
struct critical_path;
struct critical_path *critical_path_new(const struct workflow *w, enum mode mode);
void critical_path_free(struct critical_path *c);

/* Seconds, of the replica that `d` has begun; `d` NULL: of the expected (or given) durations.
 * Durations are multiplied by `slope` (the middleware's execute_slope; 1 without). Where attempts
 * may fail, a task counts with its shortest attempt. O(tasks + edges). */
double critical_path_length(struct critical_path *c, const struct durations *d, double slope);

/* The sum of those durations over the tasks of each set, as of the last call of
 * critical_path_length(); n_sets entries. */
const double *critical_path_work(const struct critical_path *c);

#endif
