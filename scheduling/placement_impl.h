/* scheduling/placement_impl.h - the policies of scheduling/placement/, for the registry; and the
 * state that the parts of a placement share: placing (placement.c), placing with less room
 * (placement_within.c), tournaments (placement_tournament.c). */
#ifndef DAGCAST_SCHEDULING_PLACEMENT_IMPL_H
#define DAGCAST_SCHEDULING_PLACEMENT_IMPL_H

#include <math.h>

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

/* The nodes for a class, and those like it, as the leaves of a knock-out tournament: winner[1] is
 * the best node, winner[i] the better of winner[2i] and winner[2i + 1]. score: one a node. */
struct tournament { size_t demand_class; uint32_t *winner; double *score; };

struct placement {
    const struct placement_ops *ops;
    struct pool *pool;
    struct placement_view view;
    size_t n_leaves;                             /* a power of two */
    struct tournament *tournaments;              /* NULL without a score */
    size_t n_tournaments, *of_class;             /* of_class: the number of the class's */
    uint32_t last;                               /* node where the last placement ended */
    bool searches;                               /* scores, but keeps no tournaments */
    /* by node: the number of the last placement within limits that used it */
    uint32_t *used, use;
    struct pool_ranks *parts;                        /* where its ranks go */
    size_t n_parts, part_room;
};

/* placement_tournament.c */
/* One for each class that others are like. */
void placement_make_tournaments(struct placement *pl);
/* All scores anew. */
void placement_rebuild(struct placement *pl, struct tournament *t);
/* What is free on the node has changed. */
void placement_replay_matches(struct placement *pl, uint32_t node);
static inline void placement_node_changed(struct placement *pl, uint32_t node)
{
    if (pl->tournaments)
        placement_replay_matches(pl, node);
}

static inline void placement_nodes_changed(struct placement *pl, uint32_t node, uint32_t n)
{
    for (uint32_t i = 0; pl->tournaments && i < n; i++)
        placement_replay_matches(pl, node + i);
}

/* A node that one may place on, and its score. */
struct choice { uint32_t node; double score; };
static const struct choice no_choice = { POOL_NONE, INFINITY };

/* Of nodes that fit: the lowest score is the best, then the lowest node. */
static inline void placement_consider(const struct placement *pl, size_t c, uint32_t node,
                                      struct choice *best)
{
    double score = pl->ops->score ? pl->ops->score(&pl->view, node, pool_class(pl->pool, c))
                                  : pl->ops->rotates && node < pl->last;
    bool is_tie = score == best->score && score < INFINITY;
    if (score < best->score || (is_tie && node < best->node))
        *best = (struct choice){ node, score };
}

#endif
