/* exp(mu + sigma Z): sigma^2 = ln(1 + (sd / mean)^2), mu = ln(mean) - sigma^2 / 2. */
#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "num/dist/gaussian.h"

struct lognormal {
    struct dist head;
    double mu, sigma;
};

static const struct lognormal *of(const struct dist *d)
{
    return (const struct lognormal *)d;
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    double z =
        p.lower < p.upper ? gsl_cdf_ugaussian_Pinv(p.lower) : gsl_cdf_ugaussian_Qinv(p.upper);
    return exp(of(d)->mu + of(d)->sigma * z);
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    if (y <= 0)
        return (struct dist_tails){ 0, 1 };
    double z = (log(y) - of(d)->mu) / of(d)->sigma;
    return (struct dist_tails){ gsl_cdf_ugaussian_P(z), gsl_cdf_ugaussian_Q(z) };
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    enum { CHUNK = 128 };
    double z[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        gaussian_quantile_block(u + first, m, z);
        for (size_t i = 0; i < m; i++)
            out[first + i] = exp(of(d)->mu + of(d)->sigma * z[i]);
    }
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block };
static const struct schema_field fields[] = {
    DIST_NAME("lognormal"),
    DIST_MEAN_AND_SPREAD(DIST_SMALLEST, DIST_LARGEST_CV),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_lognormal(double mean, double sd)
{
    assert(isfinite(mean) && mean > 0 && isfinite(sd) && sd >= 0);
    double cv = sd / mean, sigma2 = log1p(cv * cv);
    struct lognormal *d =
        dist_new(&dist_family_lognormal, &ops, sizeof *d, mean, sigma2 > 0 ? sd : 0);
    d->mu = log(mean) - sigma2 / 2;
    d->sigma = sqrt(sigma2);
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    double sd;
    return dist_parse_sd(w, at, DIST_LARGEST_CV, &sd, err) ? NULL : dist_lognormal(w->mean, sd);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->mean = d->mean;
    w->sd = d->sd;
}

const struct dist_family dist_family_lognormal = {
    .summary = "its logarithm is normal; mean and sd are those of the value itself",
    .schema = { "lognormal", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
