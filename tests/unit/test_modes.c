/* Two modes. Oracle: samples of distributions whose number of modes is known; the level under one
 * mode. */
#include "num/modes.h"

#include "num/dist.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { N = 100, TRIALS = 300 };

static void draw(const struct dist *d, uint32_t trial, double *x, size_t n)
{
    struct rng_stream stream = rng_stream(1234, trial, RNG_TEST, 77);
    for (size_t i = 0; i < n; i++)
        x[i] = dist_at(d, rng_uniform(&stream, i, 0));
}

static int found_in(struct dist *d)
{
    int found = 0;
    double x[N];
    for (uint32_t t = 0; t < TRIALS; t++) {
        draw(d, t, x, N);
        found += two_modes_of(x, N, 0).found;
    }
    dist_free(d);
    return found;
}

/* At 1 % of 300 samples 3 are expected at most; 4.5 standard deviations more are 11. Uniform is the
 * flattest of one mode. */
static void one_mode_is_seldom_taken_for_two(void)
{
    unit_is(found_in(dist_normal(1000, 30)), <=, 11);
    unit_is(found_in(dist_exponential(50)), <=, 11);
    unit_is(found_in(dist_lognormal(100, 150)), <=, 11);
    unit_is(found_in(dist_uniform(0, 1)), <=, 11);
}

static void two_groups_are_found_with_their_shares(void)
{
    double x[N];
    for (size_t i = 0; i < N; i++) /* 38 around 3404 s, 62 around 2879 s, in no order */
        x[i] = (i * 37 % N < 38 ? 3404 : 2879) + 8 * sin((double)i);
    struct two_modes m = two_modes_of(x, N, 30);
    CU_ASSERT_TRUE(m.found);
    unit_near(m.low, 2879, 3);
    unit_near(m.high, 3404, 3);
    unit_near(m.share_low, 0.62, 0);
    unit_near(m.share_high, 0.38, 0);
    unit_is(m.p, <, 1e-6);
    /* one value in the gap changes nothing */
    x[3] = 3100;
    CU_ASSERT_TRUE(two_modes_of(x, N, 30).found);
}

static void a_gap_that_nobody_minds_is_ignored(void)
{
    double x[N];
    for (size_t i = 0; i < N; i++)
        x[i] = i % 2 ? 1000 : 1000.1;
    CU_ASSERT_TRUE(two_modes_of(x, N, 0.05).found);
    CU_ASSERT_FALSE(two_modes_of(x, N, 10).found);
    for (size_t i = 0; i < N; i++)                           /* and so are fewer than a twentieth */
        x[i] = i < 4 ? 2000 + (double)i : 1000 + (double)i / N;
    CU_ASSERT_FALSE(two_modes_of(x, N, 10).found);
}

static void few_or_equal_values_have_one_mode(void)
{
    static const double same[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 };
    CU_ASSERT_FALSE(two_modes_of(same, 10, 0).found);
    CU_ASSERT_FALSE(two_modes_of(same, 1, 0).found);
    CU_ASSERT_FALSE(two_modes_of((const double[]){ 1, 9 }, 2, 0).found);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(one_mode_is_seldom_taken_for_two),
                                              UNIT_TEST(two_groups_are_found_with_their_shares),
                                              UNIT_TEST(a_gap_that_nobody_minds_is_ignored),
                                              UNIT_TEST(few_or_equal_values_have_one_mode),
                                              { NULL, NULL } };
    return unit_run("modes", tests);
}
