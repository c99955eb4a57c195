#include <assert.h>
#include <math.h>

#include "num/dist/whole.h"

struct geometric { struct dist head; double p; };

static const struct geometric *of(const struct dist *d)
{
    return (const struct geometric *)d;
}

/* P(Y > k) = (1 - p)^k. */
static struct dist_tails cdf(const struct dist *d, double y)
{
    double x = fmax(0, floor(y)) * log1p(-of(d)->p);
    return (struct dist_tails){ -expm1(x), exp(x) };
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    double upper = p.lower < p.upper ? log1p(-p.lower) : log(p.upper);
    double k = fmax(1, ceil(upper / log1p(-of(d)->p) - 1e-9));
    return k;
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf,
                                     .expected_max = whole_expected_max };
static const struct schema_field fields[] = {
    DIST_NAME("geometric"),
    { "p", &schema_number, DIST_AT(p), .min = 1e-6, .max = 1, .required = true,
      .help = "probability of each trial to succeed; mean = 1 / p" },
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_geometric(double p)
{
    assert(p >= 1e-6 && p <= 1);
    struct geometric *d = dist_new(&dist_family_geometric, &ops, sizeof *d, 1 / p, sqrt(1 - p) / p);
    d->p = p;
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)at;
    (void)err;
    return dist_geometric(w->p);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->p = of(d)->p;
}

const struct dist_family dist_family_geometric = {
    .summary = "trials up to and with the first success, from 1: iterations",
    .schema = { "geometric", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
