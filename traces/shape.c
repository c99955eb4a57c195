#include "traces/shape.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/stats.h"
#include "traces/shape_impl.h"

#define POSITIVE_S 1e-6                  /* stands for 0 where a family has positive values only */
#define ONE_SIDED_5 1.645
#define REFUTED 1.63                     /* sqrt(n) D of Kolmogorov's test at 1 % */
enum { QUANTILES = 41, STEPS = 64 };

/* ---- the samples ---- */

static bool usable(const struct shape_session *s, double period_s)
{
    return period_s > 0 ? s->n > 0 : s->n > 1 && s->mean > 0;
}

static void add_session(struct shape_pool *p, const struct shape_session *s, size_t number,
                        double factor, double shift, double stride)
{
    for (double k = 0; k < (double)s->n; k += stride) {
        struct fit_sample x = { s->at[(size_t)k].low * factor + shift,
                                s->at[(size_t)k].high * factor + shift };
        p->at[p->n] = (struct fit_sample){ fmax(0, x.low), fmax(POSITIVE_S, x.high) };
        if (x.low == x.high)
            p->at[p->n].low = p->at[p->n].high;
        p->session[p->n++] = number;
    }
    p->n_sessions++;
}

static struct shape_pool pool_samples(const struct shape_session *sessions, size_t n, double mean,
                                      double period_s)
{
    struct shape_pool p = { .mean = mean };
    for (size_t s = 0; s < n; s++)
        p.n_all += usable(&sessions[s], period_s) ? sessions[s].n : 0;
    p.at = xcalloc(p.n_all + 1, sizeof *p.at);
    p.session = xcalloc(p.n_all + 1, sizeof *p.session);
    double stride = fmax(1, (double)p.n_all / SHAPE_MOST);
    for (size_t s = 0; s < n; s++)
        if (usable(&sessions[s], period_s))
            add_session(&p, &sessions[s], s, period_s > 0 ? 1 : mean / sessions[s].mean,
                        period_s > 0 ? mean - sessions[s].mean : 0, stride);
    return p;
}

/* ---- families ---- */

double shape_probability(const struct dist *d, double low, double high)
{
    double below = dist_cdf(d, low);
    return below < 0.5 ? dist_cdf(d, high) - below : dist_survival(d, low) - dist_survival(d, high);
}

/* The fitted family with the mean that is wanted. Scaling each session to its own mean took one
 * degree of freedom from each. */
static struct dist *remake(const struct fit *fit, const char *family, double mean, double sd_factor)
{
    const double f = mean / dist_mean(fit->dist), a = fit->parameter[0] * f,
                 b = fit->parameter[1] * f * sd_factor;
    if (str_equal(family, "normal"))
        return dist_normal(a, b);
    if (str_equal(family, "lognormal"))
        return dist_lognormal(a, fmin(b, 100 * a));
    if (str_equal(family, "gamma"))
        return dist_gamma(a, fmin(b, 10 * a));
    if (str_equal(family, "exponential"))
        return dist_exponential(a);
    return dist_weibull(fit->parameter[0], fit->parameter[1] * f);
}

/* ---- distances ---- */

double shape_polled_cdf(const struct dist *d, double period_s, double y)
{
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += dist_cdf(d, y - period_s * (i + 0.5) / STEPS);
    return sum / STEPS;
}

struct seen { const struct dist *dist; double period_s; };

static double seen_cdf(double x, void *context)
{
    const struct seen *s = context;
    return s->period_s > 0 ? shape_polled_cdf(s->dist, s->period_s, x) : dist_cdf(s->dist, x);
}

/* Of what was seen: values, or latencies with the wait for the tick. NAN where something was not
 * seen. */
static double distance(const struct shape_pool *p, const struct dist *d, double period_s)
{
    double *x = xcalloc(p->n + 1, sizeof *x);
    bool seen = p->n > 0;
    for (size_t i = 0; i < p->n; i++) {
        x[i] = p->at[i].high;
        seen = seen && (period_s > 0 || p->at[i].low == p->at[i].high);
    }
    double out = seen ? stats_kolmogorov(x, p->n, seen_cdf, &(struct seen){ d, period_s }) : NAN;
    free(x);
    return out;
}

/* Of a polled station the wait for its tick is part of what was seen: values are drawn together
 * about their mean until its variance is out of theirs. */
static void take_out_wait(double *seen, size_t n, double period_s)
{
    struct stats_summary s = stats_summarise(seen, n);
    double wait = period_s / s.sd, factor = sqrt(fmax(0, 1 - wait * wait / 12));
    for (size_t i = 0; i < n; i++)
        seen[i] = fmax(0, s.mean - period_s / 2 + factor * (seen[i] - s.mean));
}

