#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
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

void unit_near_at(const char *what, double actual, double expected, double tolerance,
                  const char *file, int line)
{
    bool near = fabs(actual - expected) <= tolerance || (isnan(actual) && isnan(expected));
    char text[256];
    snprintf(text, sizeof text, "%s is %.12g, expected %.12g +- %.3g", what, actual, expected,
             tolerance);
    if (!near)
        printf("\n  %s:%d: %s", file, line, text);
    CU_assertImplementation(near, (unsigned)line, text, file, "", CU_FALSE);
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
