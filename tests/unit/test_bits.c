#include "base/bits.h"

#include "tests/support/unit.h"

static void lowest_k_of_scattered_members(void)
{
    unit_is(bits_lowest_k(0xF0, 2), ==, 0x30);
    unit_is(bits_lowest_k(0xA5, 3), ==, 0x25);
    unit_is(bits_lowest_k(~UINT64_C(0), 64), ==, ~UINT64_C(0));
    unit_is(bits_lowest_k(UINT64_C(1) << 63, 1), ==, UINT64_C(1) << 63);
    unit_is(bits_lowest_k(0xFF, 0), ==, 0);
    unit_is(bits_lowest_k(UINT64_C(0xC000000000000001), 3), ==, UINT64_C(0xC000000000000001));
}

/* Second method: one member at a time. */
static void lowest_k_equals_k_times_the_lowest(void)
{
    uint64_t x = UINT64_C(0x9E3779B97F4A7C15);
    for (int i = 0; i < 2000; i++, x = x * 6364136223846793005u + 1442695040888963407u)
        for (int k = 0; k <= bits_count(x); k += 5) {
            uint64_t want = 0, rest = x;
            for (int j = 0; j < k; j++) {
                want |= UINT64_C(1) << bits_lowest(rest);
                rest &= ~(UINT64_C(1) << bits_lowest(rest));
            }
            unit_is(bits_lowest_k(x, k), ==, want);
        }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(lowest_k_of_scattered_members),
                                              UNIT_TEST(lowest_k_equals_k_times_the_lowest),
                                              { NULL, NULL } };
    return unit_run("bits", tests);
}
