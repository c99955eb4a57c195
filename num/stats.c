#include "num/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/sort.h"
#include "base/xalloc.h"

static double *sorted_copy(const double *x, size_t n)
{
    assert(n >= 1);
    for (size_t i = 0; i < n; i++)
        assert(!isnan(x[i]));
    double *copy = xmemdup(x, n * sizeof *x);
    sort_doubles(copy, n);
    return copy;
}

static const struct stats_interval unknown = { NAN, NAN };

/* centre -+ Student's 97.5 % quantile x error of the centre, from n values. */
static struct stats_interval student_ci95(double centre, double error, size_t n)
{
    double half = n > 1 ? gsl_cdf_tdist_Pinv(0.975, (double)n - 1) * error : NAN;
    return (struct stats_interval){ centre - half, centre + half };
}

bool stats_interval_holds(struct stats_interval i, double x)
{
    return x >= i.low && x <= i.high;
}

double stats_mean(const double *x, size_t n)
{
    double sum = 0;
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        sum += isnan(x[i]) ? 0 : x[i];
        known += !isnan(x[i]);
    }
    return known ? sum / (double)known : (double)NAN;
}

struct stats_summary stats_summarise(const double *x, size_t n)
{
    double *sorted = sorted_copy(x, n);
    struct stats_summary s = {
        .n = n, .mean = gsl_stats_mean(x, 1, n), .min = sorted[0], .max = sorted[n - 1],
        .sd = NAN, .q05 = NAN, .q50 = NAN, .q95 = NAN,
    };
    if (n > 1) {
        s.sd = gsl_stats_sd_m(x, 1, n, s.mean);
        s.q05 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.05);
        s.q50 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.50);
        s.q95 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.95);
    }
    s.ci95 = student_ci95(s.mean, s.sd / sqrt((double)n), n);
    free(sorted);
    return s;
}

double stats_quantile(const double *x, size_t n, double p)
{
    assert(p >= 0 && p <= 1);
    double *sorted = sorted_copy(x, n), q = gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
    free(sorted);
    return q;
}

/* The smallest k with P(B <= k) >= level, B binomial of n trials. */
static size_t binomial_quantile(double level, double p, size_t n)
{
    size_t k;
    SORT_COUNT_IF(k, n, i, gsl_cdf_binomial_P((unsigned)i, p, (unsigned)n) < level);
    return k;
}

/* How many of n values lie below the p-quantile is binomial: the values of ranks k(2.5 %) and
 * k(97.5 %) + 1 enclose it. */
struct stats_interval stats_quantile_ci95(const double *x, size_t n, double p)
{
    assert(p >= 0 && p <= 1);
    if (n == 1)
        return unknown;
    double *sorted = sorted_copy(x, n);
    size_t low = binomial_quantile(0.025, p, n), high = binomial_quantile(0.975, p, n) + 1;
    struct stats_interval ci = { sorted[low > 0 ? low - 1 : 0],
                                 sorted[high < n ? high - 1 : n - 1] };
    free(sorted);
    return ci;
}

/* Of r = mean(b) / mean(a), by the delta method: var(r) = (var(b) - 2 r cov(a, b) + r^2 var(a)) /
 * (n mean(a)^2). */
static struct stats_interval paired_improvement(const double *a, const double *b, size_t n)
{
    double mean_a = gsl_stats_mean(a, 1, n), mean_b = gsl_stats_mean(b, 1, n), r = mean_b / mean_a,
           variance = 0;
    if (n > 1)
        variance = gsl_stats_variance_m(b, 1, n, mean_b) -
                   2 * r * gsl_stats_covariance_m(a, 1, b, 1, n, mean_a, mean_b) +
                   r * r * gsl_stats_variance_m(a, 1, n, mean_a);
    return student_ci95(1 - r, sqrt(fmax(0, variance) / (double)n) / fabs(mean_a), n);
}

/* All pairs i != j, or, of many, those at the first distances |i - j| on a ring, up to about a
 * million. */
static struct stats_interval independent_improvement(const double *a, const double *b, size_t n)
{
    const size_t most_pairs = 1000000;
    size_t distances = n - 1 < most_pairs / n + 1 ? n - 1 : most_pairs / n + 1, k = 0;
    if (n == 1)
        return unknown;
    for (size_t i = 0; i < n; i++)
        if (a[i] == 0)
            return unknown;
    double *gain = xcalloc(n * distances, sizeof *gain);
    for (size_t distance = 1; distance <= distances; distance++)
        for (size_t i = 0; i < n; i++)
            gain[k++] = 1 - b[(i + distance) % n] / a[i];
    sort_doubles(gain, k);
    struct stats_interval ci = {
        gsl_stats_quantile_from_sorted_data(gain, 1, k, 0.025),
        gsl_stats_quantile_from_sorted_data(gain, 1, k, 0.975),
    };
    free(gain);
    return ci;
}

