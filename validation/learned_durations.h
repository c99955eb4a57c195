/* validation/learned_durations.h - how long the tasks of a run that is under way take, by what has
 * ended and what still runs.
 *
 * x = log(duration / planned duration) is normal within a kind of tasks (sets of one label): mean
 * mu, variance v. Between kinds mu ~ N(m, 0.05^2), m ~ N(0, 0.2^2); v ~ inverse gamma about the
 * plan's own variance, worth three tasks. Kinds whose plan says nothing have mu ~ N(log of the mean
 * duration so far, 1). Tasks that run are censored: x > log(elapsed / planned). Gibbs' sampler
 * draws from all of it together; a draw gives every running task a duration longer than it has run
 * already (Tanner & Wong 1987). */
#ifndef DAGCAST_VALIDATION_LEARNED_DURATIONS_H
#define DAGCAST_VALIDATION_LEARNED_DURATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/workflow.h"
#include "validation/run_state.h"

struct learned_durations;
/* `plan`: the workflow as it was planned. `st` may change later; what it says now is used. Both
 * outlive the result. */
struct learned_durations *learned_durations_new(const struct workflow *plan,
                                                const struct run_state *st, uint64_t seed);
void learned_durations_free(struct learned_durations *l);                /* NULL allowed */
/* The next draw: a duration for each task, by number; of those that are over, as measured.
 * O(tasks). */
void learned_durations_draw(struct learned_durations *l, double *duration_s);
/* Of a running task: it has run longer than 97.5 % of its kind would. */
bool learned_durations_is_late(const struct learned_durations *l, uint32_t task);

#endif
