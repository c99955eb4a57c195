/* scheduling/dispatch_impl.h - what dispatch.c shares with the two kinds of scheduler behind it. */
#ifndef DAGCAST_SCHEDULING_DISPATCH_IMPL_H
#define DAGCAST_SCHEDULING_DISPATCH_IMPL_H

#include "scheduling/dispatch.h"

struct dispatch_common {
    const struct workflow *workflow;
    const struct platform *platform;
    struct pool *pool;
    const uint32_t *class_of_set;        /* demand class of each set */
    struct decision *decisions;
    size_t n_decisions, decision_room;   /* of the pass at hand */
    size_t n_waiting, n_running;
};
/* For schedulers: the task leaves the waiting ones and starts on the grant. */
void dispatch_decide(struct dispatch_common *c, uint32_t set, uint32_t task, uint32_t attempt,
                     uint32_t grant);

/* A kind of scheduler: order x overtake x placement (queue_scheduler.c), RADICAL-Pilot's own
 * (radical.c), or Parsl's with prefetch. */
struct scheduler_ops {
    void *(*create)(struct dispatch_common *c, const struct scheduler_options *options,
                    struct error *err);
    void (*destroy)(void *state);
    void (*reset)(void *state, uint64_t seed, uint32_t replica);
    void (*ready)(void *state, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt);
    void (*freed)(void *state, uint32_t grant);
    /* A task of the set runs since then. NULL: nothing is noted of what runs. */
    void (*runs)(void *state, uint32_t set, uint32_t grant, double since_s);
    bool (*pass)(void *state, double now_s);             /* decides; true: wants a retry */
    /* NULL: never; else see dispatch_is_idle() */
    bool (*is_idle)(const void *state);
    void (*count_idle)(void *state, size_t n);
    void (*cancel)(void *state);                         /* forgets all that waits */
    void (*drain)(void *state, uint32_t node);
    void (*undrain)(void *state, uint32_t node);
    double (*look_s)(const void *state);                 /* NULL: INFINITY; see dispatch_look_s() */
};
extern const struct scheduler_ops scheduler_queue, scheduler_radical, scheduler_prefetch;

#endif
