/* scheduling/queue_scheduler_impl.h - the state that the overtaking rules of scheduling/overtake/ work on. */
#ifndef DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H
#define DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H

#include "num/rng.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/order.h"
#include "scheduling/placement.h"
#include "scheduling/waiting.h"

struct queue_scheduler;
struct node_room;

struct overtake_ops {
    const char *name, *summary;
    void (*pass)(struct queue_scheduler *q, double now_s);       /* starts what may start now */
    bool needs_ends;                                             /* keeps q->ends */
};
extern const struct overtake_ops overtake_none, overtake_backfill, overtake_easy;

struct expected_end { double end_s; uint32_t grant; };

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
    double now_s;                        /* of the pass at hand */
    uint32_t freed;                      /* the last grant given back; it is released at the next pass, or passes on; POOL_NONE */
    struct expected_end *ends;           /* of what runs, soonest first; kept for rules that reserve */
    double *end_of_grant;                /* by grant, where it runs */
    size_t n_ends, end_room, grant_room;
    struct node_room *room;              /* scratch of overtake/easy.c, one a node */
};

/* The class whose first task goes first among those that `may` allows (NULL: all); -1: none waits. */
int queue_scheduler_first(const struct queue_scheduler *q, const bool *may);
/* Some of the class wait, and the pool has room for one. */
bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t demand_class);
/* Starts the first waiting tasks of the class, which stand before those of all others, while they fit; false: one did not. */
bool queue_scheduler_start(struct queue_scheduler *q, size_t demand_class);
/* The same in two steps: a grant to look at (POOL_NONE: it does not fit), then to keep or to give back by placement_release(). */
uint32_t queue_scheduler_try(struct queue_scheduler *q, size_t demand_class);
void queue_scheduler_keep(struct queue_scheduler *q, size_t demand_class, uint32_t grant);
/* When the first waiting task of the class would end if it started now, by its expected duration. */
double queue_scheduler_expected_end(const struct queue_scheduler *q, size_t demand_class);

#endif
