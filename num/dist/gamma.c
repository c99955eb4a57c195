/* Density x^(k-1) exp(-x) / Gamma(k) at x = y / theta; k = (mean / sd)^2, theta = sd^2 / mean. */
#include "num/dist_impl.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

/* GSL's incomplete gamma function jumps below a cv of about 2e-3; above 10 the lower half underflows. */
#define SMALLEST_CV 5e-3
#define LARGEST_CV 10.0

struct gamma {
    struct dist head;
    double shape, theta;
};

static const struct gamma *of(const struct dist *d)
{
    return (const struct gamma *)d;
}

/* A first guess of ln x: Wilson and Hilferty's cube (1931), or, far down, from P(x) ~ x^k / Gamma(k + 1). */
static double guess_log(double k, double z, double log_lower)
{
    double root = 1 - 1 / (9 * k) + z / (3 * sqrt(k));
    if (z > 0 || (k > 1 && root > 0.3))
        return log(k) + 3 * log(root);
    return (log_lower + gsl_sf_lngamma(k + 1)) / k;
}

/* How far ln P (or ln Q) at x = exp(v) is above its wanted value, positive where v is too large; and its slope in v. */
struct gamma_target { double k, log_wanted; bool lower; };

static double excess(const struct gamma_target *t, double v, double *slope)
{
    double x = exp(v), tail = t->lower ? gsl_cdf_gamma_P(x, t->k, 1) : gsl_cdf_gamma_Q(x, t->k, 1);
    double e = log(tail) - t->log_wanted;
    *slope = gsl_ran_gamma_pdf(x, t->k, 1) * x / tail;
    return t->lower ? e : -e;
}

/* Newton's steps on the logarithm of the smaller tail, kept inside a shrinking bracket: GSL's own inverse fails in the far tails. */
static double solve_log(const struct gamma_target *t, double v)
{
    double low = -DBL_MAX_10_EXP * M_LN10, high = DBL_MAX_10_EXP * M_LN10, slope;
    for (int i = 0; i < 200 && high - low > DBL_EPSILON; i++) {
        double e = excess(t, v, &slope);
        if (e > 0)
            high = v;
        else
            low = v;
        double next = v - e / slope;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - v) <= 2 * DBL_EPSILON * fabs(v) + DBL_MIN)
            return next;
        v = next;
    }
    return v;
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    const struct gamma *x = of(d);
    bool lower = p.lower < p.upper;
    double small = lower ? p.lower : p.upper;
    if (small <= 0)
        return lower ? 0 : INFINITY;
    double z = gsl_cdf_ugaussian_Pinv(small);
    struct gamma_target t = { x->shape, log(small), lower };
    return x->theta * exp(solve_log(&t, guess_log(x->shape, lower ? z : -z, lower ? log(small) : log1p(-small))));
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    const struct gamma *x = of(d);
    if (y <= 0)
        return (struct dist_tails){ 0, 1 };
    return (struct dist_tails){ gsl_cdf_gamma_P(y / x->theta, x->shape, 1), gsl_cdf_gamma_Q(y / x->theta, x->shape, 1) };
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf };
static const char *const fields[] = { "mean", "sd", "cv", NULL };

struct dist *dist_gamma(double mean, double sd)
{
    assert(isfinite(mean) && mean > 0 && (sd == 0 || (sd >= SMALLEST_CV * mean && sd <= LARGEST_CV * mean)));
    struct gamma *d = dist_new(&dist_family_gamma, &ops, sizeof *d, mean, sd);
    d->shape = sd > 0 ? (mean / sd) * (mean / sd) : INFINITY;
    d->theta = sd * (sd / mean);
    return &d->head;
}

static struct dist *parse(const struct json *at, struct error *err)
{
    double mean, sd;
    if (dist_parse_mean_sd(at, DIST_SMALLEST, LARGEST_CV, &mean, &sd, err))
        return NULL;
    if (sd > 0 && sd < SMALLEST_CV * mean) {
        json_error(at, err, "a gamma distribution this narrow cannot be told from a normal one: sd must be 0 or at least %g times the "
                   "mean, is %g with a mean of %g", SMALLEST_CV, sd, mean);
        return NULL;
    }
    return dist_gamma(mean, sd);
}

static void format(const struct dist *d, cJSON *object)
{
    cJSON_AddNumberToObject(object, "mean", d->mean);
    cJSON_AddNumberToObject(object, "sd", d->sd);
}

const struct dist_family dist_family_gamma = {
    .name = "gamma", .summary = "a sum of exponential steps; mean and sd",
    .fields = fields, .parse = parse, .format = format,
};
