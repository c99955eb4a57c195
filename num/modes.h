/* num/modes.h - does a sample fall into two groups with a gap between them?
 *
 * Method: under one mode, the density in a gap is at least that of one of the two neighbourhoods
 * beside it. Of c + j values, c in the emptier neighbourhood (as wide as the gap) and j in the gap,
 * at least j are in the gap with probability P(Bin(c + j, 1/2) <= j) at most. All gaps with up to a
 * twentieth of the values inside are tried, so that p is that times their number (Bonferroni). */
#ifndef DAGCAST_NUM_MODES_H
#define DAGCAST_NUM_MODES_H

#include <stdbool.h>
#include <stddef.h>

#define TWO_MODES_LEVEL 0.01

struct two_modes {
    /* p < TWO_MODES_LEVEL; else nothing below but p is filled */
    bool found;
    /* means of the values below and above the middle of the gap */
    double low, high;
    double share_low, share_high;        /* of the values; together 1 */
    double gap;                          /* its width */
    double p;                            /* corrected; 1 where no gap is wide enough */
};
/* Gaps narrower than least_gap are ignored, and those that split off less than a twentieth of the
 * values. Any order. O(n^2 / 20 log n). */
struct two_modes two_modes_of(const double *x, size_t n, double least_gap);

#endif
