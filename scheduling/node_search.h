/* scheduling/node_search.h - how RADICAL-Pilot looks for nodes.
 *
 * RP < 0.90: from node 0. Later: from the node where the last placement ended, wrapping once; a
 * search that fails leaves that pointer alone. A task whose ranks may span nodes takes consecutive
 * ones (the last is followed by the first): the first may be partly taken, and so may every one
 * once less than a node's worth of ranks is left; those between must be empty enough for a node's
 * worth. A node that fails ends the attempt; the next node begins another. */
#ifndef DAGCAST_SCHEDULING_NODE_SEARCH_H
#define DAGCAST_SCHEDULING_NODE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/pool.h"

struct node_search {
    struct pool *pool;
    bool rotates;                        /* RP >= 0.90 */
    uint32_t pointer;                    /* where the next search begins */
    /* private: of the attempt at hand */
    struct pool_ranks *parts;
    size_t n_parts, part_room;
    /* by class: `state` when no row was found last, which counts what may change that */
    uint64_t *refused_at, state;
};
void node_search_init(struct node_search *s, struct pool *pool, bool rotates);
void node_search_clear(struct node_search *s);
void node_search_reset(struct node_search *s);

/* To be called when others change what is free: even with less, a row that was not found may be. A
 * node with some room begins a row, which one behind it ends. */
static inline void node_search_changed(struct node_search *s)
{
    s->state++;
}
/* False: no such task fits now. */
bool node_search_may(const struct node_search *s, size_t demand_class);
/* Whether one such task fits now. O(1) for tasks that lie on one node, else O(nodes). */
bool node_search_can(struct node_search *s, size_t demand_class);
/* Takes slots for one task: its grant, or POOL_NONE and nothing changed. O(log nodes), or O(nodes)
 * for tasks that span nodes. */
uint32_t node_search_place(struct node_search *s, size_t demand_class);

#endif
