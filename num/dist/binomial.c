#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "num/dist/whole.h"

struct binomial { struct dist head; double n, p; };

static const struct binomial *of(const struct dist *d)
{
    return (const struct binomial *)d;
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    const struct binomial *x = of(d);
    if (y < 0)
        return (struct dist_tails){ 0, 1 };
    if (y >= x->n)
        return (struct dist_tails){ 1, 0 };
    unsigned k = (unsigned)floor(y), n = (unsigned)x->n;
    return (struct dist_tails){ gsl_cdf_binomial_P(k, x->p, n), gsl_cdf_binomial_Q(k, x->p, n) };
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    return whole_quantile(d, p, of(d)->n);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf,
                                     .expected_max = whole_expected_max };
static const struct schema_field fields[] = {
    DIST_NAME("binomial"),
    { "n", &schema_number, DIST_AT(n), .min = 1, .max = 1e6, .required = true, .help = "trials" },
    { "p", &schema_number, DIST_AT(p), .max = 1, .required = true,
      .help = "probability of each to succeed" },
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_binomial(double n, double p)
{
    assert(n >= 1 && n <= 1e6 && n == floor(n) && p >= 0 && p <= 1);
    struct binomial *d =
        dist_new(&dist_family_binomial, &ops, sizeof *d, n * p, sqrt(n * p * (1 - p)));
    d->n = n;
    d->p = p;
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    struct json n = json_member(at, "n");
    if (w->n == floor(w->n))
        return dist_binomial(w->n, w->p);
    json_error(&n, err, "must be a whole number of trials, is %g", w->n);
    return NULL;
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->n = of(d)->n;
    w->p = of(d)->p;
}

const struct dist_family dist_family_binomial = {
    .summary = "a count of successes in n trials; n = 1: yes or no",
    .schema = { "binomial", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
