#include "traces/station_fit.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/xalloc.h"
#include "traces/shape.h"

enum { EM_STEPS = 20 };

/* With a distribution of values known, of this mean; NULL at first. */
static double value_of(struct fit_sample x, double period_s, const struct dist *d)
{
    if (x.low == x.high)
        return x.low;
    if (period_s <= 0 && d)
        return shape_expected_within(d, x);
    return isinf(x.high) ? x.low : (x.low + x.high) / 2;
}

static double mean_of(const struct sample_list *list, double period_s, const struct dist *d)
{
    double sum = 0;
    for (size_t i = 0; i < list->n; i++)
        sum += value_of(list->at[i], period_s, d);
    return sum / (double)list->n;
}

static size_t count_ranges(const struct sample_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->at[i].low < list->at[i].high;
    return n;
}

/* Variance of the values about their session's mean, pooled: NAN where no session has two. */
static double pooled_variance(const struct station_fit *f, const struct sample_list *lists,
                              size_t n_sessions, double period_s)
{
    double sum = 0, freedom = 0;
    for (size_t s = 0; s < n_sessions; s++) {
        for (size_t i = 0; i < lists[s].n; i++)
            sum += pow(value_of(lists[s].at[i], period_s, NULL) - f->session_mean[s], 2);
        freedom += lists[s].n > 0 ? (double)lists[s].n - 1 : 0;
    }
    return freedom > 0 ? sum / freedom : NAN;
}

static void add_shared(struct station_fit *f, struct shared_error shared)
{
    double own = f->level.se * f->level.se, sum = own + shared.variance;
    f->level.se = sqrt(sum);
    f->degrees =
        sum * sum / (own * own / f->degrees + shared.variance * shared.variance / shared.degrees);
    double half = gsl_cdf_tdist_Pinv(0.975, f->degrees) * f->level.se;
    f->level.ci95 = (struct stats_interval){ f->level.mean - half, f->level.mean + half };
}

/* Variance of the mean of n values of a session. Waits for a tick have the variance P^2 / 12; what
 * they do not show within sessions, all of a session have in common: stages of constant durations
 * meet the poll at one phase. */
static double noise_of(double variance, double period_s, size_t n)
{
    double within = isnan(variance) ? 0 : variance;
    return within / (double)n + fmax(0, period_s * period_s / 12 - within);
}

static void fit_level(struct station_fit *f, const struct sample_list *lists, size_t n_sessions,
                      double variance, double period_s, struct shared_error shared)
{
    double *m = xcalloc(n_sessions, sizeof *m), *v = xcalloc(n_sessions, sizeof *v);
    size_t n = 0;
    f->noise = 0;
    for (size_t s = 0; s < n_sessions; s++) {
        if (lists[s].n == 0)
            continue;
        m[n] = f->session_mean[s];
        v[n] = noise_of(variance, period_s, lists[s].n);
        f->noise += (v[n] - f->noise) / (double)(n + 1);
        n++;
    }
    f->level = random_effects_fit(m, v, n);
    f->degrees = f->own_degrees = (double)n - 1;
    f->own_se = f->level.se;
    if (n > 1 && shared.variance > 0 && shared.degrees > 0)
        add_shared(f, shared);
    xfree(m, v);
}

static void fit_shape(struct station_fit *f, const struct sample_list *lists, size_t n_sessions,
                      double period_s, const char *family)
{
    struct shape_session *sessions = xcalloc(n_sessions, sizeof *sessions);
    for (size_t s = 0; s < n_sessions; s++)
        sessions[s] = (struct shape_session){ lists[s].at, lists[s].n, f->session_mean[s] };
    struct shape shape = shape_fit(sessions, n_sessions, fmax(0, f->level.mean), period_s, family);
    dist_free(f->dist);
    f->dist = shape.dist;
    f->family = shape.family;
    f->log_score = shape.log_score;
    f->kolmogorov = shape.kolmogorov;
    free(sessions);
}

/* Ranges that no poll explains: their sessions' means and the shape in turn, each from the other.
 */
static void expect(struct station_fit *f, const struct sample_list *lists, size_t n_sessions)
{
    for (size_t s = 0; s < n_sessions; s++) {
        if (count_ranges(&lists[s]) == 0)
            continue;
        for (int i = 0; i < EM_STEPS && f->session_mean[s] > 0; i++) {
            struct dist *own = dist_scaled(f->dist, f->session_mean[s] / dist_mean(f->dist), 0);
            f->session_mean[s] = mean_of(&lists[s], 0, own);
            dist_free(own);
        }
    }
}

void station_fit(struct station_fit *out, const struct sample_list *lists, size_t n_sessions,
                 double period_s, const char *family, struct shared_error shared)
{
    *out = (struct station_fit){ .session_mean = xcalloc(n_sessions + 1, sizeof(double)),
                                 .within = NAN,
                                 .log_score = NAN,
                                 .kolmogorov = NAN,
                                 .level = { NAN, NAN, NAN, { NAN, NAN } } };
    for (size_t s = 0; s < n_sessions; s++) {
        out->n_sessions += lists[s].n > 0;
        out->n_samples += lists[s].n;
        out->n_censored += count_ranges(&lists[s]);
        out->session_mean[s] = lists[s].n > 0 ? mean_of(&lists[s], period_s, NULL) : NAN;
    }
    if (out->n_sessions == 0)
        return;
    double variance = pooled_variance(out, lists, n_sessions, period_s);
    fit_level(out, lists, n_sessions, variance, period_s, shared);
    fit_shape(out, lists, n_sessions, period_s, family);
    if (period_s <= 0 && out->n_censored > 0 && out->dist) {
        expect(out, lists, n_sessions);
        fit_level(out, lists, n_sessions, variance, period_s, shared);
        fit_shape(out, lists, n_sessions, period_s, family);
    }
    out->within = out->dist ? dist_sd(out->dist) : 0;
}

void station_fit_clear(struct station_fit *f)
{
    dist_free(f->dist);
    free(f->session_mean);
}
