/* bench/workloads.h - deterministic work to measure on. W1: N one-core tasks, normal(340, 17) s, 16
 * nodes x 42 cores, FIFO. W2: half 4 cores + 1 GPU, a quarter 32 cores, a quarter 16 cores + 1 GPU,
 * 16 nodes of 42 cores and 6 GPUs, first-fit with backfilling. W3: a layered DAG, 100 layers, three
 * random parents each in the layer before, one core each. W4: W2's mix on 4,608 nodes. W5: DDMD
 * with n simulations an iteration through the full RADICAL middleware. W6: N tasks of N distinct
 * demands (cores, memory, a third with GPUs), 60 to 3600 s, on 256 nodes of 16 unlike shapes; any
 * order and overtake. W7: W1, and each task reads and writes 500 MiB on one file system of 5000
 * MiB/s. W8: a batch system's jobs of a year (10^6), one to 128 whole nodes of 8,192, that arrive
 * over time; any order and overtake. */
#ifndef DAGCAST_BENCH_WORKLOADS_H
#define DAGCAST_BENCH_WORKLOADS_H

#include "core/scenario.h"

enum { W8_NODES = 8192 };

struct workload {
    const char *name;
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};
/* `which`: "w1" .. "w8"; n: tasks (w5: simulations an iteration: 9,600 on 1,600 nodes, 96,000 on
 * 9,408). Aborts on another name. Order and overtake: w6 and w8 only, NULL: arrival and backfill.
 */
struct workload workload_make(const char *which, uint32_t n, const char *order,
                              const char *overtake);
void workload_clear(struct workload *w);

#endif
