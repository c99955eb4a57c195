/* base/number.h - what C lacks for whole numbers. */
#ifndef DAGCAST_BASE_NUMBER_H
#define DAGCAST_BASE_NUMBER_H

#include <stdint.h>

static inline int64_t at_most(int64_t x, int64_t most)
{
    return x < most ? x : most;
}

#endif
