#include "base/now.h"

#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double now_epoch_s(void)
{
    return seconds_of(CLOCK_REALTIME);
}

double now_monotonic_s(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}
