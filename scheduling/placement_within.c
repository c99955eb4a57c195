/* Placing a task with less room than is free: on each node only as many ranks as the caller spares,
 * as beside a reservation. */
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/placement_impl.h"

struct limit { size_t demand_class; placement_spares_fn spares; const void *user; };

/* How many ranks of one task may go on the node; none if this placement has used it. */
static uint32_t ranks_within(const struct placement *pl, const struct limit *l, uint32_t node)
{
    uint32_t fit =
        pl->used[node] == pl->use ? 0 : pool_ranks_that_fit(pl->pool, node, l->demand_class);
    uint32_t spare = fit > 0 ? l->spares(l->user, node, l->demand_class) : 0;
    return spare < fit ? spare : fit;
}

static uint32_t first_within(const struct placement *pl, const struct limit *l, uint32_t from)
{
    uint32_t node = pool_first_fit(pl->pool, l->demand_class, from);
    while (node != POOL_NONE && ranks_within(pl, l, node) == 0)
        node = pool_first_fit(pl->pool, l->demand_class, node + 1);
    return node;
}

/* Nodes that had no room for the task at hand, or were chosen, are not asked again: the search goes
 * on behind the last one chosen. */
static uint32_t choose_within(const struct placement *pl, const struct limit *l)
{
    struct choice best = no_choice;
    if (!pl->ops->score) {
        uint32_t next = pl->n_parts > 0 ? pl->parts[pl->n_parts - 1].node + 1 : 0;
        uint32_t node = first_within(pl, l, pl->ops->rotates ? pl->last : next);
        return node == POOL_NONE && pl->ops->rotates ? first_within(pl, l, 0) : node;
    }
    for (uint32_t n = first_within(pl, l, 0); n != POOL_NONE; n = first_within(pl, l, n + 1))
        placement_consider(pl, l->demand_class, n, &best);
    return best.node;
}

static void begin_use(struct placement *pl)
{
    if (!pl->used)
        pl->used = xcalloc(pool_nodes(pl->pool), sizeof *pl->used);
    if (++pl->use == 0)
        memset(pl->used, 0, pool_nodes(pl->pool) * sizeof *pl->used);
    pl->use += pl->use == 0;
    pl->n_parts = 0;
}

/* Fills pl->parts with nodes for all ranks of one task; false: there are none. */
static bool find_within(struct placement *pl, const struct limit *l)
{
    uint32_t left = (uint32_t)pool_class(pl->pool, l->demand_class)->ranks;
    begin_use(pl);
    while (left > 0) {
        uint32_t node = choose_within(pl, l);
        if (node == POOL_NONE)
            return false;
        uint32_t here = ranks_within(pl, l, node);
        here = here < left ? here : left;
        left -= here;
        xgrow(&pl->parts, &pl->part_room, pl->n_parts + 1, sizeof *pl->parts);
        pl->parts[pl->n_parts++] = (struct pool_ranks){ node, here };
        pl->used[node] = pl->use;
        pl->last = node;
    }
    return true;
}

uint32_t placement_place_within(struct placement *pl, size_t demand_class,
                                placement_spares_fn spares, const void *user)
{
    struct limit l = { demand_class, spares, user };
    uint32_t before = pl->last;
    if (!pool_holds_task(pl->pool, demand_class))
        return POOL_NONE;
    if (!find_within(pl, &l)) {
        pl->last = before;
        return POOL_NONE;
    }
    uint32_t grant = pool_claim_ranks(pl->pool, demand_class, pl->parts, pl->n_parts);
    for (size_t i = 0; i < pl->n_parts; i++)
        placement_node_changed(pl, pl->parts[i].node);
    return grant;
}
