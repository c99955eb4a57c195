/* What was seen: values, each with probability 1/n, or quantiles with straight lines between them.
 * For both
 *
 *     E max of n = largest - sum over gaps of (x[i+1] - x[i]) x (mean of u^n over the gap's part of
 *     the CDF),
 *
 * u^n = (i/m)^n at the i-th of m values, and (b^(n+1) - a^(n+1)) / ((n+1)(b-a)) between quantiles
 * at a and b. */
#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics.h>

#include "base/sort.h"
#include "base/xalloc.h"

struct empirical {
    struct dist head;
    size_t n;
    /* ascending; of quantiles: then n probabilities, 0 ... 1, strictly ascending */
    double x[];
};

static const struct empirical *of(const struct dist *d)
{
    return (const struct empirical *)d;
}

/* ---- values ---- */

/* The smallest k with (k + 1) / n >= p, so that quantile(cdf(x)) = x whatever rounding does to k /
 * n. */
static double value_quantile(const struct dist *d, struct dist_tails p)
{
    const struct empirical *e = of(d);
    double n = (double)e->n;
    size_t k = (size_t)(p.lower * n);
    if (k > e->n - 1)
        k = e->n - 1;
    while (k > 0 && (double)k / n >= p.lower)
        k--;
    while (k < e->n - 1 && (double)(k + 1) / n < p.lower)
        k++;
    return e->x[k];
}

static struct dist_tails value_cdf(const struct dist *d, double y)
{
    const struct empirical *e = of(d);
    size_t k = sort_count(e->x, e->n, y);
    return (struct dist_tails){ (double)k / (double)e->n, (double)(e->n - k) / (double)e->n };
}

static double value_expected_max(const struct dist *d, size_t n)
{
    const struct empirical *e = of(d);
    double sum = 0;
    for (size_t i = 1; i < e->n; i++)
        sum += (e->x[i] - e->x[i - 1]) * pow((double)i / (double)e->n, (double)n);
    return e->x[e->n - 1] - sum;
}

static const struct dist_ops value_ops = { .quantile = value_quantile, .cdf = value_cdf,
                                           .expected_max = value_expected_max };

/* The moments are sums in ascending order, so that they are the same of the same values in any
 * order, as of those that were written. */
struct dist *dist_empirical(const double *values, size_t n)
{
    assert(n >= 1);
    double *x = xmemdup(values, n * sizeof *x);
    sort_doubles(x, n);
    assert(isfinite(x[0]) && isfinite(x[n - 1]));
    double mean = gsl_stats_mean(x, 1, n), sd = gsl_stats_sd_with_fixed_mean(x, 1, n, mean);
    bool constant = x[0] == x[n - 1];
    struct empirical *e =
        dist_new(&dist_family_empirical, &value_ops, sizeof *e + n * sizeof e->x[0],
                 constant ? x[0] : mean, constant ? 0 : sd);
    e->n = n;
    memcpy(e->x, x, n * sizeof e->x[0]);
    free(x);
    return &e->head;
}

/* ---- quantiles ---- */

static const double *probabilities(const struct empirical *e)
{
    return e->x + e->n;
}

static double line_quantile(const struct dist *d, struct dist_tails p)
{
    const struct empirical *e = of(d);
    const double *at = probabilities(e);
    size_t i = sort_count(at, e->n, p.lower);
    if (i >= e->n)
        return e->x[e->n - 1];
    return e->x[i - 1] + (e->x[i] - e->x[i - 1]) * ((p.lower - at[i - 1]) / (at[i] - at[i - 1]));
}

static struct dist_tails line_cdf(const struct dist *d, double y)
{
    const struct empirical *e = of(d);
    const double *at = probabilities(e);
    size_t i = sort_count(e->x, e->n, y);
    if (i == 0)
        return (struct dist_tails){ 0, 1 };
    if (i == e->n)
        return (struct dist_tails){ 1, 0 };
    double p = at[i - 1] + (at[i] - at[i - 1]) * ((y - e->x[i - 1]) / (e->x[i] - e->x[i - 1]));
    return (struct dist_tails){ p, 1 - p };
}

static double line_expected_max(const struct dist *d, size_t n)
{
    const struct empirical *e = of(d);
    const double *at = probabilities(e);
    double sum = 0, power = (double)n + 1;
    for (size_t i = 1; i < e->n; i++)
        sum += (e->x[i] - e->x[i - 1]) * (pow(at[i], power) - pow(at[i - 1], power)) /
               (power * (at[i] - at[i - 1]));
    return e->x[e->n - 1] - sum;
}

static const struct dist_ops line_ops = { .quantile = line_quantile, .cdf = line_cdf,
                                          .expected_max = line_expected_max };

/* Of a mixture of uniform pieces. */
static void line_moments(const double *p, const double *x, size_t n, double *mean, double *sd)
{
    double sum = 0, variance = 0;
    for (size_t i = 1; i < n; i++)
        sum += (p[i] - p[i - 1]) * (x[i - 1] + x[i]) / 2;
    for (size_t i = 1; i < n; i++) {
        double width = x[i] - x[i - 1], off = (x[i - 1] + x[i]) / 2 - sum;
        variance += (p[i] - p[i - 1]) * (off * off + width * width / 12);
    }
    *mean = sum;
    *sd = sqrt(variance);
}

