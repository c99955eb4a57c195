#include "num/stats.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "num/rng.h"
#include "tests/support/unit.h"

static gsl_rng *rng_at(uint64_t stream)
{
    struct rng_stream s = rng_stream(11, 0, RNG_TEST, stream);
    return rng_gsl_new(&s, 0);
}

/* By hand: sum of squares about the mean 5 is 32; t(0.975, 7) = 2.364624. */
static void a_summary_by_hand(void)
{
    static const double x[] = { 9, 2, 4, 4, 7, 4, 5, 5 };
    struct stats_summary s = stats_summarise(x, 8);
    CU_ASSERT_EQUAL(s.n, 8);
    unit_is(s.mean, ==, 5);
    unit_is(s.min, ==, 2);
    unit_is(s.max, ==, 9);
    unit_alike(s.sd, sqrt(32 / 7.0), 1e-14);
    unit_alike(s.ci95.high - 5, 2.364624251592785 * sqrt(32 / 7.0 / 8), 1e-9);
    unit_alike(5 - s.ci95.low, s.ci95.high - 5, 1e-12);
    unit_alike(s.q50, 4.5, 1e-14);
    unit_alike(s.q05, 2.7, 1e-14);
    unit_alike(s.q95, 8.3, 1e-14);
    unit_alike(stats_quantile(x, 8, 0.95), 8.3, 1e-14);
    unit_is(stats_quantile(x, 8, 0), ==, 2);
    unit_is(stats_quantile(x, 8, 1), ==, 9);
}

static void one_value_has_no_spread(void)
{
    double x = 2.385;
    struct stats_summary s = stats_summarise(&x, 1);
    unit_near(s.mean, x, 0);
    unit_near(s.min, x, 0);
    unit_near(s.max, x, 0);
    unit_near(s.sd, NAN, 0);
    unit_near(s.ci95.low, NAN, 0);
    unit_near(s.ci95.high, NAN, 0);
    unit_near(s.q05, NAN, 0);
    unit_near(s.q50, NAN, 0);
    unit_near(s.q95, NAN, 0);
    unit_near(stats_quantile(&x, 1, 0.5), x, 0);
    unit_near(stats_quantile_ci95(&x, 1, 0.5).high, NAN, 0);
    struct stats_improvement gain = stats_improve(&(double){ 10 }, &(double){ 8 }, 1);
    unit_near(gain.mean, 0.2, 1e-14);
    unit_near(gain.ci95_paired.low, NAN, 0);
    unit_near(gain.ci95_independent.high, NAN, 0);
    struct stats_interval ci;
    unit_near(stats_paired_difference(&(double){ 10 }, &(double){ 8 }, 1, &ci), -2, 0);
    unit_near(ci.low, NAN, 0);
}

/* 3 x + 1 with one value 2 too high at an end of three points: residuals 1/3, -2/3, 1/3. */
static void a_line_has_no_range_around_itself(void)
{
    static const double x[] = { 1, 2, 3 }, line[] = { 4, 7, 10 }, bent[] = { 4, 7, 12 };
    unit_near(stats_detrended_range(x, line, 3), 0, 1e-12);
    unit_near(stats_detrended_range(x, bent, 3), 1, 1e-12);
}

/* A run of no time is the base of no share: 0/0 is not printed as a number, nor is -1/0. */
static void nothing_is_gained_over_no_time(void)
{
    static const double none[] = { 0, 0, 0 }, some[] = { 1, 0, 2 };
    unit_near(stats_improve(none, none, 3).mean, NAN, 0);
    unit_near(stats_improve(none, some, 3).ci95_paired.low, NAN, 0);
    unit_near(stats_improve(none, some, 3).ci95_independent.high, NAN, 0);
    unit_near(stats_improve(some, none, 3).mean, 1, 0);
    unit_near(stats_improve(some, none, 3).ci95_independent.low, NAN, 0);
}

/* How often `covers` holds in 1000 experiments; 95 % with a standard error of 0.7 %. */
static double coverage(bool (*covers)(gsl_rng *r))
{
    gsl_rng *r = rng_at(1);
    int hits = 0;
    for (int i = 0; i < 1000; i++)
        hits += covers(r);
    gsl_rng_free(r);
    return hits / 1000.0;
}

static bool mean_covered(gsl_rng *r)
{
    double x[12];
    for (int i = 0; i < 12; i++)
        x[i] = 340 + gsl_ran_gaussian(r, 17);
    struct stats_summary s = stats_summarise(x, 12);
    return s.ci95.low <= 340 && 340 <= s.ci95.high;
}

static bool quantile_covered(gsl_rng *r)
{
    double x[200], truth = -log(0.1);
    for (int i = 0; i < 200; i++)
        x[i] = gsl_ran_exponential(r, 1);
    struct stats_interval ci = stats_quantile_ci95(x, 200, 0.9);
    return ci.low <= truth && truth <= ci.high;
}

