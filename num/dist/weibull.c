/* Y = (-ln U)^(1 / shape); its scale is the scale that every distribution may have. */
#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sf_gamma.h>

/* Below, samples overflow any use; above, the sd drowns in rounding. */
#define SMALLEST_SHAPE 0.1
#define LARGEST_SHAPE 1000.0

struct weibull {
    struct dist head;
    double shape;
};

static const struct weibull *of(const struct dist *d)
{
    return (const struct weibull *)d;
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    return pow(p.lower < p.upper ? -log1p(-p.lower) : -log(p.upper), 1 / of(d)->shape);
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    double x = y > 0 ? pow(y, of(d)->shape) : 0;
    return (struct dist_tails){ -expm1(-x), exp(-x) };
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    double power = 1 / of(d)->shape;
    for (size_t i = 0; i < n; i++)
        out[i] = pow(-log(1 - u[i]), power);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block };
static const struct schema_field fields[] = {
    DIST_NAME("weibull"),
    { "shape", &schema_number, DIST_AT(shape), .min = SMALLEST_SHAPE, .max = LARGEST_SHAPE,
      .required = true,
      .help = "P(X > x) = exp(-(x / scale)^shape)" },
    { "scale", &schema_number, DIST_AT(scale), .max = DIST_LARGEST, .required = true,
      .help = "its second parameter" },
    DIST_SHIFT,
};

struct dist *dist_weibull(double shape, double scale)
{
    assert(shape >= SMALLEST_SHAPE && shape <= LARGEST_SHAPE && isfinite(scale) && scale >= 0);
    double mean = gsl_sf_gamma(1 + 1 / shape), variance = gsl_sf_gamma(1 + 2 / shape) - mean * mean;
    struct weibull *d = dist_new(&dist_family_weibull, &ops, sizeof *d, mean, sqrt(variance));
    d->shape = shape;
    d->head.scale = scale;
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)at;
    (void)err;
    return dist_weibull(w->shape, 1);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->shape = of(d)->shape;
}

const struct dist_family dist_family_weibull = {
    .summary = "shape and scale; below shape 1 a heavy tail, above about 3 a bell",
    .schema = { "weibull", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
