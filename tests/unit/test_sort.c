#include "base/sort.h"

#include <math.h>
#include <stdint.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { N = 500 };

static size_t compared;

static int by_value(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    compared++;
    return (x > y) - (x < y);
}

static bool sorted(const int *items, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (items[i - 1] > items[i])
            return false;
    return true;
}

static void any_order_is_sorted(void)
{
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 0);
    for (uint32_t n = 0; n < N; n += 7) {
        int items[N], sum = 0, after = 0;
        for (uint32_t i = 0; i < n; i++)
            sum += items[i] = (int)(rng_uniform(&stream, n, i) * 100);
        sort_items(items, n, sizeof *items, by_value);
        for (uint32_t i = 0; i < n; i++)
            after += items[i];
        CU_ASSERT(sorted(items, n));
        unit_is(sum, ==, after);
    }
}

static void only_the_last_pair_is_wrong(void)
{
    int items[N];
    for (int i = 0; i < N; i++)
        items[i] = i;
    items[N - 1] = -1;
    sort_items(items, N, sizeof *items, by_value);
    CU_ASSERT(sorted(items, N));
    unit_is(items[0], ==, -1);
}

static void what_is_sorted_is_only_looked_at(void)
{
    int items[N];
    for (int i = 0; i < N; i++)
        items[i] = i / 3;
    compared = 0;
    sort_items(items, N, sizeof *items, by_value);
    unit_is(compared, ==, N - 1);
    CU_ASSERT(sorted(items, N));
}

/* The second method: insertion, which is stable. */
static void insert(struct sort_key *keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k && keys[k - 1].key > keys[k].key; k--) {
            struct sort_key swapped = keys[k];
            keys[k] = keys[k - 1];
            keys[k - 1] = swapped;
        }
}

static void keys_are_sorted_and_equal_ones_stay_in_order(void)
{
    static const uint64_t factors[] = { 1, 257, UINT64_C(1) << 40, UINT64_C(0x00ff00000000ff01),
                                        UINT64_MAX / 100 };
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 1);
    for (uint32_t n = 0; n < N; n += 13)
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            struct sort_key keys[N], expected[N];
            for (uint32_t i = 0; i < n; i++)
                keys[i] = expected[i] =
                    (struct sort_key){ (uint64_t)(rng_uniform(&stream, n, i) * 100) * factors[f],
                                       i };
            sort_keys(keys, n);
            insert(expected, n);
            for (uint32_t i = 0; i < n; i++) {
                unit_is(keys[i].key, ==, expected[i].key);
                unit_is(keys[i].item, ==, expected[i].item);
            }
        }
}

static void items_go_with_their_keys(void)
{
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 3);
    for (uint32_t n = 0; n < N; n += 13) {
        struct item { double x; uint32_t before; } items[N];
        struct sort_key keys[N];
        for (uint32_t i = 0; i < n; i++) {
            items[i] = (struct item){ floor(rng_uniform(&stream, n, i) * 20), i };
            keys[i] = (struct sort_key){ sort_key_of(items[i].x), i };
        }
        sort_by_keys(items, n, sizeof *items, keys);
        for (uint32_t i = 1; i < n; i++) {
            unit_is(items[i - 1].x, <=, items[i].x);
            if (items[i - 1].x == items[i].x)
                unit_is(items[i - 1].before, <, items[i].before);
        }
    }
}

static void keys_of_doubles_are_in_the_doubles_order(void)
{
    static const double ascending[] = { -INFINITY, -1e300, -2.385, -1e-310, 0, 1e-310, 2.385,
                                        1600000000.25, INFINITY, NAN };
    for (size_t i = 1; i < sizeof ascending / sizeof *ascending; i++)
        unit_is(sort_key_of(ascending[i - 1]), <, sort_key_of(ascending[i]));
    CU_ASSERT_EQUAL(sort_key_of(-0.0), sort_key_of(0.0));
    CU_ASSERT_EQUAL(sort_key_of(-NAN), sort_key_of(NAN));
}

static void doubles_keep_their_bits(void)
{
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 2);
    for (uint32_t n = 1; n < N; n += 7) {
        double x[N], sum = 0, after = 0;
        for (uint32_t i = 0; i < n; i++)
            /* sums of these are exact */
            x[i] = floor((rng_uniform(&stream, n, i) - 0.5) * 1e6) / 1024;
        x[0] = -0.0;
        for (uint32_t i = 0; i < n; i++)
            sum += x[i];
        sort_doubles(x, n);
        bool negative_zero = false;
        for (uint32_t i = 0; i < n; i++) {
            if (i)
                unit_is(x[i - 1], <=, x[i]);
            negative_zero |= x[i] == 0 && signbit(x[i]);
            after += x[i];
        }
        CU_ASSERT(negative_zero);
        unit_is(sum, ==, after);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(any_order_is_sorted),
        UNIT_TEST(only_the_last_pair_is_wrong),
        UNIT_TEST(what_is_sorted_is_only_looked_at),
        UNIT_TEST(keys_are_sorted_and_equal_ones_stay_in_order),
        UNIT_TEST(items_go_with_their_keys),
        UNIT_TEST(keys_of_doubles_are_in_the_doubles_order),
        UNIT_TEST(doubles_keep_their_bits),
        { NULL, NULL },
    };
    return unit_run("sort", tests);
}
