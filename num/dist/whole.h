/* num/dist/whole.h - what families of whole numbers share: counts, not durations. */
#ifndef DAGCAST_NUM_DIST_WHOLE_H
#define DAGCAST_NUM_DIST_WHOLE_H

#include "num/dist_impl.h"

/* The smallest whole k >= 0 with P(Y <= k) >= p.lower; at most `most`. O(log of the distance from
 * the mean). */
double whole_quantile(const struct dist *d, struct dist_tails p, double most);
/* E max of n draws: the sum over k of 1 - P(Y <= k)^n, to 1e-12. */
double whole_expected_max(const struct dist *d, size_t n);

/* Families whose largest number has a limit: their means stay countable. */
#define WHOLE_LARGEST 1e9

#endif
