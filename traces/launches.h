/* traces/launches.h - the launcher seen from outside: its service, the way to it, and what each
 * task did behind it.
 *
 * k servers in parallel take tasks in order of placement. While more wait than are served, launch i
 * follows launch i - k after one service: L_i - L_(i-k). A task that finds a server free is
 * launched after the way to the launcher and its own service. */
#ifndef DAGCAST_TRACES_LAUNCHES_H
#define DAGCAST_TRACES_LAUNCHES_H

#include "traces/samples.h"

/* Fills of[STATION_LAUNCH], tasks and n_stalls of `out`. O(n log n). */
void launches_sample(struct samples *out, const struct session *s, int servers);

#endif
