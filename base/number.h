/* base/number.h - what C lacks for numbers. */
#ifndef DAGCAST_BASE_NUMBER_H
#define DAGCAST_BASE_NUMBER_H

#include <stdint.h>

static inline int64_t at_most(int64_t x, int64_t most)
{
    return x < most ? x : most;
}

/* Of instants, none of which is NAN: fmin() and fmax(), which care for NAN, are calls. */
static inline double earlier_of(double a, double b)
{
    return a < b ? a : b;
}

static inline double later_of(double a, double b)
{
    return a > b ? a : b;
}

#endif
