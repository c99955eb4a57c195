/* scheduling/alike_nodes.h - nodes in groups that will have the same free as running tasks end: so
 * that whoever looks ahead looks at a group, not at each of its nodes.
 *
 * Of a machine that runs whole-node jobs there is about a group a job; where nodes hold many tasks
 * each, a group a node. Drained nodes are in no group. */
#ifndef DAGCAST_SCHEDULING_ALIKE_NODES_H
#define DAGCAST_SCHEDULING_ALIKE_NODES_H

#include "scheduling/expected_ends.h"
#include "scheduling/room_steps.h"

#define ALIKE_NONE UINT32_MAX

/* n is 0 of a group that is none. Steps: the first, at -INFINITY, is what is free now; then one for
 * each instant at which tasks end, so each has at least as much free as the one before. */
struct alike_group {
    const struct node_shape *shape;
    struct room_steps steps;
    uint32_t *nodes;
    size_t n, room;
    uint64_t hash;                       /* of what ends when */
    uint32_t next;                       /* of those with a hash alike; ALIKE_NONE */
};

struct alike_nodes {
    const struct pool *pool;
    size_t n_groups, group_room;         /* some of them are none */
    struct alike_group *groups;
    uint32_t *of_node, *place;           /* each node's group, and its place there */
    uint32_t *by_hash;                   /* the first group of each; n_buckets */
    size_t n_buckets;
    uint32_t *unused;                    /* groups that are none */
    size_t n_unused, unused_room;
    struct room_steps scratch;
};
void alike_nodes_init(struct alike_nodes *a, const struct pool *pool);
void alike_nodes_clear(struct alike_nodes *a);

/* Reads the pool and the running tasks. O(nodes + parts of running tasks log) */
void alike_nodes_read(struct alike_nodes *a, const struct expected_ends *ends);
/* A task has begun to run on the node and holds that much of it, or is about to give it back.
 * O(tasks of the node) */
void alike_nodes_start(struct alike_nodes *a, uint32_t node, const struct room_amount *by,
                       double end_s);
void alike_nodes_end(struct alike_nodes *a, uint32_t node, const struct room_amount *by,
                     double end_s);

#endif
