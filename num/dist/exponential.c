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

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block, .expected_max = expected_max };
static const char *const fields[] = { "mean", NULL };

struct dist *dist_exponential(double mean)
{
    assert(isfinite(mean) && mean >= 0);
    return dist_new(&dist_family_exponential, &ops, sizeof(struct dist), mean, mean);
}

static struct dist *parse(const struct json *at, struct error *err)
{
    double mean;
    return dist_need_seconds(at, "mean", 0, &mean, err) ? NULL : dist_exponential(mean);
}

static void format(const struct dist *d, cJSON *object)
{
    cJSON_AddNumberToObject(object, "mean", d->mean);
}

const struct dist_family dist_family_exponential = {
    .name = "exponential", .summary = "memoryless: gaps between arrivals that know nothing of each other",
    .fields = fields, .parse = parse, .format = format,
};
