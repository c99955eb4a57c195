/* Placements by name, and where a task goes: by score, or in the order of the nodes. */
#include "scheduling/placement.h"

#include <math.h>

#include "base/compiler.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/placement_impl.h"

#define ROW(name) &placement_##name,
static const struct placement_ops *const registry[] = { PLACEMENTS(ROW) };

const struct placement_ops *placement_at(size_t i)
{
    return i < sizeof registry / sizeof *registry ? registry[i] : NULL;
}

const struct placement_ops *placement_find(const char *name)
{
    for (size_t i = 0; placement_at(i); i++)
        if (str_equal(registry[i]->name, name))
            return registry[i];
    return NULL;
}

double placement_left(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const struct node_shape *shape = pool_shape(pool, node);
    double left = 0;
    if (d->slots > 0)
        left =
            fmax(left, (double)(pool_free_slots(pool, node) - d->slots) / node_shape_usable(shape));
    if (d->gpus > 0)
        left = fmax(left, (double)(pool_free_gpus(pool, node) - d->gpus) / shape->n_gpus);
    if (d->memory_mib > 0 && shape->memory_mib > 0)
        left = fmax(left, (double)(pool_free_memory(pool, node) - d->memory_mib) /
                              (double)shape->memory_mib);
    return left;
}

struct placement *placement_new(const struct placement_ops *ops, struct pool *pool)
{
    struct placement *pl = xcalloc(1, sizeof *pl);
    pl->ops = ops;
    pl->pool = pool;
    pl->view.pool = pool;
    pl->searches = ops->score && !pool_tracks_classes(pool);
    if (ops->score && pool_tracks_classes(pool)) {
        for (pl->n_leaves = 1; pl->n_leaves < pool_nodes(pool);)
            pl->n_leaves *= 2;
        placement_make_tournaments(pl);
    }
    placement_reset(pl);
    return pl;
}

void placement_free(struct placement *pl)
{
    if (!pl)
        return;
    for (size_t i = 0; i < pl->n_tournaments; i++) {
        xfree(pl->tournaments[i].winner, pl->tournaments[i].score);
    }
    xfree(pl->tournaments, pl->of_class, pl->used, pl->parts, pl);
}

void placement_reset(struct placement *pl)
{
    pl->last = 0;
    pl->view.slots_per_gpu = 0;
    for (size_t i = 0; i < pl->n_tournaments; i++)
        placement_rebuild(pl, &pl->tournaments[i]);
}

void placement_set_slots_per_gpu(struct placement *pl, int64_t slots)
{
    if (!pl->ops->reserves || slots == pl->view.slots_per_gpu)
        return;
    pl->view.slots_per_gpu = slots;
    for (size_t i = 0; i < pl->n_tournaments; i++)
        placement_rebuild(pl, &pl->tournaments[i]);
}

bool placement_reserves(const struct placement *pl)
{
    return pl->ops->reserves;
}

int64_t placement_slots_per_gpu(const struct placement *pl)
{
    return pl->view.slots_per_gpu;
}

/* Of the nodes from `from` to before `end` every one that fits is looked at. */
OUT_OF_LINE static uint32_t search(const struct placement *pl, size_t c, uint32_t from,
                                   uint32_t end)
{
    struct choice best = no_choice;
    for (uint32_t n = pool_first_fit(pl->pool, c, from); n < end;
         n = pool_first_fit(pl->pool, c, n + 1))
        placement_consider(pl, c, n, &best);
    return best.node;
}

static uint32_t choose(const struct placement *pl, size_t c)
{
    if (pl->tournaments) {
        const struct tournament *t = &pl->tournaments[pl->of_class[c]];
        uint32_t best = t->winner[1];
        return t->score[best] < INFINITY ? best : POOL_NONE;
    }
    if (pl->searches)
        return search(pl, c, 0, POOL_NONE);
    uint32_t node = pool_first_fit(pl->pool, c, pl->ops->rotates ? pl->last : 0);
    return node == POOL_NONE && pl->ops->rotates ? pool_first_fit(pl->pool, c, 0) : node;
}