static bool difference_covered(gsl_rng *r)
{
    double a[15], b[15];
    for (int i = 0; i < 15; i++) {
        a[i] = gsl_ran_gaussian(r, 100);
        b[i] = a[i] + 3 + gsl_ran_gaussian(r, 2);
    }
    struct stats_interval ci;
    stats_paired_difference(a, b, 15, &ci);
    return ci.low <= 3 && 3 <= ci.high;
}

/* b = 0.7 a + noise: the pairs share most of their spread. */
static void draw_pairs(gsl_rng *r, double *a, double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        a[i] = 1000 + gsl_ran_gaussian(r, 60);
        b[i] = 0.7 * a[i] + gsl_ran_gaussian(r, 5);
    }
}

static bool improvement_covered(gsl_rng *r)
{
    double a[30], b[30];
    draw_pairs(r, a, b, 30);
    struct stats_improvement gain = stats_improve(a, b, 30);
    return gain.ci95_paired.low <= 0.3 && 0.3 <= gain.ci95_paired.high;
}

static bool measurement_covered(gsl_rng *r)
{
    double a[60], b[60], other_a, other_b, unused;
    draw_pairs(r, a, b, 60);
    struct stats_improvement gain = stats_improve(a, b, 60);
    draw_pairs(r, &other_a, &unused, 1);
    draw_pairs(r, &unused, &other_b, 1);
    double measured = 1 - other_b / other_a;
    return gain.ci95_independent.low <= measured && measured <= gain.ci95_independent.high;
}

static void intervals_cover_as_often_as_they_say(void)
{
    static bool (*const cases[])(gsl_rng *) = {
        mean_covered,        quantile_covered,    difference_covered,
        improvement_covered, measurement_covered,
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double share = coverage(cases[i]);
        unit_is(share, >, 0.92);
        unit_is(share, <, 0.98);
    }
}

static void pairing_narrows_the_interval(void)
{
    double a[100], b[100];
    gsl_rng *r = rng_at(2);
    draw_pairs(r, a, b, 100);
    struct stats_improvement gain = stats_improve(a, b, 100);
    double paired = gain.ci95_paired.high - gain.ci95_paired.low,
           independent = gain.ci95_independent.high - gain.ci95_independent.low;
    /* delta method by hand: sd(b - r a) / (mean sqrt n), twice 1.98; two runs: relative sd 0.06
     * each, on 0.7 */
    unit_alike(paired, 2 * 1.984 * 5 / 1000 / 10, 0.2);
    unit_alike(independent, 2 * 1.96 * 0.7 * 0.06 * sqrt(2), 0.2);
    gsl_rng_free(r);
}

/* Many replicas: the pairs are a part of all pairs, the quantiles hardly differ from the normal
 * ones. */
static void improvement_of_many_replicas_stays_cheap(void)
{
    enum { N = 20000 };
    double *a = malloc(N * sizeof *a), *b = malloc(N * sizeof *b);
    gsl_rng *r = rng_at(3);
    draw_pairs(r, a, b, N);
    struct stats_improvement gain = stats_improve(a, b, N);
    unit_alike(gain.ci95_independent.high - gain.ci95_independent.low,
               2 * 1.96 * 0.7 * 0.06 * sqrt(2), 0.03);
    free(a);
    free(b);
    gsl_rng_free(r);
}

static double uniform_cdf(double x, void *context)
{
    double width = *(double *)context;
    return fmin(1, fmax(0, x / width));
}

/* Steps of 1/3 against the line x / 2, by hand; ties count once; an atom of the model that the
 * sample shares costs nothing. */
static double two_point_cdf(double x, void *context)
{
    (void)context;
    return x < 1 ? 0 : x < 4 ? 0.25 : 1;
}

static void kolmogorov_by_hand(void)
{
    double width = 2;
    unit_alike(stats_kolmogorov((const double[]){ 1.5, 0.2, 0.3 }, 3, uniform_cdf, &width),
               2 / 3.0 - 0.15, 1e-13);
    unit_alike(stats_kolmogorov((const double[]){ 1.8, 1.8 }, 2, uniform_cdf, &width), 0.9, 1e-13);
    CU_ASSERT_EQUAL(stats_kolmogorov((const double[]){ 4, 1, 4, 4 }, 4, two_point_cdf, NULL), 0);
    CU_ASSERT_EQUAL(stats_kolmogorov((const double[]){ 4, 1 }, 2, two_point_cdf, NULL), 0.25);
}

/* The statistic's own distribution: its mean times sqrt(n) tends to sqrt(pi / 2) ln 2 = 0.8687. */
static void kolmogorov_distance_of_uniform_samples(void)
{
    enum { N = 500, ROUNDS = 400 };
    gsl_rng *r = rng_at(4);
    double x[N], width = 1, sum = 0;
    for (int k = 0; k < ROUNDS; k++) {
        for (int i = 0; i < N; i++)
            x[i] = gsl_rng_uniform(r);
        sum += sqrt(N) * stats_kolmogorov(x, N, uniform_cdf, &width);
    }
    unit_is(fabs(sum / ROUNDS - 0.8687), <, 0.05);
    gsl_rng_free(r);
}

