/* Which family of distributions describes the samples of a station best. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/shape_impl.h"

/* Log density of what was seen, per mean; log probability of a range. */
static double score_of(const struct dist *d, struct fit_sample x, double mean)
{
    const double h = 1e-3 * mean;
    double p = x.low < x.high ? shape_probability(d, x.low, x.high)
                              : shape_probability(d, x.low - h, x.low + h) * mean / (2 * h);
    return log(fmax(p, SHAPE_LEAST_PROBABILITY));
}

static size_t without(const struct shape_pool *p, size_t session, struct fit_sample *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->session[i] != session)
            out[n++] = p->at[i];
    return n;
}

/* Mean log score over sessions left out, -INFINITY where the family cannot be fitted without one of
 * them. */
static double left_out_score(const struct shape_pool *p, const char *family, size_t n_sessions)
{
    struct fit_sample *others = xcalloc(p->n + 1, sizeof *others);
    double sum = 0;
    for (size_t s = 0; s < n_sessions && sum > -INFINITY; s++) {
        size_t n = without(p, s, others);
        struct fit fit;
        if (n == p->n)
            continue;
        if (fit_family(family, others, n, &fit, NULL)) {
            sum = -INFINITY;
            break;
        }
        for (size_t i = 0; i < p->n; i++)
            if (p->session[i] == s)
                sum += score_of(fit.dist, p->at[i], p->mean);
        fit_clear(&fit);
    }
    free(others);
    return sum / (double)p->n;
}

static double score_family(const struct shape_pool *p, const char *family, size_t n_sessions)
{
    if (p->n_sessions > 1)
        return left_out_score(p, family, n_sessions);
    struct fit fit;
    if (fit_family(family, p->at, p->n, &fit, NULL))
        return -INFINITY;
    double score = (fit.log_likelihood - (double)fit.n_parameters) / (double)p->n;
    fit_clear(&fit);
    return score;
}

const char *shape_choose_family(const struct shape_pool *p, size_t n_sessions, double *score)
{
    const char *best = NULL;
    *score = -INFINITY;
    for (size_t f = 0; fit_families[f]; f++) {
        if (p->n < SHAPE_FEW &&
            (str_equal(fit_families[f], "weibull") || str_equal(fit_families[f], "exponential")))
            /* few samples: the families of mean and sd, whose sd is corrected below */
            continue;
        double of = score_family(p, fit_families[f], n_sessions);
        if (of > *score) {
            *score = of;
            best = fit_families[f];
        }
    }
    return best;
}
