/* plots/lanes.h - intervals side by side: each gets the lowest lane that is free when it begins. */
#ifndef DAGCAST_PLOTS_LANES_H
#define DAGCAST_PLOTS_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "base/min_heap.h"

struct lane_interval {
    double from_s, to_s;                 /* from_s <= to_s */
    uint32_t lane;                       /* the result */
};
/* Sets each lane; returns how many there are: the most intervals that are open at once. An interval
 * may begin where another on its lane ends. The order of the intervals stays. O(n log n). */
size_t lanes_assign(struct lane_interval *intervals, size_t n);

/* The same for intervals that come one by one, by from_s. Holds what is open at once. */
struct lane_row {                        /* zeros: no lanes yet */
    size_t n_lanes;
    struct min_heap busy, free;          /* private: by end, by lane */
};
/* O(log n_lanes) */
uint32_t lane_row_next(struct lane_row *row, double from_s, double to_s);
void lane_row_clear(struct lane_row *row);

#endif
