/* bench/seconds.h - processor time of this process. */
#ifndef DAGCAST_BENCH_SECONDS_H
#define DAGCAST_BENCH_SECONDS_H

#include <time.h>

static inline double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
