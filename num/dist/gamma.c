/* Density x^(k-1) exp(-x) / Gamma(k) at x = y / theta; k = (mean / sd)^2, theta = sd^2 / mean.
 *
 * The quantile is a root of GSL's incomplete gamma function: exact, and 1 to 50 microseconds.
 * Samples come from a table, made once: ln x as a function of the normal score z of the
 * probability, which is smooth and all but straight, by cubic Hermite interpolation between knots
 * 1/16 apart; within 1e-7 of the quantile. */
#include "num/dist_impl.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "num/dist/gaussian.h"

/* GSL's incomplete gamma function jumps below a cv of about 2e-3; above 10 the lower half
 * underflows. */
#define SMALLEST_CV 5e-3
#define LARGEST_CV 10.0

#define KNOTS_PER_UNIT 16
#define LARGEST_SCORE 8.5                /* the scores of uniform numbers end at 8.3 */
#define KNOTS (17 * KNOTS_PER_UNIT + 1)  /* from -8.5 to 8.5 */

struct knot { double value, slope; };    /* ln x and its change from knot to knot */
struct gamma {
    struct dist head;
    double shape, theta;
    struct knot table[KNOTS];
};

static const struct gamma *of(const struct dist *d)
{
    return (const struct gamma *)d;
}

/* density(x) x at x = exp(v). */
static double density_of_log(double k, double v)
{
    return exp(k * v - exp(v) - gsl_sf_lngamma(k));
}

/* How far ln P (or ln Q) at x = exp(v) is above its wanted value, positive where v is too large;
 * and its slope in v. */
struct gamma_target { double k, log_wanted; bool lower; };

static double excess(const struct gamma_target *t, double v, double *slope)
{
    double x = exp(v), tail = t->lower ? gsl_cdf_gamma_P(x, t->k, 1) : gsl_cdf_gamma_Q(x, t->k, 1);
    double e = log(tail) - t->log_wanted;
    *slope = density_of_log(t->k, v) / tail;
    return t->lower ? e : -e;
}

/* Newton's steps on the logarithm of the smaller tail, kept inside a shrinking bracket: GSL's own
 * inverse fails in the far tails. */
static double solve_log(const struct gamma_target *t, double v)
{
    double low = -100, high = 100, slope;
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

/* ln x where the smaller tail is `tail` > 0, at the normal score z. It starts from Wilson and
 * Hilferty's cube (1931) or, far down, from P(x) = x^k / Gamma(k + 1), whose relative error is
 * below x. */
static double log_quantile(double k, double z, double tail)
{
    struct gamma_target t = { k, log(tail), z < 0 };
    double root = 1 - 1 / (9 * k) + z / (3 * sqrt(k));
    double far = ((z < 0 ? log(tail) : log1p(-tail)) + gsl_sf_lngamma(k + 1)) / k;
    if (far < -40)
        return far;
    return solve_log(&t, root > 0.3 && (z > 0 || k > 1) ? log(k) + 3 * log(root) : far);
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    const struct gamma *x = of(d);
    bool lower = p.lower < p.upper;
    double tail = lower ? p.lower : p.upper, z = gsl_cdf_ugaussian_Pinv(tail);
    if (tail <= 0)
        return lower ? 0 : INFINITY;
    return x->theta * exp(log_quantile(x->shape, lower ? z : -z, tail));
}

/* d ln x / dz = phi(z) / (density(x) x). */
static struct knot knot_at(double k, double z)
{
    double v = log_quantile(k, z, gsl_cdf_ugaussian_P(-fabs(z)));
    return (struct knot){ v, gsl_ran_ugaussian_pdf(z) / density_of_log(k, v) / KNOTS_PER_UNIT };
}

static double interpolate(const struct knot *table, double z)
{
    double at = (z + LARGEST_SCORE) * KNOTS_PER_UNIT;
    size_t i = (size_t)at;
    const struct knot *a = &table[i], *b = a + 1;
    double t = at - (double)i, rise = b->value - a->value, left = a->slope - rise,
           right = rise - b->slope;
    return a->value + t * (rise + (1 - t) * (left * (1 - t) + right * t));
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    enum { CHUNK = 128 };
    const struct gamma *x = of(d);
    double z[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        gaussian_quantile_block(u + first, m, z);
        for (size_t i = 0; i < m; i++)
            out[first + i] = x->theta * exp(interpolate(x->table, z[i]));
    }
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    const struct gamma *x = of(d);
    if (y <= 0)
        return (struct dist_tails){ 0, 1 };
    return (struct dist_tails){ gsl_cdf_gamma_P(y / x->theta, x->shape, 1),
                                gsl_cdf_gamma_Q(y / x->theta, x->shape, 1) };
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block };
static const struct schema_field fields[] = {
    DIST_NAME("gamma"),
    DIST_MEAN_AND_SPREAD(DIST_SMALLEST, LARGEST_CV),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_gamma(double mean, double sd)
{
    assert(isfinite(mean) && mean > 0 &&
           (sd == 0 || (sd >= SMALLEST_CV * mean && sd <= LARGEST_CV * mean)));
    struct gamma *d = dist_new(&dist_family_gamma, &ops, sizeof *d, mean, sd);
    if (sd > 0) {
        d->shape = (mean / sd) * (mean / sd);
        d->theta = sd * (sd / mean);
        for (int i = 0; i < KNOTS; i++)
            d->table[i] = knot_at(d->shape, (double)i / KNOTS_PER_UNIT - LARGEST_SCORE);
    }
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    double sd;
    if (dist_parse_sd(w, at, LARGEST_CV, &sd, err))
        return NULL;
    if (sd == 0 || sd >= SMALLEST_CV * w->mean)
        return dist_gamma(w->mean, sd);
    json_error(at, err,
               "a gamma distribution this narrow cannot be told from a normal one: sd must be 0 or "
               "at least %g times the mean, is %g with a mean of %g",
               SMALLEST_CV, sd, w->mean);
    return NULL;
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->mean = d->mean;
    w->sd = d->sd;
}

const struct dist_family dist_family_gamma = {
    .summary = "a sum of exponential steps; mean and sd",
    .schema = { "gamma", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
