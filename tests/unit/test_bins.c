#include "plots/stack.h"

#include "num/rng.h"
#include "tests/support/unit.h"

static void a_bin_is_the_average_over_it(void)
{
    struct bins b = bins_new(10, 20, 5, 2);              /* bins of 2 s */

    /* half a bin, a whole one, three quarters of one */
    bins_add(&b, 0, 11, 15.5, 4);
    bins_add(&b, 1, 12.5, 13, 8);                        /* within one bin */
    bins_finish(&b);
    unit_is(bins_at(&b, 0, 0), ==, 2);
    unit_is(bins_at(&b, 0, 1), ==, 4);
    unit_alike(bins_at(&b, 0, 2), 3, 1e-12);
    unit_is(bins_at(&b, 0, 3), ==, 0);
    unit_is(bins_at(&b, 0, 4), ==, 0);
    unit_is(bins_at(&b, 1, 1), ==, 2);
    unit_is(bins_at(&b, 1, 0), ==, 0);
    unit_is(bins_at(&b, 1, 2), ==, 0);
    bins_clear(&b);
}

static void what_lies_outside_is_cut(void)
{
    struct bins b = bins_new(10, 20, 5, 1);

    bins_add(&b, 0, -5, 11, 6);
    bins_add(&b, 0, 19.5, 99, 6);
    bins_add(&b, 0, 30, 40, 6);
    bins_add(&b, 0, 14, 14, 6);
    bins_finish(&b);
    unit_is(bins_at(&b, 0, 0), ==, 3);
    unit_alike(bins_at(&b, 0, 4), 1.5, 1e-12);
    unit_is(bins_at(&b, 0, 1), ==, 0);
    unit_is(bins_at(&b, 0, 2), ==, 0);
    unit_is(bins_at(&b, 0, 3), ==, 0);
    bins_clear(&b);
}

/* Whatever is added, the area under the bins is the sum of the intervals' own. */
static void area_is_kept(void)
{
    struct rng_stream stream = rng_stream(1, 0, RNG_TEST, 17);
    struct bins b = bins_new(0, 7.3, 113, 1);
    double area = 0, sum = 0;

    for (uint64_t i = 0; i < 5000; i++) {
        double from_s = 7.3 * rng_uniform(&stream, 3 * i, 0),
               to_s = from_s + (7.3 - from_s) * rng_uniform(&stream, 3 * i + 1, 0);
        double amount = rng_uniform(&stream, 3 * i + 2, 0);

        bins_add(&b, 0, from_s, to_s, amount);
        area += amount * (to_s - from_s);
    }
    bins_finish(&b);
    for (size_t i = 0; i < b.n; i++)
        sum += bins_at(&b, 0, i) * b.width_s;
    unit_alike(sum, area, 1e-9);
    bins_clear(&b);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_bin_is_the_average_over_it),
        UNIT_TEST(what_lies_outside_is_cut),
        UNIT_TEST(area_is_kept),
        { NULL, NULL },
    };
    return unit_run("bins", tests);
}
