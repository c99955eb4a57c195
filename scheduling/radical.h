/* scheduling/radical.h - RADICAL-Pilot's own scheduler; it stands behind scheduling/dispatch.h as
 * scheduler "radical".
 *
 * One pass is its loop until it would go to sleep: (1) the wait pool, (2) incoming tasks, (3) freed
 * slots, and again at once if anything moved. The loop leaves the pool alone while it holds that no
 * useful slots are left: from a turn in which neither all of the pool nor all of what came in could
 * be placed, until slots are freed.
 *
 *   "0.70"  RP < 0.73    nodes from the first on; incoming tasks in order of arrival; the pool
 *                        first come, first served, its head blocks
 *   "0.73"  RP < 0.90    the same, but a task that does not fit blocks no other: the pool is tried
 *                        whole, in order of arrival
 *   "1.9"   RP >= 0.90   nodes from where the last placement ended; incoming tasks by number of
 *                        ranks, most first; the pool by lazy bisection over size = (ranks + GPUs a
 *                        rank) x slots a rank
 *   "1.33"  RP >= 1.20   the same, size = ranks x slots a rank x GPUs a rank
 *
 * A pass that places nothing still permutes the pool, so how many retries go by matters to what
 * comes next. */
#ifndef DAGCAST_SCHEDULING_RADICAL_H
#define DAGCAST_SCHEDULING_RADICAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/demand.h"

/* The name above of the generation that a release belongs to ("1.4.0" -> "1.9"); NULL: no version
 * number. */
const char *radical_generation(const char *version);
const char *radical_generation_at(size_t i);             /* NULL past the end */
/* its loop turns while tasks wait, else only when something happens */
bool radical_polls(const char *version);
/* By which the pool is sorted. */
double radical_size(const char *version, const struct slot_demand *d);

#endif
