/* Oracle: the same entries in a plain array, looked through from end to end. */
#include "scheduling/expected_ends.h"

#include <math.h>
#include <stdbool.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { GRANTS = 2000, STEPS = 20000 };

static double plain_end_s[GRANTS];       /* NAN: does not run */

static double plain_behind(double at_s)
{
    double first_s = INFINITY;
    for (int g = 0; g < GRANTS; g++)
        if (plain_end_s[g] > at_s)
            first_s = fmin(first_s, plain_end_s[g]);
    return first_s;
}

/* Soonest first, by grant at one instant; every one as it was added, and no other. */
static bool in_order(const struct expected_ends *e)
{
    const struct expected_end *last = NULL, *end;
    struct ends_cursor c = { 0 };
    size_t n = 0;
    for (; (end = expected_ends_at(e, &c)); expected_ends_step(e, &c), n++) {
        if (plain_end_s[end->grant] != end->end_s)
            return false;
        if (last && (last->end_s > end->end_s ||
                     (last->end_s == end->end_s && last->grant >= end->grant)))
            return false;
        last = end;
    }
    for (int g = 0; g < GRANTS; g++)
        n -= !isnan(plain_end_s[g]);
    return n == 0;
}

/* Few different instants, so that many ends are equal; at first more start, then more end. */
static void ends_stay_in_order(void)
{
    struct expected_ends e = { 0 };
    size_t running = 0;
    for (int g = 0; g < GRANTS; g++)
        plain_end_s[g] = NAN;
    for (uint64_t i = 0; i < STEPS; i++) {
        uint32_t grant = (uint32_t)given_choice(1, 3 * i, 0, GRANTS - 1);
        bool runs = !isnan(plain_end_s[grant]), grows = i % STEPS < STEPS / 2;
        if (runs && (!grows || i % 3 == 0)) {
            unit_near(expected_ends_remove(&e, grant), plain_end_s[grant], 0);
            plain_end_s[grant] = NAN;
            running--;
        } else if (!runs && (grows || i % 3 == 0)) {
            plain_end_s[grant] = given_choice(1, 3 * i + 1, 0, 300) / 4.0;
            expected_ends_add(&e, grant, plain_end_s[grant]);
            running++;
        }
        if (i % 500 != 0)
            continue;
        double at_s = given_choice(1, 3 * i + 2, -4, 310) / 4.0;
        unit_is(expected_ends_behind(&e, at_s), ==, plain_behind(at_s));
        struct ends_cursor at = expected_ends_from(&e, nextafter(at_s, INFINITY));
        const struct expected_end *first = expected_ends_at(&e, &at);
        unit_is(first ? first->end_s : INFINITY, ==, plain_behind(at_s));
        unit_near((double)e.n, (double)running, 0);
        CU_ASSERT(in_order(&e));
    }
    expected_ends_clear(&e);
}

static void none_running_have_no_end(void)
{
    struct expected_ends e = { 0 };
    struct ends_cursor c = { 0 };
    CU_ASSERT_PTR_NULL(expected_ends_at(&e, &c));
    unit_is(expected_ends_behind(&e, -1), ==, INFINITY);
    expected_ends_add(&e, 7, 2.385);
    unit_near(expected_ends_behind(&e, 2.25), 2.385, 0);
    unit_is(expected_ends_behind(&e, 2.385), ==, INFINITY);
    unit_near(expected_ends_remove(&e, 7), 2.385, 0);
    CU_ASSERT_PTR_NULL(expected_ends_at(&e, &c));
    expected_ends_clear(&e);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(ends_stay_in_order),
                                              UNIT_TEST(none_running_have_no_end),
                                              { NULL, NULL } };
    return unit_run("expected_ends", tests);
}
