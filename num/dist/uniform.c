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
    return (struct dist_tails){ fmin(1, fmax(0, (y - of(d)->min) / width)), fmin(1, fmax(0, (of(d)->max - y) / width)) };
}

static double expected_max(const struct dist *d, size_t n)
{
    return of(d)->max - (of(d)->max - of(d)->min) / ((double)n + 1);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .expected_max = expected_max };
static const char *const fields[] = { "min", "max", NULL };

struct dist *dist_uniform(double min, double max)
{
    assert(isfinite(min) && isfinite(max) && min <= max);
    struct uniform *d = dist_new(&dist_family_uniform, &ops, sizeof *d, min + (max - min) / 2, (max - min) / sqrt(12));
    d->min = min;
    d->max = max;
    return &d->head;
}

static struct dist *parse(const struct json *at, struct error *err)
{
    double min, max;
    struct json place = json_member(at, "max");
    if (dist_need_seconds(at, "min", 0, &min, err) || dist_need_seconds(at, "max", 0, &max, err))
        return NULL;
    if (max < min) {
        json_error(&place, err, "must not be below 'min', is %g with a min of %g", max, min);
        return NULL;
    }
    return dist_uniform(min, max);
}

static void format(const struct dist *d, cJSON *object)
{
    cJSON_AddNumberToObject(object, "min", of(d)->min);
    cJSON_AddNumberToObject(object, "max", of(d)->max);
}

const struct dist_family dist_family_uniform = {
    .name = "uniform", .summary = "all values from min to max are equally likely",
    .fields = fields, .parse = parse, .format = format,
};
