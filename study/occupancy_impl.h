/* study/occupancy_impl.h - the state of an occupancy, shared by its parts: who holds what
 * (occupancy.c), and what fits on the rest (occupancy_fit.c). */
#ifndef DAGCAST_STUDY_OCCUPANCY_IMPL_H
#define DAGCAST_STUDY_OCCUPANCY_IMPL_H

#include "base/min_heap.h"
#include "study/holders.h"
#include "study/occupancy.h"

enum { OCCUPANCY_GPUS_MAX = 64 };        /* a node: core/platform.h */

struct occupancy_node {
    int64_t slots, gpus, memory_mib;     /* free; GPUs: devices not in use */
    int32_t used[OCCUPANCY_GPUS_MAX];    /* millionths of each device */
};

/* What one node adds to the answer for a demand. */
struct occupancy_share { int64_t ranks; bool enough[OCCUPANCY_RESOURCES]; };

/* Whether one task of a demand fits, kept up to date while the same demand is asked for. */
struct occupancy_answer {
    const struct slot_demand *demand;    /* NULL: none asked for yet */
    int64_t ranks;                       /* that fit on all nodes */
    /* how many have enough of the resource alone for one rank (all ranks, if they share a node) */
    size_t nodes[OCCUPANCY_RESOURCES];
    struct occupancy_share *share;       /* of each node */
    /* nodes that have changed since the last question, each once */
    size_t n_stale;
    uint32_t *stale;
    bool *is_stale;
};

struct occupancy {
    const struct timeline *timeline;
    struct slot_demand *demand;          /* of each set */
    struct occupancy_node *nodes;
    double free[OCCUPANCY_RESOURCES];    /* over all nodes; GPUs in devices, shares counted */
    struct holders holders[OCCUPANCY_RESOURCES];
    struct occupancy_answer answer;
    const struct placed_order *order;
    size_t next;                         /* in that order: the next to take slots */
    struct min_heap held_until;          /* records that hold some, by freed_s */
};

/* occupancy_fit.c */
void occupancy_fit_init(struct occupancy_answer *a, size_t n_nodes);
void occupancy_fit_clear(struct occupancy_answer *a);
/* The answer for the demand as things are now. */
const struct occupancy_answer *occupancy_fit(struct occupancy *o, const struct slot_demand *d);

/* What is free on the node has changed. */
static inline void occupancy_fit_changed(struct occupancy_answer *a, uint32_t node)
{
    if (a->is_stale[node])
        return;
    a->is_stale[node] = true;
    a->stale[a->n_stale++] = node;
}

#endif
