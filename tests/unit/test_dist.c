#include "num/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_math.h>

#include "num/rng.h"
#include "num/stats.h"
#include "tests/support/unit.h"

enum { SAMPLES = 200000, MAX_CASES = 32 };

static const double seen[] = { 3.5, 1.25, 8.125, 2.0, 2.0, 40.5, 9.75 };
static const double line_p[] = { 0, 0.1, 0.5, 0.9, 1 }, line_x[] = { 2, 5.5, 7, 20, 61 };

/* One of each family, and what is hard about it: strong truncation, long tails, atoms, shift and
 * scale. */
static size_t make_cases(struct dist **d)
{
    size_t n = 0;
    d[n++] = dist_constant(85);
    d[n++] = dist_uniform(12.5, 37);
    d[n++] = dist_normal(340, 17);
    d[n++] = dist_normal(340, 0.005);
    d[n++] = dist_normal(2.5, 2);
    d[n++] = dist_normal(0, 3);
    d[n++] = dist_normal(1, 50);
    d[n++] = dist_lognormal(100, 5);
    d[n++] = dist_lognormal(10, 15);
    d[n++] = dist_exponential(62.5);
    d[n++] = dist_gamma(8, 12);
    d[n++] = dist_gamma(340, 17);
    d[n++] = dist_gamma(340, 1.75);
    d[n++] = dist_gamma(8, 40);
    d[n++] = dist_weibull(0.8, 30);
    d[n++] = dist_weibull(7.5, 200);
    d[n++] = dist_poisson(3.25);
    d[n++] = dist_poisson(40);
    d[n++] = dist_binomial(12, 0.4);
    d[n++] = dist_binomial(1, 0.02);
    d[n++] = dist_geometric(0.2);
    d[n++] = dist_empirical(seen, sizeof seen / sizeof *seen);
    d[n++] = dist_empirical_quantiles(line_p, line_x, sizeof line_p / sizeof *line_p);
    struct dist *warm_and_cold[] = { d[2], d[8], d[0] };
    d[n++] = dist_mixture(warm_and_cold, (const double[]){ 3, 1, 0.5 }, 3);
    d[n++] = dist_mixture(&d[9], (const double[]){ 2 }, 1);
    d[n++] = dist_scaled(d[2], 0.25, 3.5);
    d[n++] = dist_scaled(d[9], 2, -7.5);
    return n;
}

static void for_each_case(void (*check)(struct dist *d))
{
    struct dist *d[MAX_CASES];
    size_t n = make_cases(d);
    for (size_t i = 0; i < n; i++)
        check(d[i]);
    for (size_t i = 0; i < n; i++)
        dist_free(d[i]);
}

static double *draw(const struct dist *d, size_t n, uint64_t stream)
{
    struct rng_stream s = rng_stream(20240, 0, RNG_TEST, stream);
    double *x = malloc(n * sizeof *x);
    rng_uniform_block(&s, 0, n, 0, x);
    dist_at_block(d, x, n, x);
    return x;
}

static void check_moments(struct dist *d)
{
    double *x = draw(d, SAMPLES, 1), mean = dist_mean(d), sd = dist_sd(d), sum = 0, squares = 0,
           fourth = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        double off = x[i] - mean;
        sum += off;
        squares += off * off;
        fourth += off * off * off * off;
    }
    double variance = squares / SAMPLES,
           variance_error = sqrt((fourth / SAMPLES - variance * variance) / SAMPLES);
    unit_is(fabs(sum / SAMPLES), <=, 4.5 * sd / sqrt(SAMPLES));
    unit_is(fabs(variance - sd * sd), <=, 6 * variance_error + 1e-12 * sd * sd);
    free(x);
}

static void samples_have_the_stated_moments(void)
{
    for_each_case(check_moments);
}

static double cdf_of(double x, void *context)
{
    return dist_cdf(context, x);
}

/* A distance of 2.2 / sqrt(n) has a probability of 1e-4. */
static void check_kolmogorov(struct dist *d)
{
    double *x = draw(d, SAMPLES, 2);
    unit_is(stats_kolmogorov(x, SAMPLES, cdf_of, d), <, 2.2 / sqrt(SAMPLES));
    free(x);
}

static void samples_follow_the_cdf(void)
{
    for_each_case(check_kolmogorov);
}

static void check_inverse(struct dist *d)
{
    static const double ps[] = { 1e-9, 1e-4, 0.003, 0.05, 0.2, 0.5, 0.77, 0.95, 0.999, 1 - 1e-6 };
    for (size_t i = 0; i < sizeof ps / sizeof *ps; i++) {
        double x = dist_quantile(d, ps[i]), p = dist_cdf(d, x);
        unit_is(dist_cdf(d, x + 1e-9 * fabs(x)), >=,
                ps[i] * (1 - 1e-9) - 1e-15); /* the smallest x that reaches p */
        unit_is(dist_cdf(d, x - 1e-9 * fabs(x) - 1e-300), <=, ps[i] * (1 + 1e-9) + 1e-15);
        unit_is(fabs(p + dist_survival(d, x) - 1), <, 1e-12);
        if (p < 1 && p > 0)
            unit_is(fabs(dist_quantile(d, p) - x), <=, 1e-6 * dist_sd(d));
        if (i > 0)
            unit_is(x, >=, dist_quantile(d, ps[i - 1]));
    }
}

