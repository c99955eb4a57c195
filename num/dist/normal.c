/* Truncated at 0 from below: of N(mean, sd^2) only what is positive, the rest drawn anew. With Phi
 * the standard normal's CDF, phi its density and h = mean / sd:
 *
 *     keep = Phi(h),  upper quantile Q(q) = mean - sd Phi^-1(q keep),
 *     mean after truncation = mean + sd l,  variance = sd^2 (1 - h l - l^2),  l = phi(h) / keep. */
#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "num/dist/gaussian.h"

struct normal {
    struct dist head;
    double mean, sd;                     /* before truncation */
    /* probabilities of what truncation keeps and cuts; keep >= 1/2 */
    double keep, cut;
};

static const struct normal *of(const struct dist *d)
{
    return (const struct normal *)d;
}

static double quantile(const struct dist *d, struct dist_tails p)
{
    const struct normal *x = of(d);
    double z = p.lower < p.upper ? gsl_cdf_ugaussian_Pinv(x->cut + p.lower * x->keep)
                                 : -gsl_cdf_ugaussian_Pinv(p.upper * x->keep);
    return fmax(0, x->mean + x->sd * z);
}

static struct dist_tails cdf(const struct dist *d, double y)
{
    const struct normal *x = of(d);
    if (y <= 0)
        return (struct dist_tails){ 0, 1 };
    double z = (y - x->mean) / x->sd, upper = fmin(1, gsl_cdf_ugaussian_Q(z) / x->keep);
    double lower = upper < 0.5 ? 1 - upper : fmax(0, (gsl_cdf_ugaussian_P(z) - x->cut) / x->keep);
    return (struct dist_tails){ lower, upper };
}

static void at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    enum { CHUNK = 128 };
    const struct normal *x = of(d);
    double mean = x->mean, sd = x->sd, keep = x->keep, p[CHUNK], z[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        for (size_t i = 0; i < m; i++)
            p[i] = (1 - u[first + i]) * keep;
        gaussian_quantile_block(p, m, z);
        for (size_t i = 0; i < m; i++) {
            double y = mean - sd * z[i];
            out[first + i] = y > 0 ? y : 0;
        }
    }
}

static const struct dist_ops ops = { .quantile = quantile, .cdf = cdf, .at_block = at_block };
static const struct schema_field fields[] = {
    DIST_NAME("normal"),
    DIST_MEAN_AND_SPREAD(0, DIST_LARGEST),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_normal(double mean, double sd)
{
    assert(isfinite(mean) && mean >= 0 && isfinite(sd) && sd >= 0);
    double h = sd > 0 ? mean / sd : INFINITY, keep = gsl_cdf_ugaussian_P(h),
           l = gsl_ran_ugaussian_pdf(h) / keep;
    double hl = l > 0 ? h * l : 0;
    struct normal *d =
        dist_new(&dist_family_normal, &ops, sizeof *d, mean + sd * l, sd * sqrt(1 - hl - l * l));
    d->mean = mean;
    d->sd = sd;
    d->keep = keep;
    d->cut = gsl_cdf_ugaussian_Q(h);
    return &d->head;
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    double sd;
    return dist_parse_sd(w, at, INFINITY, &sd, err) ? NULL : dist_normal(w->mean, sd);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->mean = of(d)->mean;
    w->sd = of(d)->sd;
}

const struct dist_family dist_family_normal = {
    .summary = "Gaussian, truncated at 0 (mean and sd are those before truncation)",
    .schema = { "normal", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
