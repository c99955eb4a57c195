/* scheduling/reservation_impl.h - what reservation.c (which nodes, from when on) and
 * reservation_spares.c (what that leaves to others) share. */
#ifndef DAGCAST_SCHEDULING_RESERVATION_IMPL_H
#define DAGCAST_SCHEDULING_RESERVATION_IMPL_H

#include "scheduling/node_set.h"
#include "scheduling/reservation.h"

/* free at T, before the reserved ranks take theirs */
struct node_room { int64_t slots, gpus, memory_mib; };

struct reservation {
    const struct pool *pool;
    size_t head_class;                           /* of the reserved task, */
    const struct slot_demand *head;              /* and what it needs */
    double at_s;                                 /* T */
    bool holds;                                  /* nothing has happened that could change it */
    uint64_t number;
    /* By node; of nodes that were not looked at for this reservation, of an earlier one: */
    uint64_t *looked_at;                         /* the number of the last that did */
    struct node_room *room;
    int32_t *devices; /* node * NODE_MOST_GPUS + gpu: millionths free at T; NULL
                         while no class shares devices */
    uint32_t *ranks;                             /* reserved on each node; else 0 */
    uint32_t *nodes;                             /* those with reserved ranks, ascending */
    size_t n_nodes;
    /* scratch: nodes that hold some of the head's ranks at T, among those at which tasks end */
    struct node_set roomy;
};

static inline int32_t *devices_of(const struct reservation *r, uint32_t node)
{
    return r->devices ? r->devices + (size_t)node * NODE_MOST_GPUS : NULL;
}

static inline void read_devices(const struct pool *pool, uint32_t node, int32_t *devices)
{
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        devices[g] = pool_device_room(pool, node, g);
}

static inline int64_t count_shares(const int32_t *devices, int32_t share)
{
    int64_t n = 0;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        n += devices[g] / share;
    return n;
}

static inline int64_t count_whole(const int32_t *devices)
{
    int64_t n = 0;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        n += devices[g] == DEMAND_WHOLE_GPU;
    return n;
}

#endif
