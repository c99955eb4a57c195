#include "traces/shape.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { EACH = 120, SESSIONS = 4 };

/* Sessions of one shape, each with a mean of its own; `period_s` > 0: seen at the ticks of a poll
 * only. */
static void fill(struct shape_session *sessions, struct fit_sample *at, const struct dist *d,
                 double period_s)
{
    struct rng_stream s = rng_stream(31, 0, RNG_TEST, 5);
    for (size_t k = 0; k < SESSIONS; k++) {
        double sum = 0, scale = period_s > 0 ? 1 : 0.5 + 0.4 * (double)k;
        for (size_t i = 0; i < EACH; i++) {
            double x = scale * dist_at(d, rng_uniform(&s, k * EACH + i, 0)),
                   y = x + period_s * rng_uniform(&s, k * EACH + i, 1);
            at[k * EACH + i] = (struct fit_sample){ y - period_s, y };
            sum += y - period_s / 2;
        }
        sessions[k] = (struct shape_session){ at + k * EACH, EACH, sum / EACH };
    }
}

static struct shape fitted(const struct dist *d, double period_s)
{
    struct shape_session sessions[SESSIONS];
    struct fit_sample *at = xcalloc(SESSIONS * EACH, sizeof *at);
    fill(sessions, at, d, period_s);
    struct shape out = shape_fit(sessions, SESSIONS, dist_mean(d), period_s, "");
    free(at);
    return out;
}

static void the_family_that_made_them_is_found(void)
{
    struct dist *made[] = { dist_lognormal(2, 1.6), dist_normal(5, 0.6), dist_weibull(0.7, 1) };
    static const char *const names[] = { "lognormal", "normal", "weibull" };
    for (size_t i = 0; i < 3; i++) {
        struct shape s = fitted(made[i], 0);
        CU_ASSERT_STRING_EQUAL(s.family, names[i]);
        unit_alike(dist_mean(s.dist), dist_mean(made[i]), 1e-6);
        unit_alike(dist_sd(s.dist), dist_sd(made[i]), 0.15);
        unit_is(s.kolmogorov, <, 0.07);
        dist_free(s.dist);
        dist_free(made[i]);
    }
}

/* Two kinds mixed: no family passes, their quantiles do. */
static void what_no_family_explains_keeps_its_quantiles(void)
{
    struct dist *parts[] = { dist_normal(1, 0.05), dist_normal(4, 0.1) };
    const double weights[] = { 0.6, 0.4 };
    struct dist *mixed = dist_mixture(parts, weights, 2);
    struct shape s = fitted(mixed, 0);
    CU_ASSERT_STRING_EQUAL(s.family, "empirical");
    unit_alike(dist_mean(s.dist), dist_mean(mixed), 1e-6);
    unit_is(s.kolmogorov, <, 0.1);
    dist_free(s.dist);
    dist_free(mixed);
    dist_free(parts[0]);
    dist_free(parts[1]);
}

static void a_poll_alone_needs_no_other_spread(void)
{
    struct dist *base = dist_constant(0.4), *wide = dist_gamma(1.5, 0.8);
    struct shape s = fitted(base, 1);
    CU_ASSERT_STRING_EQUAL(s.family, "constant");
    unit_is(s.kolmogorov, <, 0.08);
    dist_free(s.dist);
    s = fitted(wide, 1);
    CU_ASSERT_FALSE(str_equal(s.family, "constant"));
    unit_alike(dist_sd(s.dist), 0.8, 0.15);
    dist_free(s.dist);
    dist_free(base);
    dist_free(wide);
}

/* Mostly like each other, some much longer: no family passes. Quantiles have the mean and, without
 * the wait's variance, the sd of what made them. */
static void polled_values_that_no_family_explains_keep_their_quantiles(void)
{
    struct dist *parts[] = { dist_normal(1, 0.05), dist_normal(6, 0.1) };
    const double weights[] = { 0.9, 0.1 };
    struct dist *mixed = dist_mixture(parts, weights, 2);
    struct shape s = fitted(mixed, 1);
    CU_ASSERT_STRING_EQUAL(s.family, "empirical");
    unit_near(dist_mean(s.dist), dist_mean(mixed), 1e-6);
    unit_near(dist_sd(s.dist), dist_sd(mixed), 0.15 * dist_sd(mixed));
    dist_free(s.dist);
    dist_free(mixed);
    dist_free(parts[0]);
    dist_free(parts[1]);
}

static void few_or_no_samples_are_no_failure(void)
{
    const struct fit_sample one = { 2.385, 2.385 };
    const struct shape_session session = { &one, 1, 2.385 }, none = { NULL, 0, NAN };
    struct shape s = shape_fit(&session, 1, 2.385, 0, "");
    CU_ASSERT_STRING_EQUAL(s.family, "constant");
    CU_ASSERT(dist_is_constant(s.dist));
    unit_near(s.log_score, NAN, 0);
    unit_near(s.kolmogorov, NAN, 0);
    dist_free(s.dist);
    s = shape_fit(&none, 1, 1, 2, "");
    CU_ASSERT(dist_is_constant(s.dist));
    dist_free(s.dist);
    s = shape_fit(&session, 1, 0, 0, "");
    CU_ASSERT_PTR_NULL(s.dist);
}

/* Exponential: E(X | X > a) = a + mean; within (a, b): a + mean - (b - a) / (exp((b - a) / mean) -
 * 1). */
static void expectations_within_ranges(void)
{
    struct dist *d = dist_exponential(3);
    unit_alike(shape_expected_within(d, (struct fit_sample){ 2, INFINITY }), 5, 0.01);
    unit_alike(shape_expected_within(d, (struct fit_sample){ 1, 4 }), 1 + 3 - 3 / (exp(1) - 1),
               0.001);
    unit_is(shape_expected_within(d, (struct fit_sample){ 1.5, 1.5 }), ==, 1.5);
    dist_free(d);
}

/* A constant and a uniform wait. */
static void the_wait_for_a_tick_is_uniform(void)
{
    struct dist *d = dist_constant(0.3);
    unit_is(shape_polled_cdf(d, 2, 0.29), ==, 0);
    unit_is(shape_polled_cdf(d, 2, 2.31), ==, 1);
    unit_alike(shape_polled_cdf(d, 2, 1.3), 0.5, 0.02);
    dist_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_family_that_made_them_is_found),
        UNIT_TEST(what_no_family_explains_keeps_its_quantiles),
        UNIT_TEST(polled_values_that_no_family_explains_keep_their_quantiles),
        UNIT_TEST(a_poll_alone_needs_no_other_spread),
        UNIT_TEST(few_or_no_samples_are_no_failure),
        UNIT_TEST(expectations_within_ranges),
        UNIT_TEST(the_wait_for_a_tick_is_uniform),
        { NULL, NULL },
    };
    return unit_run("shape", tests);
}
