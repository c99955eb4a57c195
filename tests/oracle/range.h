/* tests/oracle/range.h - command line of an oracle over numbered scenarios: NAME FIRST COUNT. */
#ifndef DAGCAST_TESTS_ORACLE_RANGE_H
#define DAGCAST_TESTS_ORACLE_RANGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <gsl/gsl_errno.h>

#include "base/str.h"

struct oracle_range { uint64_t first, end; };    /* end: one beyond the last */

/* False: the usage is on standard error. Errors of GSL are no aborts from here on. */
static inline bool oracle_range(int argc, char **argv, const char *name, struct oracle_range *r)
{
    int64_t first, count;
    if (argc != 3 || !str_to_int64(argv[1], &first) || !str_to_int64(argv[2], &count)) {
        fprintf(stderr, "usage: %s FIRST COUNT\n", name);
        return false;
    }
    *r = (struct oracle_range){ (uint64_t)first, (uint64_t)(first + count) };
    gsl_set_error_handler_off();
    return true;
}

#endif
