/* sim/randomness.h - whether replicas of a scenario differ.
 *
 * Each purpose of a draw (num/rng.h) has a row in randomness.c: a new purpose needs one. */
#ifndef DAGCAST_SIM_RANDOMNESS_H
#define DAGCAST_SIM_RANDOMNESS_H

#include <stdbool.h>

#include "core/scenario.h"
#include "num/rng.h"

/* False only if every replica of the scenario is the same. O(sets). */
bool scenario_is_random(const struct scenario *s);

bool randomness_is_known(enum rng_purpose purpose);      /* it has a row */

#endif
