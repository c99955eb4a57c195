/* traces/shape.h - how a station's values vary within a session: a family of distributions and its
 * spread, about a given mean.
 *
 * Values are scaled from their session's mean to the common one, as the simulator scales them back.
 * Families are fitted by maximum likelihood (num/fit.h) and compared by the log score of sessions
 * left out: each is scored under the fit to the others. With samples of one session only it is log
 * likelihood - parameters. Where even the best is refuted by the samples (Kolmogorov's distance at
 * 1 %), their quantiles stand in its place; of a polled station, drawn together by the variance of
 * the wait for its tick. */
#ifndef DAGCAST_TRACES_SHAPE_H
#define DAGCAST_TRACES_SHAPE_H

#include <stddef.h>

#include "num/dist.h"
#include "num/fit.h"

/* mean NAN: not used */
struct shape_session { const struct fit_sample *at; size_t n; double mean; };

struct shape {
    struct dist *dist;                   /* of the given mean; NULL where that is 0: nothing */
    const char *family;
    /* NAN where there was no choice, where there is no distance */
    double log_score, kolmogorov;
};

/* `mean` >= 0: what the result has. `period_s` > 0: a polled station, whose ranges are a period
 * wide and are shifted to the common mean, not scaled, since a session's mean is not known well
 * enough; where the wait for a tick explains how they spread within sessions (one-sided test at 5
 * %), the base is constant. `family`: "" lets the score choose. O(SHAPE_MOST samples x families x
 * sessions). */
struct shape shape_fit(const struct shape_session *sessions, size_t n, double mean, double period_s,
                       const char *family);

enum { SHAPE_MOST = 400 };               /* samples used, evenly taken over all */

/* What is expected of a sample known to lie in a range, when values follow `d`. */
double shape_expected_within(const struct dist *d, struct fit_sample range);

/* P(X + W <= y) for W uniform in (0, period): base and wait for a poll's tick. */
double shape_polled_cdf(const struct dist *d, double period_s, double y);

#endif
