/* num/stats.h - statistics of samples, on top of GSL: moments, quantiles, intervals, distances
 * between distributions. */
#ifndef DAGCAST_NUM_STATS_H
#define DAGCAST_NUM_STATS_H

#include <stdbool.h>
#include <stddef.h>

struct stats_interval { double low, high; };
/* false for a NAN, of either */
bool stats_interval_holds(struct stats_interval i, double x);

struct stats_summary {
    size_t n;
    double mean, sd;                     /* sd with n - 1 */
    struct stats_interval ci95;          /* of the mean, Student's t */
    double min, max;
    double q05, q50, q95;                /* GSL's interpolated sample quantiles */
}; /* n = 1 says nothing of the spread: sd, ci95 and the quantiles are NAN */
/* n >= 1; O(n log n); NaN is a bug */
struct stats_summary stats_summarise(const double *x, size_t n);

/* of those that are not NAN; NAN: there are none */
double stats_mean(const double *x, size_t n);
/* any order; O(n log n); the value itself for n = 1 */
double stats_quantile(const double *x, size_t n, double p);
/* order-statistic (binomial); NAN for n = 1 */
struct stats_interval stats_quantile_ci95(const double *x, size_t n, double p);

/* 1 - mean(b)/mean(a): improvement of b over a, with 95 % intervals. Paired: a[i] and b[i] share
 * their random numbers (the policy's effect), by the delta method; independent: as two unrelated
 * runs would differ, one run each (what a measurement sees): the 2.5 and 97.5 % quantiles of 1 -
 * b_j/a_i over independent pairs i != j. Intervals are NAN for n = 1; what divides by 0 is NAN. */
struct stats_improvement { double mean; struct stats_interval ci95_paired, ci95_independent; };
struct stats_improvement stats_improve(const double *a, const double *b, size_t n);

double stats_paired_difference(const double *a, const double *b, size_t n,
                               struct stats_interval *ci95); /* mean of b - a;
ci95 NAN for n = 1 */
/* Two-sided p of Student's paired test of no difference. Differences that are all the same leave no
 * doubt: 1 if they are 0, else 0. n = 1 says nothing: 1. */
double stats_paired_p(const double *a, const double *b, size_t n);
/* Holm's step-down: p[i] becomes what compares with the level asked for when n of a family of
 * `family` >= n tests are looked at; with the n smallest of the family it is Holm's own, else
 * larger, so safe. O(n log n). */
void stats_holm(double *p, size_t n, double family);
/* Largest less smallest residual of y around its least-squares line over x; n >= 2. */
double stats_detrended_range(const double *x, const double *y, size_t n);
/* sup distance ECDF to cdf */
double stats_kolmogorov(const double *x, size_t n, double (*cdf)(double x, void *context),
                        void *context);
/* Gneiting & Raftery 2007; lower is better */
double stats_interval_score(struct stats_interval pi, double level, double measured);
struct stats_interval stats_binomial_ci95(size_t successes, size_t n);  /* Clopper-Pearson */

#endif
