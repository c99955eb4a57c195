/* tests/support/unit.h - CUnit without its trap: a run with failures, or with no test at all, exits
 * non-zero.
 *
 *     int main(void)
 *     {
 *         static const struct unit_test tests[] = { UNIT_TEST(ties_leave_in_push_order),
 *                                                   { NULL, NULL } };
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
/* Under a sanitizer repetitions of what all builds check alike are divided by this. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { UNIT_SLOWER = 5 };
#else
enum { UNIT_SLOWER = 1 };
#endif
/* turns GSL's aborting handler off first */
int unit_run(const char *suite, const struct unit_test *tests);
/* |a - b| <= relative * max(|a|, |b|) */
bool unit_close(double a, double b, double relative);
/* One value an assertion, printed with what was expected when it fails. unit_is(n, >=, 3): numbers
 * of any type, compared as what they are; unit_must_be() ends the test. */
#define unit_is(actual, op, expected)                                                              \
    (void)unit_is_at(#actual " " #op " " #expected, #op, (long double)(actual),                    \
                     (long double)(expected), __FILE__, __LINE__)
#define unit_must_be(actual, op, expected)                                                         \
    CU_ASSERT_FATAL(unit_is_at(#actual " " #op " " #expected, #op, (long double)(actual),          \
                               (long double)(expected), __FILE__, __LINE__))
bool unit_is_at(const char *what, const char *op, long double actual, long double expected,
                const char *file, int line);
/* unit_close() of both. */
#define unit_alike(actual, expected, relative)                                                     \
    unit_alike_at(#actual, actual, expected, relative, __FILE__, __LINE__)
void unit_alike_at(const char *what, double actual, double expected, double relative,
                   const char *file, int line);
/* The part is in the text. */
#define unit_has(text, part) unit_has_at(text, part, __FILE__, __LINE__)
void unit_has_at(const char *text, const char *part, const char *file, int line);
/* CUnit's own prints no values. */
#undef CU_ASSERT_EQUAL
#define CU_ASSERT_EQUAL(actual, expected) unit_is(actual, ==, expected)
#undef CU_ASSERT_EQUAL_FATAL
#define CU_ASSERT_EQUAL_FATAL(actual, expected) unit_must_be(actual, ==, expected)
#undef CU_ASSERT_STRING_EQUAL
#define CU_ASSERT_STRING_EQUAL(actual, expected)                                                   \
    unit_same_text_at(actual, expected, __FILE__, __LINE__)
void unit_same_text_at(const char *actual, const char *expected, const char *file, int line);
/* Fails unless |actual - expected| <= tolerance. Both NaN are near at a tolerance of 0. */
#define unit_near(actual, expected, tolerance)                                                     \
    unit_near_at(#actual, actual, expected, tolerance, __FILE__, __LINE__)
void unit_near_at(const char *what, double actual, double expected, double tolerance,
                  const char *file, int line);
/* "../shared" when there, else NULL: then say "skipped" */
const char *unit_shared_dir(void);
/* prints "skipped: why"; at most once a test, then return */
void unit_skip(const char *why);

#endif
