/* scheduling/sweep_impl.h - what sweep.c (which kinds are tried, in which order) and sweep_rooms.c
 * (what the index is asked for) share. */
#ifndef DAGCAST_SCHEDULING_SWEEP_IMPL_H
#define DAGCAST_SCHEDULING_SWEEP_IMPL_H

#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/refusals.h"
#include "scheduling/sweep.h"

/* Many members: what was asked of the index, what has changed since, and scratch space. */
struct sweep {
    const struct queue_scheduler *q;
    bool reserved;
    uint32_t head_class;
    double reserved_s;
    struct waiting_run after;            /* the last one tried */
    struct refusals refusals;            /* of this pass */
    bool tried;                          /* there is one */
    /* what the index is asked for: what was free, at least, when it was listed */
    struct kind_rooms rooms;
    size_t n_listed, n_refused;          /* nodes then; kinds since that did not start */
    bool stale;                          /* some have started since */
    double withheld_slots, withheld_gpus; /* free, but reserved: from tasks that still run then */
    struct kind_search search;           /* of the index, for what fits into the rooms */
    bool begun;                          /* it is going through them, and */
    /* has found this kind, not yet tried; -1: no more; NOT_ASKED */
    int found;
    /* nodes with more room since the last sweep, and kinds that came in */
    uint32_t *grown, *fresh;
    size_t n_grown, n_fresh;
    bool *has_grown, *is_fresh, all;     /* all: look into every node and at every kind */
    /* nodes that were reserved in the last sweep, and by which reservation */
    uint32_t *held;
    size_t n_held;
    uint64_t held_by;
};

/* Lists the rooms anew: what is free on the nodes in question, beside the reservation and, for what
 * ends before it, on all. */
void sweep_list_rooms(struct sweep *s);

#endif
