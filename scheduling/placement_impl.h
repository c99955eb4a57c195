/* scheduling/placement_impl.h - the policies of scheduling/placement/, for the registry alone. */
#ifndef DAGCAST_SCHEDULING_PLACEMENT_IMPL_H
#define DAGCAST_SCHEDULING_PLACEMENT_IMPL_H

#include "scheduling/placement.h"

/* A row each, and a file in scheduling/placement/. */
#define PLACEMENTS(ROW)                                                                            \
    ROW(first_fit)                                                                                 \
    ROW(next_fit)                                                                                  \
    ROW(best_fit)                                                                                  \
    ROW(worst_fit)                                                                                 \
    ROW(pack_gpu)                                                                                  \
    ROW(reserve_gpu)
#define PLACEMENT_DECLARE(name) extern const struct placement_ops placement_##name;
PLACEMENTS(PLACEMENT_DECLARE)

/* The largest of (free - demanded) / total over the demanded resources of the node: what placing
 * one rank would leave. */
double placement_left(const struct pool *pool, uint32_t node, const struct slot_demand *d);

#endif
