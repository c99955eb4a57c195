#include "traces/importer/infer.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static void the_peak_is_that_of_every_instant(void)
{
    for (uint64_t number = 0; number < 50; number++) {
        enum { N = 12 };
        struct infer_load loads[2 * N];
        int from[N], to[N], amount[N], most = 0;
        for (size_t i = 0; i < N; i++) {
            from[i] = given_choice(number, 3 * i, 0, 20);
            to[i] = from[i] + given_choice(number, 3 * i + 1, 1, 9);
            amount[i] = given_choice(number, 3 * i + 2, 1, 5);
            loads[2 * i] = (struct infer_load){ from[i], amount[i] };
            loads[2 * i + 1] = (struct infer_load){ to[i], -amount[i] };
        }
        for (int t = 0; t < 30; t++) {                   /* [from, to): what ends has gone */
            int sum = 0;
            for (size_t i = 0; i < N; i++)
                sum += from[i] <= t && t < to[i] ? amount[i] : 0;
            most = sum > most ? sum : most;
        }
        CU_ASSERT_EQUAL(infer_peak(loads, 2 * N), most);
    }
}

static int compare(const void *a, const void *b)
{
    return infer_compare_names(*(const char *const *)a, *(const char *const *)b);
}

static void numbers_in_names_count_as_numbers(void)
{
    const char *names[] = { "n10", "n9", "m2x3", "n010", "m2x12", "n", "n99999999999999999999999",
                            "m10x1", "n2" };
    const char *sorted[] = { "m2x3", "m2x12", "m10x1", "n", "n2", "n9", "n010", "n10",
                             "n99999999999999999999999" };
    qsort(names, sizeof names / sizeof *names, sizeof *names, compare);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT_STRING_EQUAL(names[i], sorted[i]);
}

static void unknown_durations_are_the_mean(void)
{
    double some[] = { 2.5, NAN, 4.5, NAN }, none[] = { NAN, NAN };
    CU_ASSERT_EQUAL(infer_durations(some, NULL, 4), 2);
    unit_is(some[1], ==, 3.5);
    unit_is(some[3], ==, 3.5);
    unit_is(some[0], ==, 2.5);
    CU_ASSERT_EQUAL(infer_durations(none, NULL, 2), 2);
    unit_is(none[0], ==, 0);
    unit_is(none[1], ==, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_peak_is_that_of_every_instant), UNIT_TEST(numbers_in_names_count_as_numbers),
        UNIT_TEST(unknown_durations_are_the_mean), { NULL, NULL },
    };
    return unit_run("guess", tests);
}