static struct dist *quantiles_of(const struct shape_pool *p, double period_s)
{
    double at[QUANTILES], x[QUANTILES], *values = xcalloc(p->n + 1, sizeof *values);
    for (size_t i = 0; i < p->n; i++)
        values[i] = p->at[i].high;
    if (period_s > 0)
        take_out_wait(values, p->n, period_s);
    for (int q = 0; q < QUANTILES; q++) {
        at[q] = (double)q / (QUANTILES - 1);
        x[q] = stats_quantile(values, p->n, at[q]);
        /* between equal values interpolation rounds to either side */
        x[q] = q > 0 && x[q] < x[q - 1] ? x[q - 1] : x[q];
    }
    free(values);
    return dist_empirical_quantiles(at, x, QUANTILES);
}

static void use_quantiles(struct shape *out, const struct shape_pool *p, double period_s)
{
    struct dist *d = quantiles_of(p, period_s), *scaled = dist_scaled(d, p->mean / dist_mean(d), 0);
    dist_free(d);
    dist_free(out->dist);
    out->dist = scaled;
    out->family = "empirical";
    out->kolmogorov = distance(p, scaled, period_s);
}

/* ---- all together ---- */

/* Latencies of a constant base vary within a session as a uniform wait does: variance P^2 / 12,
 * kurtosis 1.8, by which the variance of a sample variance with f degrees is P^4 / 144 (2 / f - 1.2
 * / n). */
static bool poll_explains(const struct shape_session *sessions, size_t n, double period_s)
{
    double sum = 0, count = 0, freedom = 0;
    for (size_t s = 0; s < n; s++) {
        for (size_t i = 0; i < sessions[s].n; i++) {
            double from = sessions[s].at[i].high - period_s / 2 - sessions[s].mean;
            sum += from * from;
        }
        count += (double)sessions[s].n;
        freedom += sessions[s].n > 0 ? (double)sessions[s].n - 1 : 0;
    }
    if (freedom < 1)
        return true;
    double ratio = sum / freedom * 12 / (period_s * period_s);
    return ratio - 1 < ONE_SIDED_5 * sqrt(2 / freedom - 1.2 / count);
}

static bool has_spread(const struct shape_pool *p)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        low = fmin(low, p->at[i].high);
        high = fmax(high, p->at[i].low);
    }
    return high - low > 1e-9 * p->mean;
}

static void fit_pool(struct shape *out, const struct shape_pool *p, size_t n_sessions,
                     double period_s, const char *family)
{
    struct fit fit;
    double score = NAN;
    const char *name = *family ? family : shape_choose_family(p, n_sessions, &score);
    if (!name || fit_family(name, p->at, p->n, &fit, NULL))
        return;
    double freedom = (double)p->n - (double)p->n_sessions;
    dist_free(out->dist);
    out->dist =
        remake(&fit, name, p->mean, period_s > 0 || freedom < 1 ? 1 : sqrt((double)p->n / freedom));
    fit_clear(&fit);
    out->family = name;
    out->log_score = score;
    out->kolmogorov = distance(p, out->dist, period_s);
    if (!*family && p->n >= SHAPE_FEW && sqrt((double)p->n) * out->kolmogorov > REFUTED)
        use_quantiles(out, p, period_s);
}

struct shape shape_fit(const struct shape_session *sessions, size_t n, double mean, double period_s,
                       const char *family)
{
    struct shape out = { .family = "constant", .log_score = NAN, .kolmogorov = NAN };
    if (mean <= 0)
        return out;
    out.dist = dist_constant(mean);
    struct shape_pool p = pool_samples(sessions, n, mean, period_s);
    if (period_s > 0 && poll_explains(sessions, n, period_s))
        out.kolmogorov = distance(&p, out.dist, period_s);
    else if (p.n >= 3 && has_spread(&p))
        fit_pool(&out, &p, n, period_s, family);
    xfree(p.at, p.session);
    return out;
}

double shape_expected_within(const struct dist *d, struct fit_sample range)
{
    double below = dist_cdf(d, range.low), p = isinf(range.high)
                                                   ? dist_survival(d, range.low)
                                                   : shape_probability(d, range.low, range.high);
    if (range.low == range.high || p < SHAPE_LEAST_PROBABILITY)
        return isinf(range.high) ? range.low : (range.low + range.high) / 2;
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += dist_quantile(d, fmin(below + p * (i + 0.5) / STEPS, 1 - 1e-12));
    return fmin(fmax(sum / STEPS, range.low), range.high);
}
