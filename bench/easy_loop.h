/* bench/easy_loop.h - EASY backfilling of W8's jobs, as Batsim's fast EASY does it.
 *
 * Reservations count nodes. A job gets the lowest free nodes, from a set of intervals of their
 * numbers, and a row with its times and its nodes. No slots, no policies. */
#ifndef DAGCAST_BENCH_EASY_LOOP_H
#define DAGCAST_BENCH_EASY_LOOP_H

#include <stddef.h>

#include "core/workflow.h"

/* Jobs arrive in the order of their sets. Returns the makespan: from the first start to the last
 * end. */
double easy_loop(const struct workflow *w, size_t nodes);

#endif
