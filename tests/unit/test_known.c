#include "base/known.h"

#include <math.h>

#include "tests/support/unit.h"

static void a_missing_number_is_passed_over_or_spoils_the_whole(void)
{
    CU_ASSERT_EQUAL(earlier_known(2.385, 7.25), 2.385);
    CU_ASSERT_EQUAL(earlier_known(NAN, 7.25), 7.25);
    CU_ASSERT_EQUAL(earlier_known(2.385, NAN), 2.385);
    CU_ASSERT(isnan(earlier_known(NAN, NAN)));
    CU_ASSERT_EQUAL(later_known(2.385, 7.25), 7.25);
    CU_ASSERT_EQUAL(later_known(NAN, -INFINITY), -INFINITY);
    CU_ASSERT(isnan(later_known(NAN, NAN)));
    CU_ASSERT_EQUAL(later_of_both(2.385, 7.25), 7.25);
    CU_ASSERT(isnan(later_of_both(2.385, NAN)));
    CU_ASSERT(isnan(later_of_both(NAN, 7.25)));
    CU_ASSERT_EQUAL(known_or(NAN, 2.385), 2.385);
    CU_ASSERT_EQUAL(known_or(7.25, 2.385), 7.25);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_missing_number_is_passed_over_or_spoils_the_whole), { NULL, NULL },
    };
    return unit_run("known", tests);
}
