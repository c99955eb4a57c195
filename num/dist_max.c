#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

/* The maximum of n draws lies where P(Y <= y) = V^(1/n), V uniform. With V = exp(-t), t = exp(s):
 *
 *     E max = mean + integral of (Q(exp(-t/n)) - mean) exp(s - t) ds,
 *
 * Q the quantile. The upper tail 1 - exp(-t/n) = -expm1(-t/n) keeps its accuracy for any n, and the
 * weight is the Gumbel density, so the integrand is smooth where Q is, and as wide at n = 2 as at n
 * = 10^7. */
struct maximum { const struct dist *d; double n; };

static double integrand(double s, void *context)
{
    const struct maximum *m = context;
    double t = exp(s);
    struct dist_tails p = { .lower = exp(-t / m->n), .upper = -expm1(-t / m->n) };
    return (m->d->ops->quantile(m->d, p) - m->d->mean) * exp(s - t);
}

double dist_expected_max_numeric(const struct dist *d, size_t n)
{
    /* Outside -100 .. 4.5 the weight is below 1e-38, more than any tail makes up for; the bulk is
     * within -5 .. 4.5. */
    enum { POINTS = 4, INTERVALS = 1000 };
    double points[POINTS] = { -100, -30, -5, 4.5 }, integral, abs_error;
    struct maximum m = { d, (double)n };
    gsl_function f = { integrand, &m };
    gsl_integration_workspace *w = gsl_integration_workspace_alloc(INTERVALS);
    assert(w);
    /* A status other than success means that rounding ended it early, next to a jump of the
     * quantile: the value is good. */
    gsl_integration_qagp(&f, points, POINTS, 1e-9 * d->sd, 1e-9, INTERVALS, w, &integral,
                         &abs_error);
    gsl_integration_workspace_free(w);
    return d->mean + integral;
}
