/* validation/replay_steps.h - a polling RADICAL scheduler told step by step: each placement given
 * all that the session did before it.
 *
 * replay_run.h lets a candidate run free. RADICAL's pool is permuted by each turn in which nothing
 * can be placed, no session records these, and one that is guessed wrong leads astray for good. But
 * they only permute tasks of equal size: the pool is sorted by size in each pass. So a step (what
 * was placed between two freeings) is walked as the bisection walks the sizes; at an index it
 * tries, the task is the one that the session placed next if that has this size, else one of this
 * size that is refused. A placement is explained if the walk comes to it, through refusals that
 * were possible, and the search gives it the nodes, slots and GPUs that it had. */
#ifndef DAGCAST_VALIDATION_REPLAY_STEPS_H
#define DAGCAST_VALIDATION_REPLAY_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "traces/session.h"

struct replay_steps {
    size_t n_placements;                 /* with measured slots, arrival and instant */
    size_t n_explained;
    size_t n_steps;
};
/* False: the generation does not poll, or nothing can be followed. O(steps x tries x sets of one
 * size x nodes). */
bool replay_steps(const struct session *s, const char *generation, struct replay_steps *out);

#endif