struct dist *dist_empirical_quantiles(const double *p, const double *x, size_t n)
{
    double mean, sd;
    assert(n >= 2 && p[0] == 0 && p[n - 1] == 1 && isfinite(x[0]) && isfinite(x[n - 1]));
    for (size_t i = 1; i < n; i++)
        assert(p[i] > p[i - 1] && x[i] >= x[i - 1]);
    line_moments(p, x, n, &mean, &sd);
    bool constant = x[0] == x[n - 1];
    struct empirical *e =
        dist_new(&dist_family_empirical, &line_ops, sizeof *e + 2 * n * sizeof e->x[0],
                 constant ? x[0] : mean, constant ? 0 : sd);
    e->n = n;
    memcpy(e->x, x, n * sizeof *x);
    memcpy(e->x + n, p, n * sizeof *p);
    return &e->head;
}

/* ---- JSON ---- */

static int read_values(const struct json *list, double *x, struct error *err)
{
    size_t i = 0;
    for (struct json e = json_first(list); e.value; e = json_next(&e))
        if (json_as_quantity(&e, QUANTITY_SECONDS, 0, DIST_LARGEST, &x[i++], err))
            return -1;
    return 0;
}

static struct dist *parse_values(const struct json *list, struct error *err)
{
    size_t n = json_count(list);
    double *x = xcalloc(n, sizeof *x);
    struct dist *d = read_values(list, x, err) ? NULL : dist_empirical(x, n);
    free(x);
    return d;
}

/* One [probability, value] pair; `before` is the pair before it, or NULL. */
static int read_pair(const struct json *pair, const double *before, double *out, struct error *err)
{
    if (json_expect_array(pair, err))
        return -1;
    if (json_count(pair) != 2)
        return json_error(pair, err, "must be [probability, value], has %zu elements",
                          json_count(pair));
    struct json p = json_first(pair), x = json_next(&p);
    if (json_as_number(&p, 0, 1, &out[0], err) ||
        json_as_quantity(&x, QUANTITY_SECONDS, 0, DIST_LARGEST, &out[1], err))
        return -1;
    if (!before && out[0] != 0)
        return json_error(&p, err, "the first quantile must be at probability 0, is at %g", out[0]);
    if (before && out[0] <= before[0])
        return json_error(&p, err, "probabilities must ascend, %g follows %g", out[0], before[0]);
    if (before && out[1] < before[1])
        return json_error(&x, err, "quantiles must not descend, %g follows %g", out[1], before[1]);
    return 0;
}

static int read_pairs(const struct json *list, size_t n, double *p, double *x, struct error *err)
{
    double pairs[2][2];
    size_t i = 0;
    for (struct json e = json_first(list); e.value; e = json_next(&e), i++) {
        if (read_pair(&e, i ? pairs[(i + 1) % 2] : NULL, pairs[i % 2], err))
            return -1;
        p[i] = pairs[i % 2][0];
        x[i] = pairs[i % 2][1];
    }
    if (p[n - 1] != 1)
        return json_error(list, err, "the last quantile must be at probability 1, is at %g",
                          p[n - 1]);
    return 0;
}

static struct dist *parse_quantiles(const struct json *list, struct error *err)
{
    size_t n = json_count(list);
    double *p = xcalloc(n, sizeof *p), *x = xcalloc(n, sizeof *x);
    struct dist *d = read_pairs(list, n, p, x, err) ? NULL : dist_empirical_quantiles(p, x, n);
    xfree(p, x);
    return d;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)w;
    bool has_values = json_has(at, "values");
    struct json list = json_member(at, has_values ? "values" : "quantiles");
    if (has_values == json_has(at, "quantiles")) {
        json_error(at, err, "needs exactly one of 'values' and 'quantiles'");
        return NULL;
    }
    if (json_expect_array(&list, err))
        return NULL;
    if (json_count(&list) < (has_values ? 1 : 2)) {
        json_error(&list, err,
                   has_values ? "must hold at least one value"
                              : "must hold at least two quantiles");
        return NULL;
    }
    return has_values ? parse_values(&list, err) : parse_quantiles(&list, err);
}

static cJSON *save_values(const struct schema_field *f, const void *object)
{
    const struct dist *d = ((const struct dist_written *)object)->dist;
    (void)f;
    return d->ops == &value_ops ? cJSON_CreateDoubleArray(of(d)->x, (int)of(d)->n) : NULL;
}

static cJSON *save_quantiles(const struct schema_field *f, const void *object)
{
    const struct dist *d = ((const struct dist_written *)object)->dist;
    (void)f;
    if (d->ops != &line_ops)
        return NULL;
    cJSON *pairs = cJSON_CreateArray();
    for (size_t i = 0; i < of(d)->n; i++)
        cJSON_AddItemToArray(
            pairs, cJSON_CreateDoubleArray((double[]){ probabilities(of(d))[i], of(d)->x[i] }, 2));
    return pairs;
}

static const struct schema_type value_list = { .words = "list of seconds",
                                               .json = "{\"type\": \"array\", \"minItems\": 1}",
                                               .save = save_values };
static const struct schema_type quantile_list = { .words = "list of pairs",
                                                  .json = "{\"type\": \"array\", \"minItems\": 2}",
                                                  .save = save_quantiles };
static const struct schema_field fields[] = {
    DIST_NAME("empirical"),
    { "values", &value_list, .otherwise = "or `quantiles`",
      .help = "measured values; each is equally likely" },
    { "quantiles", &quantile_list, .otherwise = "or `values`",
      .help = "pairs `[probability, value]`, from 0 to 1, ascending; straight lines between them" },
    DIST_SCALE_AND_SHIFT,
};

const struct dist_family dist_family_empirical = {
    .summary = "what was measured: values, or quantiles with straight lines between them",
    .schema = { "empirical", SCHEMA_FIELDS(fields) }, .parse = parse,
};
