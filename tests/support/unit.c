#include "tests/support/unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <CUnit/Basic.h>
#include <gsl/gsl_errno.h>

static unsigned skipped;                     /* calls of unit_skip() */

int unit_run(const char *suite, const struct unit_test *tests)
{
    gsl_set_error_handler_off();
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite s = CU_add_suite(suite, NULL, NULL);
    for (size_t i = 0; s && tests[i].name; i++)
        CU_add_test(s, tests[i].name, tests[i].run);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures(), ran = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    if (ran > 0 && failed == 0 && skipped >= ran)
        return UNIT_SKIPPED;
    return ran == 0 || failed > 0;
}

bool unit_close(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b));
}

/* `text`: which values there are, and what was expected. */
static void judge(bool holds, const char *text, const char *file, int line)
{
    if (!holds)
        printf("\n  %s:%d: %s", file, line, text);
    CU_assertImplementation(holds, (unsigned)line, text, file, "", CU_FALSE);
}

void unit_near_at(const char *what, double actual, double expected, double tolerance,
                  const char *file, int line)
{
    bool near = fabs(actual - expected) <= tolerance ||
                (tolerance == 0 && isnan(actual) && isnan(expected));
    char text[256];
    snprintf(text, sizeof text, "%s is %.17g, expected %.17g +- %.3g", what, actual, expected,
             tolerance);
    judge(near, text, file, line);
}

void unit_alike_at(const char *what, double actual, double expected, double relative,
                   const char *file, int line)
{
    char text[256];
    snprintf(text, sizeof text, "%s is %.17g, expected %.17g +- %.3g of it", what, actual,
             expected, relative);
    judge(unit_close(actual, expected, relative), text, file, line);
}

static bool compares(const char *op, long double a, long double b)
{
    switch (op[0]) {
    case '=': return a == b;
    case '!': return a != b;
    case '<': return op[1] ? a <= b : a < b;
    default: return op[1] ? a >= b : a > b;
    }
}

static bool differ_in_print(long double a, long double b)
{
    char first[32], second[32];
    snprintf(first, sizeof first, "%Lg", a);
    snprintf(second, sizeof second, "%Lg", b);
    return strcmp(first, second) != 0;
}

bool unit_is_at(const char *what, const char *op, long double actual, long double expected,
                const char *file, int line)
{
    bool holds = compares(op, actual, expected);
    char text[256] = "";
    if (!holds) {
        int digits = differ_in_print(actual, expected) ? 6 : LDBL_DECIMAL_DIG;
        snprintf(text, sizeof text, "%.*Lg %s %.*Lg does not hold: %s", digits, actual, op, digits,
                 expected, what);
    }
    judge(holds, text, file, line);
    return holds;
}

void unit_has_at(const char *text, const char *part, const char *file, int line)
{
    char message[1024];
    snprintf(message, sizeof message, "no '%s' in: %s", part, text ? text : "(none)");
    judge(text && strstr(text, part), message, file, line);
}

void unit_same_text_at(const char *actual, const char *expected, const char *file, int line)
{
    char text[1024];
    bool same = actual && expected && strcmp(actual, expected) == 0;
    snprintf(text, sizeof text, "the text is\n%s\n  expected\n%s", actual ? actual : "(none)",
             expected ? expected : "(none)");
    judge(same, text, file, line);
}

const char *unit_shared_dir(void)
{
    struct stat st;
    return stat("../shared/traces", &st) == 0 ? "../shared" : NULL;
}

void unit_skip(const char *why)
{
    printf("skipped: %s\n", why);
    skipped++;
}
