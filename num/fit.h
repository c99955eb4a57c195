/* num/fit.h - maximum-likelihood fits of a family of distributions to what was observed, exactly or
 * only in part. */
#ifndef DAGCAST_NUM_FIT_H
#define DAGCAST_NUM_FIT_H

#include <stddef.h>

#include "base/error.h"
#include "num/dist.h"

/* low = high: that value. low < high: somewhere between (a clock of whole seconds; a poll that saw
 * it late). high = INFINITY: more than low (still running when the trace ends). 0 <= low <
 * INFINITY, seconds. */
struct fit_sample { double low, high; };

struct fit {
    struct dist *dist;
    size_t n_parameters;
    /* those of dist_FAMILY(): mean and sd; mean alone (exponential); shape and scale (weibull) */
    double parameter[2];
    /* of the parameters: the inverse of the observed information */
    double covariance[2][2];
    /* to compare families by, less n_parameters (AIC = 2 n_parameters - 2 log_likelihood) */
    double log_likelihood;
};

/* `family`: normal (truncated at 0, mean > 0), lognormal, gamma, weibull or exponential. -1 and a
 * sentence if the samples do not determine it: too few, all alike, none with an end, a 0 where
 * values must be positive, or no maximum within the parameters' ranges (num/dist.h). O(n) for each
 * of about a hundred evaluations of the likelihood. */
int fit_family(const char *family, const struct fit_sample *samples, size_t n, struct fit *out,
               struct error *err);
void fit_clear(struct fit *fit);         /* frees `dist`; fine twice */

extern const char *const fit_families[];                 /* their names, NULL-terminated */

#endif
