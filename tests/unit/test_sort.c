#include "base/sort.h"

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
        CU_ASSERT(sorted(items, n) && sum == after);
    }
}

static void only_the_last_pair_is_wrong(void)
{
    int items[N];
    for (int i = 0; i < N; i++)
        items[i] = i;
    items[N - 1] = -1;
    sort_items(items, N, sizeof *items, by_value);
    CU_ASSERT(sorted(items, N) && items[0] == -1);
}

static void what_is_sorted_is_only_looked_at(void)
{
    int items[N];
    for (int i = 0; i < N; i++)
        items[i] = i / 3;
    compared = 0;
    sort_items(items, N, sizeof *items, by_value);
    CU_ASSERT(compared == N - 1 && sorted(items, N));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(any_order_is_sorted), UNIT_TEST(only_the_last_pair_is_wrong), UNIT_TEST(what_is_sorted_is_only_looked_at),
        { NULL, NULL },
    };
    return unit_run("sort", tests);
}