static void quantile_inverts_the_cdf(void)
{
    for_each_case(check_inverse);
}

static void check_ends(struct dist *d)
{
    double low = dist_quantile(d, 0), high = dist_quantile(d, 1), first = dist_at(d, 0x1p-53),
           last = dist_at(d, 1 - 0x1p-53);
    CU_ASSERT(isfinite(first));
    CU_ASSERT(isfinite(last));
    unit_is(low, <=, first);
    unit_is(first, <=, high);
    unit_is(low, <=, last);
    unit_is(last, <=, high);
    unit_is(dist_cdf(d, -1e300), ==, 0);
    unit_is(dist_survival(d, 1e300), ==, 0);
    unit_is(dist_cdf(d, 1e300), ==, 1);
    unit_is(dist_survival(d, -1e300), ==, 1);
}

static void samples_are_finite_at_both_ends(void)
{
    for_each_case(check_ends);
}

static void check_blocks(struct dist *d)
{
    enum { N = 1000 };
    struct rng_stream s = rng_stream(7, 1, RNG_TEST, 3);
    double u[N], out[N];
    rng_uniform_block(&s, 0, N, 0, u);
    for (size_t n = 1; n <= N; n = n * 2 + 1) {
        bool same = true;
        dist_at_block(d, u, n, out);
        for (size_t i = 0; i < n; i++) {
            double one = dist_at(d, u[i]);
            same = same && memcmp(&one, &out[i], sizeof one) == 0;
        }
        CU_ASSERT(same);
    }
    dist_at_block(d, u, N, out);
    dist_at_block(d, u, N, u);
    CU_ASSERT_EQUAL(memcmp(u, out, sizeof u), 0);
}

/* At uniform numbers that lie dense near 0 and 1; gamma's samples come from a table. A mixture
 * picks a part first. */
static void check_samples_are_quantiles(struct dist *d)
{
    if (strcmp(dist_family(d), "mixture") == 0)
        return;
    double worst = 0;
    for (double z = -34; z < 34; z += 0.171) {
        double u = ldexp(floor(ldexp(1 / (1 + exp(-z)), 52)) + 0.5, -52);
        double q = dist_quantile(d, u), scale = fmin(dist_sd(d), fabs(q));
        worst = fmax(worst,
                     fabs(dist_at(d, u) - q) - 2e-6 * scale - 1e-13 * (dist_mean(d) + dist_sd(d)));
    }
    CU_ASSERT_EQUAL(worst, 0);
}

static void samples_are_the_quantiles(void)
{
    for_each_case(check_samples_are_quantiles);
}

static void a_block_equals_single_samples_bit_for_bit(void)
{
    for_each_case(check_blocks);
}

/* Mean of the maxima of 2000 groups, against its own standard error. */
static void check_maximum_by_sampling(struct dist *d)
{
    enum { GROUPS = 2000 };
    static const size_t sizes[] = { 1, 2, 7, 96 };
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        double *x = draw(d, GROUPS * sizes[k], 100 + k), expected = dist_expected_max(d, sizes[k]),
               sum = 0, squares = 0;
        for (size_t g = 0; g < GROUPS; g++) {
            double most = -INFINITY;
            for (size_t i = 0; i < sizes[k]; i++)
                most = fmax(most, x[g * sizes[k] + i]);
            sum += most - expected;
            squares += (most - expected) * (most - expected);
        }
        double error = sqrt(squares / GROUPS / GROUPS);
        unit_is(fabs(sum / GROUPS), <=,
                4.5 * error +
                    1e-3 * dist_sd(d)); /* the latter for maxima that all but never vary */
        free(x);
    }
}

static void expected_maximum_agrees_with_sampling(void)
{
    for_each_case(check_maximum_by_sampling);
}

/* Enumerated: two draws of seven values; and two of the piecewise uniform by E max = integral of 1
 * - F^2, by the midpoint rule. */
static void expected_maximum_of_what_was_seen_is_exact(void)
{
    struct dist *d = dist_empirical(seen, 7), *line = dist_empirical_quantiles(line_p, line_x, 5);
    double sum = 0, integral = 0;
    for (size_t i = 0; i < 7; i++)
        for (size_t k = 0; k < 7; k++)
            sum += fmax(seen[i], seen[k]);
    unit_alike(dist_expected_max(d, 2), sum / 49, 1e-13);
    for (int i = 0; i < 61000; i++) {
        double f = dist_cdf(line, (i + 0.5) * 0.001);
        integral += (1 - f * f) * 0.001;
    }
    unit_alike(dist_expected_max(line, 2), integral, 1e-7);
    unit_alike(dist_expected_max(line, 10000000), 61, 1e-5);
    dist_free(d);
    dist_free(line);
}

