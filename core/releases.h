/* core/releases.h - from when on each task of a set may be submitted: drawn in one place, for the
 * simulator and the executor. */
#ifndef DAGCAST_CORE_RELEASES_H
#define DAGCAST_CORE_RELEASES_H

#include <stdint.h>

#include "core/workflow.h"

/* Seconds since the start, n_tasks values; 0 where the set says nothing. Gaps are drawn as (seed,
 * replica, RNG_RELEASE, set's stream). */
void releases_of(const struct task_set *set, uint64_t seed, uint32_t replica, double *release_s);

#endif
