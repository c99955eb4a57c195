/* tests/support/unit.h - CUnit without its trap: a run with failures, or with no test at all, exits
 non-zero.
 *
 *     int main(void)
 *     {
 *         static const struct unit_test tests[] = { UNIT_TEST(ties_leave_in_push_order),
                                                     { NULL, NULL } };
 *         return unit_run("event_queue", tests);
 *     }
 */
#ifndef DAGCAST_TESTS_SUPPORT_UNIT_H
#define DAGCAST_TESTS_SUPPORT_UNIT_H

#include <stdbool.h>

#include <CUnit/CUnit.h>

struct unit_test { const char *name; void (*run)(void); };
#define UNIT_TEST(function) { #function, function }

/* what a program returns, and ctest counts as skipped, when all its tests were */
enum { UNIT_SKIPPED = 77 };
/* turns GSL's aborting handler off first */
int unit_run(const char *suite, const struct unit_test *tests);
/* |a - b| <= relative * max(|a|, |b|) */
bool unit_close(double a, double b, double relative);
/* One value an assertion: fails, and prints both, unless |actual - expected| <= tolerance. Both NaN
 * are near. */
#define unit_near(actual, expected, tolerance)                                                     \
    unit_near_at(#actual, actual, expected, tolerance, __FILE__, __LINE__)
void unit_near_at(const char *what, double actual, double expected, double tolerance,
                  const char *file, int line);
/* "../shared" when there, else NULL: then say "skipped" */
const char *unit_shared_dir(void);
/* prints "skipped: why"; at most once a test, then return */
void unit_skip(const char *why);

#endif
