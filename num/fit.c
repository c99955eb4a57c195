/* log L = sum over exact samples of ln f(x) + sum over the others of ln (F(high) - F(low)),
 * F(infinity) = 1.
 *
 * Every parameter is positive, so the search is for its logarithm, in units of about a standard
 * error, by Nelder and Mead's simplex; second differences of log L at the maximum give the observed
 * information. */
#include "num/fit_impl.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "base/str.h"

/* of the simplex, in standard errors; rounding of log L stops it near 1e-6 */
#define ENOUGH 1e-4

struct problem {
    const struct fit_law *law;
    const struct fit_sample *samples;
    size_t n;
    double start[2], unit[2];            /* parameter k is exp(start[k] + unit[k] x[k]) */
};

static void parameters_at(const struct problem *p, const double *x, double *parameter)
{
    for (size_t k = 0; k < p->law->n_parameters; k++)
        parameter[k] = exp(p->start[k] + p->unit[k] * x[k]);
}

/* The difference is taken in the tail where it does not cancel. */
static double log_probability(const struct fit_law *law, struct fit_sample s, const double *c)
{
    if (s.low == s.high)
        return law->log_density(s.low, c);
    if (isinf(s.high))
        return log(law->upper(s.low, c));
    double below = law->lower(s.low, c);
    return log(below < 0.5 ? law->lower(s.high, c) - below
                           : law->upper(s.low, c) - law->upper(s.high, c));
}

/* -log L; where that is not finite a number beyond any that is, so that the simplex turns back. */
static double cost(const struct problem *p, const double *x)
{
    double parameter[2], c[FIT_CONSTANTS], sum = 0;
    parameters_at(p, x, parameter);
    if (!p->law->prepare(parameter, c))
        return DBL_MAX;
    for (size_t i = 0; i < p->n; i++)
        sum -= log_probability(p->law, p->samples[i], c);
    return isfinite(sum) ? sum : DBL_MAX;
}

static double cost_of_vector(const gsl_vector *x, void *context)
{
    const struct problem *p = context;
    double at[2];
    for (size_t k = 0; k < p->law->n_parameters; k++)
        at[k] = gsl_vector_get(x, k);
    return cost(p, at);
}

/* ---- what can be fitted at all ---- */

static int check_sample(const struct fit_law *law, size_t i, struct fit_sample s, struct error *err)
{
    if (!(s.low >= 0 && isfinite(s.low) && s.high >= s.low))
        return error_set(err, "sample %zu: must have 0 <= low <= high, is %g to %g", i, s.low,
                         s.high);
    if (law->positive && s.high == 0)
        return error_set(err, "sample %zu is 0: a %s distribution has positive values only", i,
                         law->name);
    return 0;
}

/* One constant within all samples would make the likelihood grow without bound; for the exponential
 * that constant is 0. */
static int check_samples(const struct problem *p, struct error *err)
{
    double largest_low = 0, smallest_high = INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        if (check_sample(p->law, i, p->samples[i], err))
            return -1;
        largest_low = fmax(largest_low, p->samples[i].low);
        smallest_high = fmin(smallest_high, p->samples[i].high);
    }
    if (isinf(smallest_high))
        return error_set(err, "%zu samples, none with an end: all were cut off", p->n);
    if (p->law->n_parameters == 1 ? largest_low == 0 : largest_low <= smallest_high)
        return error_set(
            err,
            "%zu samples that the constant %g explains: nothing varies that a fit could explain",
            p->n, largest_low);
    return 0;
}

/* ---- the search ---- */

static double middle(struct fit_sample s)
{
    return isinf(s.high) ? s.low : (s.low + s.high) / 2;
}

static void choose_start(struct problem *p)
{
    double mean = 0, variance = 0, n = (double)p->n, guess[2], error[2];
    for (size_t i = 0; i < p->n; i++)
        mean += middle(p->samples[i]) / n;
    for (size_t i = 0; i < p->n; i++)
        variance += (middle(p->samples[i]) - mean) * (middle(p->samples[i]) - mean) / n;
    p->law->guess(mean, fmax(1e-9, sqrt(variance) / mean), guess, error);
    for (size_t k = 0; k < p->law->n_parameters; k++) {
        p->start[k] = log(guess[k]);
        p->unit[k] = error[k] / sqrt(n);
    }
}

