/* traces/shape_impl.h - what shape.c, which fits the spread of a station, and shape_family.c,
 * which chooses its family, share. */
#ifndef DAGCAST_TRACES_SHAPE_IMPL_H
#define DAGCAST_TRACES_SHAPE_IMPL_H

#include <stddef.h>

#include "traces/shape.h"

/* a left-out sample that a fit thinks impossible costs so much, not everything */
#define SHAPE_LEAST_PROBABILITY 1e-12
enum { SHAPE_FEW = 30 };                 /* fewer samples tell no more than a mean and an sd */

struct shape_pool {                            /* samples of all sessions, on one scale */
    struct fit_sample *at;
    size_t *session, n, n_all;
    size_t n_sessions;                   /* that are in it */
    double mean;
};

/* P(low < X <= high), accurate in both tails. */
double shape_probability(const struct dist *d, double low, double high);
/* The family of the best score, which *score is; NULL: none can be fitted. `n_sessions`: also those
 * that are not in the pool. */
const char *shape_choose_family(const struct shape_pool *p, size_t n_sessions, double *score);

#endif
