/* scheduling/queue_scheduler_impl.h - the state that the overtaking rules of scheduling/overtake/ work on. */
#ifndef DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H
#define DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H

#include "num/rng.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/order.h"
#include "scheduling/placement.h"
#include "scheduling/waiting.h"

struct queue_scheduler;

struct overtake_ops {
    const char *name, *summary;
    void (*pass)(struct queue_scheduler *q, double now_s);       /* starts what may start now */
};
extern const struct overtake_ops overtake_none, overtake_backfill;

struct queue_scheduler {
    struct dispatch_common *common;
    const struct order_ops *order;
    const struct overtake_ops *overtake;
    struct placement *placement;
    size_t n_classes;
    struct waiting *waiting;             /* one a demand class */
    double *keys;                        /* of each set; NULL: all equal */
    uint64_t arrivals;                   /* tasks that have arrived so far */
    bool *may;                           /* scratch, one a class */
    uint64_t *to_come;                   /* tasks of each class not yet started, for placements that reserve */
    uint64_t seed;
    uint32_t replica;
};

/* The class whose first task goes first among those that `may` allows (NULL: all); -1: none waits. */
int queue_scheduler_first(const struct queue_scheduler *q, const bool *may);
/* Starts the first waiting task of the class if it fits. */
bool queue_scheduler_start(struct queue_scheduler *q, size_t demand_class);

#endif
