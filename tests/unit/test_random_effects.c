#include "num/random_effects.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "num/rng.h"
#include "tests/support/unit.h"

static void equal_noise_gives_the_t_interval_of_the_means(void)
{
    const double m[] = { 2.1, 3.4, 2.9, 4.0 }, v[] = { 0.09, 0.09, 0.09, 0.09 };
    struct random_effects r = random_effects_fit(m, v, 4);
    struct stats_summary plain = stats_summarise(m, 4);
    unit_alike(r.mean, plain.mean, 1e-9);
    unit_alike(r.ci95.low, plain.ci95.low, 1e-6);
    unit_alike(r.ci95.high, plain.ci95.high, 1e-6);
    unit_alike(r.between, sqrt(plain.sd * plain.sd - 0.09), 1e-6);
}

static void noise_alone_explains_small_differences(void)
{
    const double m[] = { 5.1, 5.2, 4.9 }, v[] = { 1, 4, 2 };
    struct random_effects r = random_effects_fit(m, v, 3);
    unit_is(r.between, ==, 0);
    /* inverse variances */
    unit_alike(r.mean, (5.1 + 5.2 / 4 + 4.9 / 2) / 1.75, 1e-12);
    unit_is(r.se, >, 0);
    unit_is(r.se, <, 1);
}

static void without_noise_all_spread_is_between(void)
{
    const double m[] = { 1, 2, 6 }, v[] = { 0, 0, 0 };
    struct random_effects r = random_effects_fit(m, v, 3);
    unit_alike(r.mean, 3, 1e-12);
    unit_alike(r.between, sqrt(7), 1e-12);
    unit_alike(r.se, sqrt(7.0 / 3), 1e-12);
}

static void one_group_says_nothing_of_others(void)
{
    const double m = 2.385, v = 0.2;
    struct random_effects r = random_effects_fit(&m, &v, 1);
    unit_is(r.mean, ==, 2.385);
    unit_is(r.between, ==, 0);
    unit_near(r.se, NAN, 0);
    unit_near(r.ci95.low, NAN, 0);
    unit_near(r.ci95.high, NAN, 0);
}

static void alike_groups_have_no_spread(void)
{
    const double m[] = { 1.5, 1.5, 1.5 }, v[] = { 0, 0, 0 };
    struct random_effects r = random_effects_fit(m, v, 3);
    unit_is(r.mean, ==, 1.5);
    unit_is(r.between, ==, 0);
    unit_is(r.se, ==, 0);
    unit_is(r.ci95.low, ==, 1.5);
}

/* Groups drawn from a known population, unequal in noise: the intervals cover what they say, within
 * a binomial interval. */
static void intervals_cover_the_truth(void)
{
    enum { TRIALS = 4000, GROUPS = 4 };
    const double v[GROUPS] = { 0.05, 0.1, 0.2, 0.4 };
    struct rng_stream s = rng_stream(20260, 0, RNG_TEST, 1);
    size_t covered = 0;
    double sum = 0;
    for (size_t t = 0; t < TRIALS; t++) {
        double m[GROUPS];
        for (size_t i = 0; i < GROUPS; i++)
            m[i] =
                3 + sqrt(0.5 + v[i]) * gsl_cdf_ugaussian_Pinv(rng_uniform(&s, t * GROUPS + i, 0));
        struct random_effects r = random_effects_fit(m, v, GROUPS);
        covered += r.ci95.low <= 3 && 3 <= r.ci95.high;
        sum += r.mean;
    }
    struct stats_interval share = stats_binomial_ci95(covered, TRIALS);
    unit_is(share.low, <, 0.97);
    unit_is(share.high, >, 0.93);
    unit_is(fabs(sum / TRIALS - 3), <, 4 * sqrt(0.7 / GROUPS / TRIALS));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(equal_noise_gives_the_t_interval_of_the_means),
        UNIT_TEST(noise_alone_explains_small_differences),
        UNIT_TEST(without_noise_all_spread_is_between),
        UNIT_TEST(one_group_says_nothing_of_others),
        UNIT_TEST(alike_groups_have_no_spread),
        UNIT_TEST(intervals_cover_the_truth),
        { NULL, NULL },
    };
    return unit_run("random_effects", tests);
}
