/* scheduling/placement.h - which node a task goes to.
 *
 * A placement is a score: the lowest wins, ties go to the lowest node. Nodes are kept in a
 * tournament tree a demand class, so that a choice costs O(1) and a change of one node O(log nodes)
 * a class (classes that differ in the number of ranks alone share one); if there are very many
 * classes, a choice looks at each node with room. Placements without a score take the nodes in
 * order, from the pool's own index. Adding one: a file in scheduling/placement/ and a row in
 * placement_impl.h. */
#ifndef DAGCAST_SCHEDULING_PLACEMENT_H
#define DAGCAST_SCHEDULING_PLACEMENT_H

#include "scheduling/pool.h"

struct placement_view {                  /* what a policy sees */
    const struct pool *pool;
    /* that GPU tasks which wait or are still to come need beside each GPU; 0: none are left */
    int64_t slots_per_gpu;
};

struct placement_ops {
    const char *name, *summary;
    /* Lower is better; INFINITY: not on this node. Asked only where one rank fits, for one rank.
     * NULL: nodes in order. */
    double (*score)(const struct placement_view *view, uint32_t node, const struct slot_demand *d);
    /* without a score: start at the node where the last placement ended */
    bool rotates;
    bool reserves;                       /* the score depends on view->slots_per_gpu */
};

struct placement;
/* NULL: none of that name */
const struct placement_ops *placement_find(const char *name);
const struct placement_ops *placement_at(size_t i);                      /* NULL past the end */

struct placement *placement_new(const struct placement_ops *ops, struct pool *pool);
void placement_free(struct placement *pl);
void placement_reset(struct placement *pl);                              /* after pool_reset() */

/* Takes slots for one task; POOL_NONE, and nothing changed, if it does not fit. */
uint32_t placement_place(struct placement *pl, size_t demand_class);
/* The same where one knows that the task, of one rank and nothing named, fits on no node but
 * perhaps on some of these. O(n) */
uint32_t placement_place_among(struct placement *pl, size_t demand_class, const uint32_t *nodes,
                               size_t n);
/* The same with less room: on each node at most as many ranks as `spares` says; the nodes that the
 * placement likes best go first. */
typedef uint32_t (*placement_spares_fn)(const void *user, uint32_t node, size_t demand_class);
uint32_t placement_place_within(struct placement *pl, size_t demand_class,
                                placement_spares_fn spares, const void *user);
void placement_release(struct placement *pl, uint32_t grant);
/* Whether placement_release() and then placement_place() for its class would but give the grant
 * again; if so, that in their place. O(1) */
bool placement_can_pass_on(const struct placement *pl, uint32_t grant);
void placement_pass_on(struct placement *pl, uint32_t grant);
void placement_drain(struct placement *pl, uint32_t node);
void placement_undrain(struct placement *pl, uint32_t node);
/* Placements that reserve: how many slots GPU tasks still need beside each GPU. Costs O(nodes) when
 * it changes. */
void placement_set_slots_per_gpu(struct placement *pl, int64_t slots);
bool placement_reserves(const struct placement *pl);
/* left to GPU tasks, a free GPU; 0: nothing is reserved */
int64_t placement_slots_per_gpu(const struct placement *pl);

#endif