/* Gneiting and Raftery (2007), eq. 43; it is least in expectation for the true quantiles. */
static void interval_score_is_proper(void)
{
    struct stats_interval pi = { 10, 14 };
    unit_alike(stats_interval_score(pi, 0.9, 12), 4, 1e-14);
    unit_alike(stats_interval_score(pi, 0.9, 9), 4 + 20, 1e-14);
    unit_alike(stats_interval_score(pi, 0.5, 14.5), 4 + 2, 1e-14);
    gsl_rng *r = rng_at(5);
    double score[3] = { 0 }, half[3] = { 1.2, 1.6448536, 2.4 };
    for (int i = 0; i < 100000; i++) {
        double x = gsl_ran_gaussian(r, 1);
        for (int k = 0; k < 3; k++)
            score[k] += stats_interval_score((struct stats_interval){ -half[k], half[k] }, 0.9, x);
    }
    unit_is(score[1], <, score[0]);
    unit_is(score[1], <, score[2]);
    gsl_rng_free(r);
}

/* 0 of n: 1 - 0.025^(1/n). Else the ends are where the binomial tails are 2.5 %. */
static void binomial_interval_has_exact_tails(void)
{
    struct stats_interval none = stats_binomial_ci95(0, 20), all = stats_binomial_ci95(20, 20);
    unit_is(none.low, ==, 0);
    unit_alike(none.high, 1 - pow(0.025, 1 / 20.0), 1e-9);
    unit_is(all.high, ==, 1);
    unit_alike(all.low, pow(0.025, 1 / 20.0), 1e-9);
    static const unsigned cases[][2] = { { 3, 17 }, { 1, 64 }, { 500, 1000 }, { 9990, 10000 },
                                         { 1914, 2000 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stats_interval ci = stats_binomial_ci95(cases[i][0], cases[i][1]);
        unit_alike(gsl_cdf_binomial_P(cases[i][0], ci.high, cases[i][1]), 0.025, 1e-6);
        unit_alike(gsl_cdf_binomial_Q(cases[i][0] - 1, ci.low, cases[i][1]), 0.025, 1e-6);
    }
}

/* Differences 1 1 1 5 have mean 2 and sd 2, so t = 2 on 3 degrees of freedom, whose distribution
 * has a closed form. */
static void paired_test_by_hand(void)
{
    static const double a[] = { 10, 20, 30, 40 }, b[] = { 11, 21, 31, 45 },
                        up[] = { 13, 23, 33, 43 };
    double turn = 2 / sqrt(3);
    double upper = 0.5 - (atan(turn) + turn / (1 + turn * turn)) / acos(-1);
    unit_alike(stats_paired_p(a, b, 4), 2 * upper, 1e-12);
    unit_alike(stats_paired_p(b, a, 4), 2 * upper, 1e-12);
    CU_ASSERT_EQUAL(stats_paired_p(a, up, 4), 0);
    CU_ASSERT_EQUAL(stats_paired_p(a, a, 4), 1);
    CU_ASSERT_EQUAL(stats_paired_p(a, b, 1), 1);
}

static void holm_by_hand(void)
{
    double p[] = { 0.04, 0.01, 0.03, 0.005 }, few[] = { 0.04, 0.01 };
    /* 4 x 0.005, 3 x 0.01, 2 x 0.03, then not below */
    static const double expected[] = { 0.06, 0.03, 0.06, 0.02 };
    stats_holm(p, 4, 4);
    for (int i = 0; i < 4; i++)
        unit_alike(p[i], expected[i], 1e-12);
    stats_holm(few, 2, 30);
    unit_alike(few[1], 0.3, 1e-12);
    CU_ASSERT_EQUAL(few[0], 1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_summary_by_hand),
        UNIT_TEST(one_value_has_no_spread),
        UNIT_TEST(nothing_is_gained_over_no_time),
        UNIT_TEST(a_line_has_no_range_around_itself),
        UNIT_TEST(intervals_cover_as_often_as_they_say),
        UNIT_TEST(pairing_narrows_the_interval),
        UNIT_TEST(improvement_of_many_replicas_stays_cheap),
        UNIT_TEST(kolmogorov_by_hand),
        UNIT_TEST(kolmogorov_distance_of_uniform_samples),
        UNIT_TEST(interval_score_is_proper),
        UNIT_TEST(binomial_interval_has_exact_tails),
        UNIT_TEST(paired_test_by_hand),
        UNIT_TEST(holm_by_hand),
        { NULL, NULL },
    };
    return unit_run("stats", tests);
}
