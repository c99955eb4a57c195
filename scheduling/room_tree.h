/* scheduling/room_tree.h - the free room of each node under a tree of maxima: finds nodes for a
 * demand that is asked for the first time.
 *
 * A pool of few demand classes knows for each class which nodes fit it. One of very many keeps this
 * instead: a change of a node is noted, whatever the number of classes; the next search brings the
 * maxima up to date, O(log nodes) a change, and passes over all nodes below one that is too small.
 */
#ifndef DAGCAST_SCHEDULING_ROOM_TREE_H
#define DAGCAST_SCHEDULING_ROOM_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/room.h"

#define ROOM_TREE_NONE UINT32_MAX

struct room_tree {
    size_t n_nodes, n_leaves;
    struct room *most;                   /* most[n_leaves + node]: of the node; above it maxima */
    uint32_t *changed;                   /* nodes whose change the maxima do not know yet */
    size_t n_changed;
    bool *has_changed;
};
void room_tree_init(struct room_tree *t, size_t n_nodes);                /* no node has any room */
void room_tree_clear(struct room_tree *t);
void room_tree_set(struct room_tree *t, uint32_t node, const struct room *room);
/* The first node >= from with room for the need; ROOM_TREE_NONE. */
uint32_t room_tree_first(struct room_tree *t, const struct room *need, uint32_t from);
/* The most of each resource that any node has. */
struct room room_tree_most(struct room_tree *t);

#endif