struct stats_improvement stats_improve(const double *a, const double *b, size_t n)
{
    assert(n >= 1);
    double mean_a = gsl_stats_mean(a, 1, n);
    if (mean_a == 0)
        return (struct stats_improvement){ NAN, unknown, unknown };
    return (struct stats_improvement){
        .mean = 1 - gsl_stats_mean(b, 1, n) / mean_a,
        .ci95_paired = paired_improvement(a, b, n),
        .ci95_independent = independent_improvement(a, b, n),
    };
}

double stats_paired_difference(const double *a, const double *b, size_t n,
                               struct stats_interval *ci95)
{
    assert(n >= 1);
    double *difference = xcalloc(n, sizeof *difference);
    for (size_t i = 0; i < n; i++)
        difference[i] = b[i] - a[i];
    double mean = gsl_stats_mean(difference, 1, n),
           sd = n > 1 ? gsl_stats_sd_m(difference, 1, n, mean) : 0;
    free(difference);
    if (ci95)
        *ci95 = student_ci95(mean, sd / sqrt((double)n), n);
    return mean;
}

double stats_paired_p(const double *a, const double *b, size_t n)
{
    assert(n >= 1);
    double *difference = xcalloc(n, sizeof *difference);
    for (size_t i = 0; i < n; i++)
        difference[i] = b[i] - a[i];
    double mean = gsl_stats_mean(difference, 1, n),
           sd = n > 1 ? gsl_stats_sd_m(difference, 1, n, mean) : 0;
    free(difference);
    if (n == 1 || mean == 0)
        return 1;
    return sd > 0 ? 2 * gsl_cdf_tdist_Q(fabs(mean) / (sd / sqrt((double)n)), (double)n - 1) : 0;
}

void stats_holm(double *p, size_t n, double family)
{
    assert(family >= (double)n);
    size_t *order = xcalloc(n, sizeof *order);
    gsl_sort_index(order, p, 1, n);
    double floor_p = 0;
    for (size_t i = 0; i < n; i++) {
        floor_p = fmax(floor_p, fmin(1, (family - (double)i) * p[order[i]]));
        p[order[i]] = floor_p;
    }
    free(order);
}

double stats_detrended_range(const double *x, const double *y, size_t n)
{
    double at_0, slope, variance, covariance, of_slope, squares, low = INFINITY, high = -INFINITY;
    assert(n >= 2);
    gsl_fit_linear(x, 1, y, 1, n, &at_0, &slope, &variance, &covariance, &of_slope, &squares);
    for (size_t i = 0; i < n; i++) {
        double residual = y[i] - at_0 - slope * x[i];
        low = fmin(low, residual);
        high = fmax(high, residual);
    }
    return high - low;
}

/* Above and below each step of the sample's own distribution function; at an atom of `cdf` just
 * before it too. */
double stats_kolmogorov(const double *x, size_t n, double (*cdf)(double x, void *context),
                        void *context)
{
    double *sorted = sorted_copy(x, n), distance = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && sorted[end] == sorted[i];)
            end++;
        double before = fabs((double)i / (double)n - cdf(nextafter(sorted[i], -INFINITY), context));
        double after = fabs((double)end / (double)n - cdf(sorted[i], context));
        distance = fmax(distance, fmax(before, after));
    }
    free(sorted);
    return distance;
}

double stats_interval_score(struct stats_interval pi, double level, double measured)
{
    assert(level > 0 && level < 1 && pi.low <= pi.high);
    double outside = fmax(0, pi.low - measured) + fmax(0, measured - pi.high);
    return pi.high - pi.low + 2 / (1 - level) * outside;
}

/* By bisection: gsl_cdf_beta_Pinv() finds no answer for some counts in the thousands. */
static double beta_quantile(double p, double a, double b)
{
    double low = 0, high = 1;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (gsl_cdf_beta_P(middle, a, b) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

struct stats_interval stats_binomial_ci95(size_t successes, size_t n)
{
    assert(n >= 1 && successes <= n);
    double k = (double)successes, failures = (double)(n - successes);
    return (struct stats_interval){
        successes > 0 ? beta_quantile(0.025, k, failures + 1) : 0,
        successes < n ? beta_quantile(0.975, k + 1, failures) : 1,
    };
}
