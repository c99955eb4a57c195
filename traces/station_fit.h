/* traces/station_fit.h - one station from its samples: session means, their population, and the
 * values within a session. */
#ifndef DAGCAST_TRACES_STATION_FIT_H
#define DAGCAST_TRACES_STATION_FIT_H

#include <stddef.h>

#include "num/dist.h"
#include "num/random_effects.h"
#include "traces/samples.h"

struct station_fit {
    /* that have samples; in all; of these, ranges */
    size_t n_sessions, n_samples, n_censored;
    double *session_mean;                /* of each session, NAN without samples */
    struct random_effects level;         /* of the sessions' means; all NAN without samples */
    double degrees;                      /* of freedom of level.se */
    double own_se, own_degrees;          /* the same without the shared error */
    double within;                       /* sd within a session */
    /* Variance of a session's mean about its true one, on average over sessions; of one that was
     * polled the phases of its polls, too. 0: unknown. */
    double noise;
    struct dist *dist;                   /* of the mean max(0, level.mean); NULL: nothing */
    const char *family;                  /* NULL without samples */
    double log_score, kolmogorov;
};

/* lists[s]: samples of session s. Polled (period_s > 0): a session's mean is that of its ranges'
 * middles, unbiased over phases. Else ranges count with what the fit expects within them (EM).
 * `family` "": chosen. `shared`: what all session means have in common from something else that was
 * estimated, with the degrees of freedom of that; both variances add, and so do, after
 * Satterthwaite (1946), their degrees. */
struct shared_error { double variance, degrees; };       /* variance 0: none */
void station_fit(struct station_fit *out, const struct sample_list *lists, size_t n_sessions,
                 double period_s, const char *family, struct shared_error shared);
void station_fit_clear(struct station_fit *f);

#endif
