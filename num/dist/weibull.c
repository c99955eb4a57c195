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
static const char *const fields[] = { "shape", NULL };

struct dist *dist_weibull(double shape, double scale)
{
    assert(shape >= SMALLEST_SHAPE && shape <= LARGEST_SHAPE && isfinite(scale) && scale >= 0);
    double mean = gsl_sf_gamma(1 + 1 / shape), variance = gsl_sf_gamma(1 + 2 / shape) - mean * mean;
    struct weibull *d = dist_new(&dist_family_weibull, &ops, sizeof *d, mean, sqrt(variance));
    d->shape = shape;
    d->head.scale = scale;
    return &d->head;
}

static struct dist *parse(const struct json *at, struct error *err)
{
    double shape;
    return json_need_number(at, "shape", SMALLEST_SHAPE, LARGEST_SHAPE, &shape, err) ? NULL : dist_weibull(shape, 1);
}

static void format(const struct dist *d, cJSON *object)
{
    cJSON_AddNumberToObject(object, "shape", of(d)->shape);
}

const struct dist_family dist_family_weibull = {
    .name = "weibull", .summary = "shape and scale; below shape 1 a heavy tail, above about 3 a bell",
    .fields = fields, .needs_scale = true, .parse = parse, .format = format,
};