/* From x, with a first simplex of one unit; x becomes the minimum. false: none found. */
static bool descend(struct problem *p, double *x)
{
    enum { STEPS = 2000 };
    const size_t dimension = p->law->n_parameters;
    gsl_multimin_function f = { cost_of_vector, dimension, p };
    gsl_multimin_fminimizer *m =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, dimension);
    gsl_vector *at = gsl_vector_alloc(dimension), *step = gsl_vector_alloc(dimension);
    assert(m && at && step);
    for (size_t k = 0; k < dimension; k++)
        gsl_vector_set(at, k, x[k]);
    gsl_vector_set_all(step, 1);
    int status = gsl_multimin_fminimizer_set(m, &f, at, step);
    bool small = false;
    for (int i = 0; i < STEPS && status == GSL_SUCCESS && !small; i++) {
        status = gsl_multimin_fminimizer_iterate(m);
        small = gsl_multimin_fminimizer_size(m) < ENOUGH;
    }
    for (size_t k = 0; k < dimension; k++)
        x[k] = gsl_vector_get(m->x, k);
    gsl_vector_free(at);
    gsl_vector_free(step);
    gsl_multimin_fminimizer_free(m);
    return small;
}

static double cost_beside(const struct problem *p, const double *x, double dx0, double dx1)
{
    return cost(p, (const double[]){ x[0] + dx0, x[1] + dx1 });
}

/* Second differences of the cost at x, in units; false where they are those of no minimum. */
static bool information(const struct problem *p, const double *x, double h, double hessian[2][2])
{
    const double here = cost(p, x);
    bool two = p->law->n_parameters == 2;
    hessian[0][0] = (cost_beside(p, x, h, 0) - 2 * here + cost_beside(p, x, -h, 0)) / (h * h);
    hessian[1][1] =
        two ? (cost_beside(p, x, 0, h) - 2 * here + cost_beside(p, x, 0, -h)) / (h * h) : 1;
    hessian[0][1] = hessian[1][0] = !two ? 0
                                         : (cost_beside(p, x, h, h) - cost_beside(p, x, h, -h) -
                                            cost_beside(p, x, -h, h) + cost_beside(p, x, -h, -h)) /
                                               (4 * h * h);
    double determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[0][1];
    return hessian[0][0] > 1e-6 && hessian[1][1] > 1e-6 && determinant > 1e-9 &&
           hessian[0][0] < 1e9 && hessian[1][1] < 1e9;
}

/* The inverse of the information, from units of x to the parameters: d parameter = parameter unit
 * dx. */
static void set_covariance(const struct problem *p, double hessian[2][2], struct fit *out)
{
    double determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[0][1];
    double inverse[2][2] = { { hessian[1][1] / determinant, -hessian[0][1] / determinant },
                             { -hessian[0][1] / determinant, hessian[0][0] / determinant } };
    for (size_t i = 0; i < p->law->n_parameters; i++)
        for (size_t k = 0; k < p->law->n_parameters; k++)
            out->covariance[i][k] = inverse[i][k] * ((p->unit[i] * out->parameter[i]) *
                                                     (p->unit[k] * out->parameter[k]));
}

static const struct fit_law *find_law(const char *name, struct error *err)
{
    for (size_t i = 0; i < fit_law_count; i++)
        if (str_equal(fit_laws[i].name, name))
            return &fit_laws[i];
    error_set(err,
              "no distribution '%s' that can be fitted; there are normal, lognormal, gamma, "
              "weibull, exponential",
              name);
    return NULL;
}

int fit_family(const char *family, const struct fit_sample *samples, size_t n, struct fit *out,
               struct error *err)
{
    struct problem p = { .law = find_law(family, err), .samples = samples, .n = n };
    double x[2] = { 0, 0 }, hessian[2][2];
    if (!p.law)
        return -1;
    if (n < p.law->n_parameters)
        return error_set(err, "%zu samples are too few for the %zu parameters of a %s distribution",
                         n, p.law->n_parameters, family);
    if (check_samples(&p, err))
        return -1;
    choose_start(&p);
    /* Twice: a simplex may shrink before it has arrived, a fresh one from there does not. */
    if (!descend(&p, x) || !descend(&p, x) || !information(&p, x, 0.1, hessian))
        return error_set(err,
                         "a %s distribution does not fit these %zu samples: its likelihood has no "
                         "maximum within the parameters' ranges",
                         family, n);
    *out = (struct fit){ .n_parameters = p.law->n_parameters, .log_likelihood = -cost(&p, x) };
    parameters_at(&p, x, out->parameter);
    set_covariance(&p, hessian, out);
    out->dist = p.law->make(out->parameter);
    return 0;
}

void fit_clear(struct fit *fit)
{
    dist_free(fit->dist);
    fit->dist = NULL;
}
