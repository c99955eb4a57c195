/* Which count holds the i-th thing, against adding them up. */
#include "scheduling/prefix_sums.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

static void finds_what_adding_up_finds(void)
{
    for (size_t n = 1; n < 40; n += 3) {
        size_t counts[40] = { 0 }, total = 0;
        struct prefix_sums s;
        prefix_sums_init(&s, n);
        for (uint64_t step = 0; step < 300; step++) {
            size_t at = (size_t)given_choice(n, 3 * step, 0, (int)n - 1),
                   amount = (size_t)given_choice(n, 3 * step + 1, 0, 5);
            bool less = step % 3 == 2 && counts[at] >= amount;
            (less ? prefix_sums_subtract : prefix_sums_add)(&s, at, amount);
            counts[at] = less ? counts[at] - amount : counts[at] + amount;
            total = less ? total - amount : total + amount;
            if (total == 0)
                continue;
            size_t i = (size_t)given_choice(n, 3 * step + 2, 0, (int)total - 1), expected = 0,
                   before = 0, found_before;
            while (before + counts[expected] <= i)
                before += counts[expected++];
            CU_ASSERT_EQUAL(prefix_sums_find(&s, i, &found_before), expected);
            CU_ASSERT_EQUAL(found_before, before);
            CU_ASSERT_EQUAL(prefix_sums_before(&s, expected), before);
        }
        prefix_sums_clear(&s);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(finds_what_adding_up_finds),
                                              { NULL, NULL } };
    return unit_run("prefix_sums", tests);
}
