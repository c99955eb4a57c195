/* scheduling/placement_impl.h - the policies of scheduling/placement/, for the registry alone. */
#ifndef DAGCAST_SCHEDULING_PLACEMENT_IMPL_H
#define DAGCAST_SCHEDULING_PLACEMENT_IMPL_H

#include "scheduling/placement.h"

extern const struct placement_ops placement_first_fit, placement_next_fit, placement_best_fit,
    placement_worst_fit, placement_pack_gpu, placement_reserve_gpu;

/* The largest of (free - demanded) / total over the demanded resources of the node: what placing
 * one rank would leave. */
double placement_left(const struct pool *pool, uint32_t node, const struct slot_demand *d);

#endif
