#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "num/dist/whole.h"

static struct dist_tails cdf(const struct dist *d, double y)
{
    if (y < 0)
        return (struct dist_tails){ 0, 1 };
    unsigned k = (unsigned)fmin(floor(y), 4e9);
    return (struct dist_tails){ gsl_cdf_poisson_P(k, d->mean), gsl_cdf_poisson_Q(k, d->mean) };
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    return p.upper == 0 ? INFINITY : whole_quantile(d, p, 2 * WHOLE_LARGEST);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf,
                                     .expected_max = whole_expected_max };
static const struct schema_field fields[] = {
    DIST_NAME("poisson"),
    { "mean", &schema_number, DIST_AT(mean), .max = 1e6, .required = true,
      .help = "a whole number; variance = mean" },
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_poisson(double mean)
{
    assert(mean >= 0 && mean <= 1e6);
    return dist_new(&dist_family_poisson, &ops, sizeof(struct dist), mean, sqrt(mean));
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)at;
    (void)err;
    return dist_poisson(w->mean);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->mean = d->mean;
}

const struct dist_family dist_family_poisson = {
    .summary = "a count of what happens rarely in many places: children of a task",
    .schema = { "poisson", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
