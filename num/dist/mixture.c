/* One of several distributions, part i with probability weight_i / sum. A uniform number u picks
 * the part in whose share of (0, 1) it lies and, stretched over that share, is the part's own draw:
 * exact, and one number is enough; unlike the other families, the sample is then not the quantile
 * at u. */
#include "num/dist_impl.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include "base/xalloc.h"

struct part {
    struct dist *d;
    double weight;                       /* as given */
    double share, from;                  /* weight / sum; the shares of the parts before */
};
struct mixture {
    struct dist head;
    size_t n;
    struct part parts[];
};

static const struct mixture *of(const struct dist *d)
{
    return (const struct mixture *)d;
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    struct dist_tails p = { 0, 0 };
    for (size_t i = 0; i < of(d)->n; i++) {
        const struct part *part = &of(d)->parts[i];
        p.lower += part->share * dist_cdf(part->d, y);
        p.upper += part->share * dist_survival(part->d, y);
    }
    return p;
}

/* Bisection between the smallest and the largest of the parts' own quantiles, down to neighbouring
 * doubles. */
static double quantile(const struct dist *d, struct dist_tails p)
{
    const struct mixture *m = of(d);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < m->n; i++) {
        double x = dist_quantile_tails(m->parts[i].d, p);
        low = fmin(low, x);
        high = fmax(high, x);
    }
    if (!(high < INFINITY))
        return high;
    while (low < high) {
        double middle = low + (high - low) / 2;
        struct dist_tails at = cdf(d, middle);
        bool enough = p.lower < p.upper ? at.lower >= p.lower : at.upper <= p.upper;
        if (middle <= low || middle >= high)
            return enough ? low : high;
        if (enough)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static double at(const struct mixture *m, double u)
{
    size_t i = 0;
    while (i + 1 < m->n && u >= m->parts[i + 1].from)
        i++;
    double own = (u - m->parts[i].from) / m->parts[i].share;
    return dist_at(m->parts[i].d, fmin(1 - DBL_EPSILON / 2, fmax(DBL_EPSILON / 2, own)));
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = at(of(d), u[i]);
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block };
static void set_moments(struct mixture *m)
{
    double variance = 0;
    bool constant = true;
    for (size_t i = 0; i < m->n; i++)
        m->head.mean += m->parts[i].share * dist_mean(m->parts[i].d);
    for (size_t i = 0; i < m->n; i++) {
        const struct dist *d = m->parts[i].d;
        double off = dist_mean(d) - m->head.mean;
        variance += m->parts[i].share * (dist_sd(d) * dist_sd(d) + off * off);
        constant = constant && dist_is_constant(d) && dist_mean(d) == dist_mean(m->parts[0].d);
    }
    m->head.sd = constant ? 0 : sqrt(variance);
    if (constant)
        m->head.mean = dist_mean(m->parts[0].d);
}

struct dist *dist_mixture(struct dist *const *parts, const double *weights, size_t n)
{
    assert(n >= 1);
    double sum = 0, before = 0;
    struct mixture *m =
        dist_new(&dist_family_mixture, &ops, sizeof *m + n * sizeof m->parts[0], 0, 0);
    for (size_t i = 0; i < n; i++) {
        assert(weights[i] > 0);
        sum += weights[i];
    }
    assert(isfinite(sum));
    m->n = n;
    for (size_t i = 0; i < n; i++) {
        m->parts[i] = (struct part){ dist_copy(parts[i]), weights[i], weights[i] / sum,
                                     before / sum };
        before += weights[i];
    }
    set_moments(m);
    return &m->head;
}

static struct dist *copy(const struct dist *d)
{
    struct mixture *m = dist_same_struct(d);
    for (size_t i = 0; i < m->n; i++)
        m->parts[i].d = dist_copy(m->parts[i].d);
    return &m->head;
}

static void clear(struct dist *d)
{
    for (size_t i = 0; i < of(d)->n; i++)
        dist_free(of(d)->parts[i].d);
}

static int read_parts(const struct json *parts, const struct json *weights, struct dist **d,
                      double *weight, struct error *err)
{
    size_t n = 0;
    for (struct json e = json_first(weights); e.value; e = json_next(&e))
        if (json_as_number(&e, 1e-9, 1e9, &weight[n++], err))
            return -1;
    n = 0;
    for (struct json e = json_first(parts); e.value; e = json_next(&e))
        if (!(d[n++] = dist_from_json(&e, err)))
            return -1;
    return 0;
}

static struct dist *parse(const struct dist_written *w, const struct json *at_json,
                          struct error *err)
{
    (void)w;
    struct json parts = json_member(at_json, "parts"), weights = json_member(at_json, "weights");
    if (json_expect_array(&parts, err) || json_expect_array(&weights, err))
        return NULL;
    size_t n = json_count(&parts);
    if (n == 0 || json_count(&weights) != n) {
        json_error(
            n ? &weights : &parts, err,
            "must be one for each part: at least one part, as many weights; has %zu parts and %zu "
            "weights",
            n, json_count(&weights));
        return NULL;
    }
    struct dist **d = xcalloc(n, sizeof *d), *mixture = NULL;
    double *weight = xcalloc(n, sizeof *weight);
    if (read_parts(&parts, &weights, d, weight, err) == 0)
        mixture = dist_mixture(d, weight, n);
    for (size_t i = 0; i < n; i++)
        dist_free(d[i]);
    xfree(d, weight);
    return mixture;
}

static cJSON *save_parts(const struct schema_field *f, const void *object)
{
    const struct mixture *m = of(((const struct dist_written *)object)->dist);
    cJSON *parts = cJSON_CreateArray();
    (void)f;
    for (size_t i = 0; i < m->n; i++)
        cJSON_AddItemToArray(parts, dist_to_json(m->parts[i].d));
    return parts;
}

static cJSON *save_weights(const struct schema_field *f, const void *object)
{
    const struct mixture *m = of(((const struct dist_written *)object)->dist);
    cJSON *weights = cJSON_CreateArray();
    (void)f;
    for (size_t i = 0; i < m->n; i++)
        cJSON_AddItemToArray(weights, cJSON_CreateNumber(m->parts[i].weight));
    return weights;
}

static cJSON *describe_parts(const struct schema_field *f, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "type", "array");
    cJSON_AddItemToObject(out, "items", dist_field.describe(f, definitions));
    return out;
}

static const struct schema_type part_list = { .words = "list of distributions", .save = save_parts,
                                              .describe = describe_parts };
static const struct schema_type weight_list = {
    .words = "list of numbers, 1e-9 to 1e9",
    .save = save_weights,
    .json = "{\"type\": \"array\", \"items\": {\"type\": \"number\", \"minimum\": 1e-9, "
            "\"maximum\": 1e9}}",
};
static const struct schema_field fields[] = {
    DIST_NAME("mixture"),
    { "parts", &part_list, .help = "distributions or numbers: each draw is from one of them" },
    { "weights", &weight_list, .help = "one a part, relative to their sum" },
    DIST_SCALE_AND_SHIFT,
};

const struct dist_family dist_family_mixture = {
    .summary = "one of several distributions, by weight",
    .schema = { "mixture", SCHEMA_FIELDS(fields) }, .parse = parse, .copy = copy, .clear = clear,
};
