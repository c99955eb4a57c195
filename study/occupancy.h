/* study/occupancy.h - who holds what, replayed from a timeline: why does a task that waits not fit
 * now? */
#ifndef DAGCAST_STUDY_OCCUPANCY_H
#define DAGCAST_STUDY_OCCUPANCY_H

#include <stdbool.h>

#include "core/timeline.h"
#include "study/record_order.h"

enum occupancy_resource { OCCUPANCY_SLOTS, OCCUPANCY_GPUS, OCCUPANCY_MEMORY, OCCUPANCY_RESOURCES };

struct occupancy;
/* Of a timeline with slots, which must not change meanwhile, and its order; begins before its first
 * placement. What it holds grows with nodes, sets, and tasks that hold slots at once. */
struct occupancy *occupancy_new(const struct timeline *t, const struct placed_order *order);
void occupancy_free(struct occupancy *o);

/* Takes in all placements and releases up to this instant, which may not go back. For each
 * O(log of records that hold slots + log of sets + its nodes). */
void occupancy_advance(struct occupancy *o, double time_s);
/* when a task takes or frees next; INFINITY: never */
double occupancy_next(const struct occupancy *o);

/* What stands between a task of the set and its slots. */
struct occupancy_verdict {
    bool fits;
    bool fragmented;                     /* enough is free in total */
    /* the scarcest; fragmented: the one that fewest nodes have enough of for one rank */
    enum occupancy_resource resource;
    /* the set that holds most of it, ties to the lowest; -1: none */
    int holder;
};
/* O(nodes) for another demand than the last time, else O(nodes that have changed since). */
struct occupancy_verdict occupancy_ask(struct occupancy *o, int set);

#endif