static uint32_t place_gang_in_order(struct placement *pl, size_t c)
{
    uint32_t end, grant = pool_claim_gang(pl->pool, c, pl->ops->rotates ? pl->last : 0, &end);
    pl->last = end - 1;
    return grant;
}

/* Ranks of one task over several nodes of one pilot, in the order of the placement, each node
 * filled before the next. Behind a full node the next one goes first if it is alike. */
OUT_OF_LINE static uint32_t place_gang(struct placement *pl, size_t c)
{
    uint32_t left = (uint32_t)pool_class(pl->pool, c)->ranks, first = POOL_NONE, last = POOL_NONE;
    bool apart = pool_pilots(pl->pool) > 1;
    if (!apart && !pl->ops->score)
        return place_gang_in_order(pl, c);
    uint32_t from = apart ? pool_first_job(pl->pool, c) : 0,
             end = from + (uint32_t)pool_job_nodes(pl->pool);
    while (left > 0) {
        uint32_t node = apart ? search(pl, c, from, end) : choose(pl, c);
        if (node == POOL_NONE) {
            if (first != POOL_NONE)
                placement_release(pl, first);
            return POOL_NONE;
        }
        uint32_t fit = pool_ranks_that_fit(pl->pool, node, c), here = fit < left ? fit : left;
        uint32_t n = here < fit ? 1 : pool_alike(pl->pool, node, left / here);
        uint32_t part = pool_claim_alike(pl->pool, node, n, c, here, &last);
        first = first == POOL_NONE ? part : first;
        left -= n * here;
        pl->last = node + n - 1;
        placement_nodes_changed(pl, node, n);
    }
    return first;
}

/* One rank; POOL_NONE: on none. */
static uint32_t place_on(struct placement *pl, size_t c, uint32_t node)
{
    uint32_t last = POOL_NONE;
    if (node == POOL_NONE)
        return POOL_NONE;
    uint32_t grant = pool_claim(pl->pool, node, c, 1, &last);
    pl->last = node;
    placement_node_changed(pl, node);
    return grant;
}

uint32_t placement_place(struct placement *pl, size_t c)
{
    if (!pool_holds_task(pl->pool, c))
        return POOL_NONE;
    if (pool_class(pl->pool, c)->ranks > 1)
        return place_gang(pl, c);
    return place_on(pl, c, choose(pl, c));
}

uint32_t placement_place_among(struct placement *pl, size_t c, const uint32_t *nodes, size_t n)
{
    struct choice best = no_choice;
    for (size_t i = 0; i < n; i++)
        if (pool_fits(pl->pool, nodes[i], c))
            placement_consider(pl, c, nodes[i], &best);
    return place_on(pl, c, best.node);
}

void placement_release(struct placement *pl, uint32_t grant)
{
    if (!pl->tournaments) {
        pool_release(pl->pool, grant);
        return;
    }
    while (grant != POOL_NONE) {
        struct grant_part part = pool_grant_part(pl->pool, grant);
        grant = pool_release_part(pl->pool, grant);
        placement_nodes_changed(pl, part.node, part.n_nodes);
    }
}

bool placement_can_pass_on(const struct placement *pl, uint32_t grant)
{
    /* a score may refuse a node that has room */
    return !pl->ops->score && pool_can_pass_on(pl->pool, grant);
}

void placement_pass_on(struct placement *pl, uint32_t grant)
{
    pl->last = pool_grant_node(pl->pool, grant);
}

void placement_drain(struct placement *pl, uint32_t node)
{
    pool_drain(pl->pool, node);
    placement_node_changed(pl, node);
}

void placement_undrain(struct placement *pl, uint32_t node)
{
    pool_undrain(pl->pool, node);
    placement_node_changed(pl, node);
}
