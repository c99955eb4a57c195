/* core/blocks.h - nodes that come and go in blocks, as a workflow system's scaling strategy asks
 * for them (Parsl's, most of all).
 *
 * A block is so many nodes, in the platform's order. The strategy looks every so often: if the
 * blocks that it has asked for give fewer than `parallelism` workers a task (waiting or running),
 * it asks for more, each of which comes after a start-up (a queue's wait); without any task for
 * `idle`, all but `min` go. sim/blocks.c simulates it. */
#ifndef DAGCAST_CORE_BLOCKS_H
#define DAGCAST_CORE_BLOCKS_H

#include "base/schema.h"
#include "num/dist.h"

struct block_rule {
    /* of a block; 0: there are no blocks, all nodes are there from the start */
    int nodes;
    /* blocks: asked for at the start, kept, asked for at most; max 0: as the nodes allow */
    int init, min, max;
    /* tasks that a node takes, for the strategy; 0: one a slot */
    int workers;
    /* workers that are asked for a task; 0: one block at a time */
    double parallelism;
    double period_s, idle_s;
    /* from the request until the nodes are there; NULL: at once */
    struct dist *start;
};
extern const struct schema block_schema;

/* How many blocks the strategy asks for now, beyond the `active` ones it has; `workers`: of a
 * block. */
int blocks_wanted(const struct block_rule *r, int most, int active, double workers, double tasks);

#endif
