/* bench/bare_loop.h - the least that any simulator of W1 to W3 must do: a heap of ends and
 * counters, no features. What dagcast's rates are held against. Durations are drawn beforehand by
 * the same generator (bench/engine.c counts that in). Returns the makespan. */
#ifndef DAGCAST_BENCH_BARE_LOOP_H
#define DAGCAST_BENCH_BARE_LOOP_H

#include <stddef.h>

#include "core/workflow.h"

double bare_loop_w1(const double *duration_s, size_t n, size_t cores);
double bare_loop_w2(const double *duration_s, size_t n, size_t nodes);
double bare_loop_w3(const struct workflow *w, const double *duration_s, size_t cores);

#endif
