#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_psi.h>

static double quantile(const struct dist *d, struct dist_tails p)
{
    return -d->mean * (p.lower < p.upper ? log1p(-p.lower) : log(p.upper));
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    double x = fmax(0, y / d->mean);
    return (struct dist_tails){ -expm1(-x), exp(-x) };
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    double mean = d->mean;
    for (size_t i = 0; i < n; i++)
        out[i] = -mean * log(1 - u[i]);
}

/* mean (1 + 1/2 + ... + 1/n): the first of n ends after mean / n, then n - 1 are left. */
static double expected_max(const struct dist *d, size_t n)
{
    return d->mean * (gsl_sf_psi((double)n + 1) + M_EULER);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block,
                                     .expected_max = expected_max };
static const struct schema_field fields[] = {
    DIST_NAME("exponential"),
    DIST_SECONDS("mean", mean, 0, "memoryless; sd = mean"),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_exponential(double mean)
{
    assert(isfinite(mean) && mean >= 0);
    return dist_new(&dist_family_exponential, &ops, sizeof(struct dist), mean, mean);
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)at;
    (void)err;
    return dist_exponential(w->mean);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->mean = d->mean;
}

const struct dist_family dist_family_exponential = {
    .summary = "memoryless: gaps between arrivals that know nothing of each other",
    .schema = { "exponential", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
