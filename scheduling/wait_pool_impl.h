/* scheduling/wait_pool_impl.h - the parts of a wait pool to each other: its passes (wait_pool.c),
 * and how many of them will be in vain (wait_pool_ahead.c). */
#ifndef DAGCAST_SCHEDULING_WAIT_POOL_IMPL_H
#define DAGCAST_SCHEDULING_WAIT_POOL_IMPL_H

#include <limits.h>

#include "scheduling/bisection.h"
#include "scheduling/prefix_sums.h"
#include "scheduling/sequence.h"
#include "scheduling/shuffle.h"
#include "scheduling/wait_pool.h"

enum {
    WAIT_POOL_SEVERAL = -1,
    WAIT_POOL_TRIED = CHAR_BIT * sizeof(size_t) + 2,     /* most, by a bisection in vain */
};

struct wait_pool_bucket {                /* the tasks of one size */
    double size;
    size_t n_classes;                    /* that have this size */
    int only_class;                      /* the one that has it, or WAIT_POOL_SEVERAL */
    struct sequence *tasks;
    size_t turned;                       /* the pool's `turns` that its tasks have gone through */
    bool touched;                        /* by the pass at hand: it is more than turned round */
};

/* a bucket, and its indexes in the sorted pool */
struct wait_pool_span { struct wait_pool_bucket *bucket; size_t begin, end; };

/* Many members: what waits, and the workspaces of the pass at hand. */
struct wait_pool {
    size_t n_buckets, n_classes, length;
    struct wait_pool_bucket *buckets;    /* largest size first */
    struct prefix_sums lengths;          /* of the buckets: the sorted pool's indexes */
    size_t *bucket_of;                   /* class -> bucket */
    size_t turns;                        /* passes that were carried out */
    size_t *touched, n_touched;          /* buckets */
    struct wait_pool_span near;          /* last looked up; end 0: none, lengths have changed */
    struct bisection bisection;
    size_t idle;                         /* passes counted and not yet carried out */
    struct shuffle shuffle;              /* of a bucket, one pass in vain */
    size_t tried[WAIT_POOL_TRIED], n_tried;              /* places of it that this pass tries */
    const struct wait_pool_ops *ops;     /* of the pass at hand */
    void *user;
};

/* The bucket that holds the index. */
struct wait_pool_span wait_pool_span_at(struct wait_pool *p, size_t index);
/* Makes up for passes that turned the bucket round. */
void wait_pool_settle(struct wait_pool *p, struct wait_pool_bucket *bucket);
void wait_pool_carry_out_idle(struct wait_pool *p);
/* Fills `shuffle` for the bucket at these indexes, by the last pass of the bisection, which placed
 * nothing. */
void wait_pool_find_shuffle(struct wait_pool *p, size_t begin, size_t end);

#endif
