/* tests/oracle/plain_scheduler.h - orders, rules of overtaking and placements as one would write
 * them down: a sorted list of waiting tasks, arrays of nodes, every task tried on every node. No
 * demand classes and no index; only running tasks outlive a pass. */
#ifndef DAGCAST_TESTS_ORACLE_PLAIN_SCHEDULER_H
#define DAGCAST_TESTS_ORACLE_PLAIN_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/scenario.h"

enum { PLAIN_DEVICES = 64 };

/* ranks that share devices: a part each */
struct plain_part { uint32_t node; int ranks, slots; uint64_t gpus; };
struct plain_start {                     /* a decision */
    uint32_t set, task;
    double end_s;                        /* expected */
    size_t n_parts;
    struct plain_part *parts;
};

struct plain_scheduler;
struct plain_scheduler *plain_new(const struct workflow *w, const struct platform *p,
                                  const struct scheduler_options *options);
void plain_free(struct plain_scheduler *p);
void plain_ready(struct plain_scheduler *p, uint32_t set, uint32_t first, uint32_t count);
void plain_drain(struct plain_scheduler *p, uint32_t node);
/* Decides; n starts, in order, that live until they are freed by plain_freed(). */
struct plain_start **plain_pass(struct plain_scheduler *p, double now_s, size_t *n);
void plain_freed(struct plain_scheduler *p, struct plain_start *s);

#endif
