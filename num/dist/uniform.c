#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

struct uniform {
    struct dist head;
    double min, max;
};

static const struct uniform *of(const struct dist *d)
{
    return (const struct uniform *)d;
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    double width = of(d)->max - of(d)->min;
    return p.lower < p.upper ? of(d)->min + width * p.lower : of(d)->max - width * p.upper;
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    double width = of(d)->max - of(d)->min;
    return (struct dist_tails){ fmin(1, fmax(0, (y - of(d)->min) / width)),
                                fmin(1, fmax(0, (of(d)->max - y) / width)) };
}

static double expected_max(const struct dist *d, size_t n)
{
    return of(d)->max - (of(d)->max - of(d)->min) / ((double)n + 1);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf,
                                     .expected_max = expected_max };
static const struct schema_field fields[] = {
    DIST_NAME("uniform"),
    DIST_SECONDS("min", min, 0, "everything from here"),
    DIST_SECONDS("max", max, 0, "to here is equally likely"),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_uniform(double min, double max)
{
    assert(isfinite(min) && isfinite(max) && min <= max);
    struct uniform *d = dist_new(&dist_family_uniform, &ops, sizeof *d, min + (max - min) / 2,
                                 (max - min) / sqrt(12));
    d->min = min;
    d->max = max;
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    struct json place = json_member(at, "max");
    if (w->max >= w->min)
        return dist_uniform(w->min, w->max);
    json_error(&place, err, "must not be below 'min', is %g with a min of %g", w->max, w->min);
    return NULL;
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->min = of(d)->min;
    w->max = of(d)->max;
}

const struct dist_family dist_family_uniform = {
    .summary = "all values from min to max are equally likely",
    .schema = { "uniform", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
