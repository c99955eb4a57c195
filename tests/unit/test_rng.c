#include "num/rng.h"

#include <math.h>
#include <string.h>

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "tests/support/unit.h"

/* Known answers of philox4x64-10, from Random123's kat_vectors. */
static void philox_gives_the_published_words(void)
{
    static const struct { uint64_t counter[4], key[2], words[4]; } known[] = {
        { { 0, 0, 0, 0 }, { 0, 0 },
          { 0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU, 0xd7e772cee186176bU, 0x7e68b68aec7ba23bU } },
        { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX }, { UINT64_MAX, UINT64_MAX },
          { 0x87b092c3013fe90bU, 0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U, 0xa09caebf594f0ba0U } },
        { { 0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U, 0x082efa98ec4e6c89U },
          { 0x452821e638d01377U, 0xbe5466cf34e90c6cU },
          { 0xa528f45403e61d95U, 0x38c72dbd566e9788U, 0xa5a1610e72fd18b5U, 0x57bd43b5e52b7fe6U } },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        philox4x64_ctr_t counter;
        philox4x64_key_t key;
        memcpy(counter.v, known[i].counter, sizeof counter.v);
        memcpy(key.v, known[i].key, sizeof key.v);
        philox4x64_ctr_t words = philox4x64(counter, key);
        CU_ASSERT_EQUAL(memcmp(words.v, known[i].words, sizeof words.v), 0);
    }
}

/* The key is (seed, stream), the counter (index / 4, attempt, purpose, replica): what results
 * depend on for ever. */
static void a_draw_is_the_documented_word(void)
{
    struct rng_stream s = rng_stream(0x452821e638d01377U, 7, RNG_LAUNCH, 0xbe5466cf34e90c6cU);
    philox4x64_ctr_t counter = { { 1234567 / 4, 3, RNG_LAUNCH, 7 } };
    philox4x64_key_t key = { { 0x452821e638d01377U, 0xbe5466cf34e90c6cU } };
    uint64_t word = philox4x64(counter, key).v[1234567 % 4];
    CU_ASSERT_EQUAL(rng_uniform(&s, 1234567, 3), ldexp((double)(word >> 12) + 0.5, -52));

    struct rng_stream zero = rng_stream(0, 0, RNG_DURATION, 0);
    CU_ASSERT_EQUAL(rng_uniform(&zero, 0, 0),
                    ldexp((double)(0x16554d9eca36314cU >> 12) + 0.5, -52));
}

static void a_block_equals_single_draws(void)
{
    struct rng_stream s = rng_stream(42, 5, RNG_TEST, 99);
    static const size_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 1000 };
    static double block[1000];
    for (uint64_t first = 0; first < 9; first++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            rng_uniform_block(&s, first, sizes[k], 2, block);
            bool same = true;
            for (size_t i = 0; i < sizes[k]; i++)
                same = same && block[i] == rng_uniform(&s, first + i, 2);
            CU_ASSERT(same);
        }
}

static void every_part_of_the_name_matters(void)
{
    struct rng_stream s = rng_stream(42, 5, RNG_TEST, 99), other[] = {
        rng_stream(43, 5, RNG_TEST, 99),
        rng_stream(42, 6, RNG_TEST, 99),
        rng_stream(42, 5, RNG_ORDER, 99),
        rng_stream(42, 5, RNG_TEST, 98),
    };
    double here = rng_uniform(&s, 11, 0);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        CU_ASSERT_NOT_EQUAL(rng_uniform(&other[i], 11, 0), here);
    CU_ASSERT_NOT_EQUAL(rng_uniform(&s, 12, 0), here);
    CU_ASSERT_NOT_EQUAL(rng_uniform(&s, 11, 1), here);
}

/* Mean 1/2, variance 1/12, and a chi-squared test over 64 x 64 cells of successive pairs. */
static void draws_are_uniform(void)
{
    enum { N = 1 << 18, CELLS = 64 };
    static double u[N];
    static size_t count[CELLS * CELLS];
    struct rng_stream s = rng_stream(2024, 0, RNG_TEST, 1);
    rng_uniform_block(&s, 0, N, 0, u);
    double sum = 0, squares = 0, chi2 = 0;
    for (size_t i = 0; i < N; i++) {
        sum += u[i] - 0.5;
        squares += (u[i] - 0.5) * (u[i] - 0.5);
    }
    unit_is(fabs(sum / N), <, 5 * sqrt(1.0 / 12 / N));
    unit_is(fabs(squares / N - 1.0 / 12), <, 5 * sqrt(1.0 / 180 / N));
    for (size_t i = 0; i < N; i += 2)
        count[(size_t)(u[i] * CELLS) * CELLS + (size_t)(u[i + 1] * CELLS)]++;
    double expected = N / 2.0 / (CELLS * CELLS);
    for (size_t i = 0; i < CELLS * CELLS; i++)
        chi2 += ((double)count[i] - expected) * ((double)count[i] - expected) / expected;
    double p = gsl_cdf_chisq_Q(chi2, CELLS * CELLS - 1);
    unit_is(p, >, 1e-4);
    unit_is(p, <, 1 - 1e-4);
}

static void gsl_walks_through_the_same_numbers(void)
{
    struct rng_stream s = rng_stream(42, 5, RNG_TEST, 99);
    for (uint64_t first = 0; first < 6; first++) {
        gsl_rng *r = rng_gsl_new(&s, first);
        for (uint64_t i = 0; i < 11; i++)
            CU_ASSERT_EQUAL(gsl_rng_uniform(r), rng_uniform(&s, first + i, 0));
        CU_ASSERT_EQUAL(gsl_rng_get(r), (unsigned long)(rng_uniform(&s, first + 11, 0) * 0x1p32));
        gsl_rng_free(r);
    }
}

static void gsl_can_seed_clone_and_sample(void)
{
    gsl_rng *a = gsl_rng_alloc(rng_gsl_philox), *b = gsl_rng_alloc(rng_gsl_philox);
    gsl_rng_set(a, 17);
    gsl_rng_set(b, 18);
    CU_ASSERT_NOT_EQUAL(gsl_rng_get(a), gsl_rng_get(b));
    gsl_rng *clone = gsl_rng_clone(a);
    double sum = 0;
    for (int i = 0; i < 100000; i++) {
        double x = gsl_ran_gaussian_ziggurat(a, 2.0);
        sum += x;
        if (i < 10)
            CU_ASSERT_EQUAL(x, gsl_ran_gaussian_ziggurat(clone, 2.0));
    }
    unit_is(fabs(sum / 100000), <, 5 * 2 / sqrt(100000));
    gsl_rng_free(a);
    gsl_rng_free(b);
    gsl_rng_free(clone);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(philox_gives_the_published_words),
        UNIT_TEST(a_draw_is_the_documented_word),
        UNIT_TEST(a_block_equals_single_draws),
        UNIT_TEST(every_part_of_the_name_matters),
        UNIT_TEST(draws_are_uniform),
        UNIT_TEST(gsl_walks_through_the_same_numbers),
        UNIT_TEST(gsl_can_seed_clone_and_sample),
        { NULL, NULL },
    };
    return unit_run("rng", tests);
}