static void check_maximum_grows(struct dist *d)
{
    double before = dist_expected_max(d, 1);
    unit_alike(before, dist_mean(d), 1e-14);
    for (size_t n = 3; n <= 10000000; n = n * 7 + 2) {
        double most = dist_expected_max(d, n);
        unit_is(most, >=, before - 1e-9 * dist_sd(d));
        unit_is(most, <=, dist_quantile(d, 1));
        unit_is(most, <=,
                dist_mean(d) + dist_sd(d) * (double)(n - 1) / sqrt(2 * (double)n - 1) * (1 + 1e-9));
        before = most;
    }
}

/* Hartley and David (1954): E max <= mean + sd (n - 1) / sqrt(2 n - 1), for every distribution. */
static void expected_maximum_grows_within_its_bound(void)
{
    for_each_case(check_maximum_grows);
}

/* Mean and variance of a half-normal, and Mills' ratio by the integral of the density. */
static void truncated_moments_are_the_half_normals(void)
{
    struct dist *half = dist_normal(0, 3), *cut = dist_normal(2.5, 2);
    unit_alike(dist_mean(half), 3 * sqrt(2 / M_PI), 1e-14);
    unit_alike(dist_sd(half), 3 * sqrt(1 - 2 / M_PI), 1e-14);
    double mass = 0, mean = 0;
    for (int i = 0; i < 2000000; i++) {
        double x = (i + 0.5) * 1e-5, f = exp(-0.5 * gsl_pow_2((x - 2.5) / 2));
        mass += f;
        mean += x * f;
    }
    unit_alike(dist_mean(cut), mean / mass, 1e-9);
    dist_free(half);
    dist_free(cut);
}

static void shift_and_scale_compose(void)
{
    struct dist *n = dist_normal(340, 17), *a = dist_scaled(n, 0.5, 10), *b = dist_scaled(a, 3, -1);
    unit_alike(dist_mean(b), 3 * (0.5 * 340 + 10) - 1, 1e-14);
    unit_alike(dist_sd(b), 1.5 * 17, 1e-14);
    unit_alike(dist_at(b, 0.3), 3 * dist_at(a, 0.3) - 1, 1e-14);
    unit_alike(dist_expected_max(b, 96), 3 * (0.5 * dist_expected_max(n, 96) + 10) - 1, 1e-12);
    struct dist *nothing = dist_scaled(b, 0, 4.5);
    CU_ASSERT(dist_is_constant(nothing));
    unit_is(dist_at(nothing, 0.9), ==, 4.5);
    unit_is(dist_quantile(nothing, 1), ==, 4.5);
    unit_is(dist_cdf(nothing, 4.4), ==, 0);
    unit_is(dist_cdf(nothing, 4.5), ==, 1);
    unit_is(dist_survival(nothing, 4.4), ==, 1);
    dist_free(n);
    dist_free(a);
    dist_free(b);
    dist_free(nothing);
}

static void no_spread_is_a_constant(void)
{
    struct dist *d[] = {
        dist_normal(85, 0),
        dist_lognormal(85, 0),
        dist_gamma(85, 0),
        dist_uniform(85, 85),
        dist_exponential(0),
        dist_empirical((const double[]){ 85, 85, 85 }, 3),
        dist_empirical((const double[]){ 7 }, 1),
    };
    for (size_t i = 0; i < sizeof d / sizeof *d; i++) {
        CU_ASSERT(dist_is_constant(d[i]));
        CU_ASSERT_EQUAL(dist_at(d[i], 0.001), dist_mean(d[i]));
        CU_ASSERT_EQUAL(dist_expected_max(d[i], 1000), dist_mean(d[i]));
        dist_free(d[i]);
    }
}

static void a_copy_outlives_its_original(void)
{
    struct dist *n = dist_normal(340, 17), *e = dist_exponential(3);
    struct dist *m = dist_mixture((struct dist *[]){ n, e }, (const double[]){ 1, 2 }, 2),
                *copy = dist_copy(m);
    double at = dist_at(m, 0.61), mean = dist_mean(m);
    dist_free(n);
    dist_free(e);
    dist_free(m);
    CU_ASSERT_EQUAL(dist_at(copy, 0.61), at);
    CU_ASSERT_EQUAL(dist_mean(copy), mean);
    dist_free(copy);
    dist_free(NULL);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(samples_have_the_stated_moments),
        UNIT_TEST(samples_follow_the_cdf),
        UNIT_TEST(quantile_inverts_the_cdf),
        UNIT_TEST(samples_are_finite_at_both_ends),
        UNIT_TEST(samples_are_the_quantiles),
        UNIT_TEST(a_block_equals_single_samples_bit_for_bit),
        UNIT_TEST(expected_maximum_agrees_with_sampling),
        UNIT_TEST(expected_maximum_of_what_was_seen_is_exact),
        UNIT_TEST(expected_maximum_grows_within_its_bound),
        UNIT_TEST(truncated_moments_are_the_half_normals),
        UNIT_TEST(shift_and_scale_compose),
        UNIT_TEST(no_spread_is_a_constant),
        UNIT_TEST(a_copy_outlives_its_original),
        { NULL, NULL },
    };
    return unit_run("dist", tests);
}
