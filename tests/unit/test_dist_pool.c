#include "num/dist.h"

#include "tests/support/unit.h"

static void what_is_alike_is_one(void)
{
    struct dist_pool *pool = dist_pool_new();
    struct dist *a = dist_pool_share(pool, dist_normal(340, 17));
    struct dist *b = dist_pool_share(pool, dist_normal(340, 17));
    struct dist *wider = dist_pool_share(pool, dist_normal(340, 18));
    CU_ASSERT_PTR_EQUAL(a, b);
    CU_ASSERT_PTR_NOT_EQUAL(a, wider);
    dist_pool_free(pool);
    dist_free(a);
    CU_ASSERT_EQUAL(dist_mean(b), 340);                  /* it has an owner left */
    dist_free(b);
    dist_free(wider);
}

/* Round numbers or not: none takes another one's place. */
static void all_of_many_are_shared(void)
{
    static const double steps[] = { 1, 60, 0.001, 0.1234567891 };
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        struct dist_pool *pool = dist_pool_new();
        struct dist *first[500];
        int shared = 0;
        for (int i = 0; i < 500; i++)
            first[i] = dist_pool_share(pool, dist_constant(60 + i * steps[k]));
        for (int i = 0; i < 500; i++) {
            struct dist *again = dist_pool_share(pool, dist_constant(60 + i * steps[k]));
            shared += again == first[i];
            dist_free(again);
            dist_free(first[i]);
        }
        unit_near(shared, 500, 0);
        dist_pool_free(pool);
    }
}

/* The pool is bounded: it goes on with those that came last. */
static void very_many_are_not_all_held(void)
{
    enum { N = 200000 };
    struct dist_pool *pool = dist_pool_new();
    struct dist *first = dist_pool_share(pool, dist_constant(0)), *last = NULL;
    for (int i = 1; i < N; i++) {
        dist_free(last);
        last = dist_pool_share(pool, dist_constant(i));
    }
    struct dist *again = dist_pool_share(pool, dist_constant(0)),
                *again_last = dist_pool_share(pool, dist_constant(N - 1));
    CU_ASSERT_PTR_NOT_EQUAL(again, first);
    CU_ASSERT_PTR_EQUAL(again_last, last);
    dist_free(first);
    dist_free(last);
    dist_free(again);
    dist_free(again_last);
    dist_pool_free(pool);
}

/* Equal means and sds are not enough. */
static void what_differs_in_anything_stays_apart(void)
{
    const double p[] = { 0, 0.5, 1 }, low[] = { 1, 2, 4 }, high[] = { 1, 2, 4 };
    struct dist_pool *pool = dist_pool_new();
    struct dist *of[] = {
        dist_lognormal(10, 2), dist_gamma(10, 2), dist_empirical_quantiles(p, low, 3),
        dist_empirical_quantiles(p, high, 3), NULL,
    };
    enum { N = sizeof of / sizeof *of };
    of[N - 1] = dist_scaled(of[0], 1, 1);
    for (int i = 0; i < N; i++)
        of[i] = dist_pool_share(pool, of[i]);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < i; k++)
            CU_ASSERT_EQUAL(of[i] == of[k], i == 3 && k == 2);
    for (int i = 0; i < N; i++)
        dist_free(of[i]);
    dist_pool_free(pool);
}

static void scaling_a_shared_one_leaves_it_alone(void)
{
    struct dist *d = dist_normal(340, 17), *same = dist_copy(d), *twice = dist_scaled(same, 2, 1);
    CU_ASSERT_PTR_EQUAL(d, same);
    CU_ASSERT_EQUAL(dist_mean(twice), 681);
    CU_ASSERT_EQUAL(dist_mean(d), 340);
    dist_free(d);
    dist_free(twice);
    CU_ASSERT_EQUAL(dist_sd(same), 17);
    dist_free(same);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_is_alike_is_one),
        UNIT_TEST(all_of_many_are_shared),
        UNIT_TEST(very_many_are_not_all_held),
        UNIT_TEST(what_differs_in_anything_stays_apart),
        UNIT_TEST(scaling_a_shared_one_leaves_it_alone),
        { NULL, NULL },
    };
    return unit_run("dist_pool", tests);
}
