/* scheduling/queue_scheduler_impl.h - the state that the overtaking rules of scheduling/overtake/ work on. */
#ifndef DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H
#define DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H

#include "num/rng.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/order.h"
#include "scheduling/placement.h"
#include "scheduling/reservation.h"
#include "scheduling/task_kinds.h"
#include "scheduling/waiting.h"

struct queue_scheduler;

struct overtake_ops {
    const char *name, *summary;
    void (*pass)(struct queue_scheduler *q, double now_s);       /* starts what may start now */
    bool reserves;                                               /* looks at expected durations: keeps q->ends, kinds differ by duration */
};
extern const struct overtake_ops overtake_none, overtake_backfill, overtake_easy;

struct queue_scheduler {
    struct dispatch_common *common;
    const struct order_ops *order;
    const struct overtake_ops *overtake;
    struct placement *placement;
    struct task_kinds kinds;
    struct waiting *waiting;             /* one a kind */
    double *keys;                        /* of each set; NULL: all equal */
    uint64_t arrivals;                   /* tasks that have arrived so far */
    bool *may;                           /* scratch, one a kind */
    uint64_t *to_come;                   /* tasks of each class not yet started, for placements that reserve */
    bool lifts;                          /* this pass leaves no slots to GPU tasks */
    uint64_t seed;
    uint32_t replica;
    double now_s;                        /* of the pass at hand */
    uint32_t freed;                      /* the last grant given back; it is released at the next pass, or passes on; POOL_NONE */
    struct expected_end *ends;           /* of running tasks, soonest first; kept for rules that reserve */
    double *end_of_grant;                /* by grant, while it runs */
    size_t n_ends, end_room, grant_room;
    struct reservation *reservation;     /* of rules that reserve, else NULL */
};

/* The kind whose first task goes first among those that `may` allows (NULL: all); -1: none waits. */
int queue_scheduler_first(const struct queue_scheduler *q, const bool *may);
/* Some of the kind wait, and the pool has room for one. */
bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t kind);
/* Starts the first waiting tasks of the kind, which go before those of all others, while they fit; false: one did not. */
bool queue_scheduler_start(struct queue_scheduler *q, size_t kind);
/* Starts the first waiting task of the kind on this grant. */
void queue_scheduler_keep(struct queue_scheduler *q, size_t kind, uint32_t grant);

#endif
