/* What fits where: ranks on a node, the nodes that fit a class, and what a change of a node means
 * for them. */
#include "scheduling/pool_impl.h"

#include <string.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/number.h"

_Static_assert(NODE_MOST_GPUS <= 64, "the GPUs of a node are the bits of one word");

/* Lowest device with room for the share, or -1. */
int pool_shared_device(const struct pool *pool, uint32_t node, int32_t share)
{
    const int32_t *room = pool->gpu_room + (size_t)node * NODE_MOST_GPUS;
    int n_gpus = pool_shape(pool, node)->n_gpus;
    for (int g = 0; g < n_gpus; g++)
        if (room[g] >= share)
            return g;
    return -1;
}

/* How many ranks the node holds. */
static int64_t all_ranks(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const struct node *n = pool_node_at(pool, node);
    int64_t ranks = n->drained || !pool_is_of_kind(pool, node, d) ? 0 : INT32_MAX;
    if (d->slots > 0)
        ranks = at_most(ranks, n->slots / d->slots);
    if (d->gpus > 0)
        ranks = at_most(ranks, n->gpus / d->gpus);
    if (d->memory_mib > 0)
        ranks = at_most(ranks, n->memory_mib / d->memory_mib);
    if (d->has_named)
        ranks = at_most(ranks, pool_named_ranks(pool, node, d));
    if (d->gpu_share > 0) {
        const int32_t *room = pool->gpu_room + (size_t)node * NODE_MOST_GPUS;
        int64_t shares = 0;
        for (int g = 0; g < pool_shape(pool, node)->n_gpus; g++)
            shares += room[g] / d->gpu_share;
        ranks = at_most(ranks, shares);
    }
    return ranks;
}

/* How many ranks of one task the node holds; those that share a node come all or not at all. */
static uint32_t count_ranks(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    int64_t ranks = at_most(d->ranks, all_ranks(pool, node, d));
    return d->one_node && ranks < d->ranks ? 0 : (uint32_t)ranks;
}

static inline bool has_room(const struct node *n, const struct slot_demand *d)
{
    return (n->slots >= d->slots) & (n->gpus >= d->gpus) & (n->memory_mib >= d->memory_mib) &
           !n->drained;
}

/* One rank, or all of a task whose ranks share a node. */
static bool node_fits(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    if (!has_room(pool_node_at(pool, node), d) || !pool_is_of_kind(pool, node, d))
        return false;
    if (d->one_node && d->ranks > 1)
        return count_ranks(pool, node, d) > 0;
    if (d->has_named && pool_named_ranks(pool, node, d) < 1)
        return false;
    return d->gpu_share == 0 || pool_shared_device(pool, node, d->gpu_share) >= 0;
}

/* What pool_refresh() leaves: shapes whose fit is more than a comparison of numbers, and ranks. */
OUT_OF_LINE static void refresh_rest(struct pool *pool, uint32_t node, uint32_t n)
{
    for (struct rank_shape *s = pool->shapes; s < pool->shapes + pool->n_shapes; s++) {
        if (!s->plain && node_fits(pool, node, &s->demand) != node_set_has(&s->fits, node))
            pool_flip(pool, (size_t)(s - pool->shapes), node, n);
        if (!s->ranks)
            continue;
        int64_t ranks = node_set_has(&s->fits, node) ? all_ranks(pool, node, &s->demand) : 0;
        s->job_ranks[node / pool->job_nodes] += n * (ranks - s->ranks[node]);
        for (uint32_t i = 0; i < n; i++)
            s->ranks[node + i] = (uint32_t)ranks;
    }
}

OUT_OF_LINE static void note_room(struct pool *pool, uint32_t node)
{
    struct room room = pool_room(pool, node);
    room_tree_set(pool->rooms, node, &room);
}

/* A call of memcpy() costs more than a node. */
static inline void copy_ahead(const struct pool *pool, uint32_t node, uint32_t n)
{
    enum { MANY = 64 };
    char *from = (char *)pool_node_at(pool, node), *to = from + pool->node_size;
    if (n >= MANY)
        pool_repeat(from, n, pool->node_size);
    for (uint32_t i = 1; n < MANY && i < n; i++)
        for (size_t at = 0; at < pool->node_size; at += sizeof(uint64_t), to += sizeof(uint64_t))
            memcpy(to, from + at, sizeof(uint64_t));
}

static inline void refresh(struct pool *pool, uint32_t node, uint32_t n)
{
    struct node *first = pool_node_at(pool, node);
    uint32_t fits = pool->tracks ? pool_plain_that_fit(pool, first) : 0;
    for (uint32_t changed = fits ^ first->fits; changed; changed &= changed - 1)
        pool_flip(pool, (size_t)bits_lowest(changed), node, n);
    first->fits = fits;
    copy_ahead(pool, node, n);
    if (pool->tracks && !pool->all_plain)
        refresh_rest(pool, node, n);
    for (uint32_t i = 0; !pool->tracks && i < n; i++)
        note_room(pool, node + i);
}

void pool_refresh(struct pool *pool, uint32_t node)
{
    refresh(pool, node, 1);
}

void pool_refresh_alike(struct pool *pool, uint32_t node, uint32_t n)
{
    refresh(pool, node, n);
}

size_t pool_classes(const struct pool *pool)
{
    return pool->n_classes;
}

const struct slot_demand *pool_class(const struct pool *pool, size_t demand_class)
{
    return &pool->classes[demand_class].demand;
}

OUT_OF_LINE static bool look_at_node(const struct pool *pool, uint32_t node,
                                     const struct slot_demand *d)
{
    return node_fits(pool, node, d);
}

bool pool_fits(const struct pool *pool, uint32_t node, size_t demand_class)
{
    const struct demand_class *k = &pool->classes[demand_class];
    return k->shape ? node_set_has(&k->shape->fits, node) : look_at_node(pool, node, &k->demand);
}

uint32_t pool_ranks_that_fit(const struct pool *pool, uint32_t node, size_t demand_class)
{
    const struct demand_class *k = &pool->classes[demand_class];
    uint32_t most = (uint32_t)k->demand.ranks;
    if (most == 1 || k->demand.one_node)
        return pool_fits(pool, node, demand_class) ? most : 0;
    if (!k->shape)
        return count_ranks(pool, node, &k->demand);
    return k->shape->ranks[node] < most ? k->shape->ranks[node] : most;
}

/* Room for the need is not always enough: shares and ranks that share a node are looked at one by
 * one. */
OUT_OF_LINE uint32_t pool_search_rooms(const struct pool *pool, const struct slot_demand *d,
                                       uint32_t from)
{
    struct room need = room_need(d);
    uint32_t node = room_tree_first(pool->rooms, &need, from);
    while (node != ROOM_TREE_NONE && !node_fits(pool, node, d))
        node = room_tree_first(pool->rooms, &need, node + 1);
    return node == ROOM_TREE_NONE ? POOL_NONE : node;
}

/* The pilot that does; pool->pilots: none. */
OUT_OF_LINE static size_t search_holds_task(const struct pool *pool, const struct slot_demand *d)
{
    int64_t ranks = 0;
    size_t pilot = 0;
    for (uint32_t node = pool_search_rooms(pool, d, 0); node != POOL_NONE;
         node = pool_search_rooms(pool, d, node + 1)) {
        ranks = node / pool->job_nodes == pilot ? ranks : 0;
        pilot = node / pool->job_nodes;
        if ((ranks += d->ranks > 1 ? count_ranks(pool, node, d) : 1) >= d->ranks)
            return pilot;
    }
    return pool->pilots;
}

static size_t pilot_that_holds(const struct pool *pool, const struct demand_class *k)
{
    size_t pilot = 0;
    if (!k->shape)
        return search_holds_task(pool, &k->demand);
    if (k->demand.ranks == 1 || k->demand.one_node) {
        uint32_t node = node_set_first(&k->shape->fits, 0);
        return node == NODE_SET_NONE ? pool->pilots : node / pool->job_nodes;
    }
    while (pilot < pool->pilots && k->shape->job_ranks[pilot] < k->demand.ranks)
        pilot++;
    return pilot;
}

OUT_OF_LINE static bool holds_gang(const struct pool *pool, const struct demand_class *k)
{
    if (k->demand.has_named && !pool_machine_has(pool, &k->demand))
        return false;
    return pilot_that_holds(pool, k) < pool->pilots;
}

int64_t pool_ranks_of_task(const struct pool *pool, size_t demand_class)
{
    const struct demand_class *k = &pool->classes[demand_class];
    int64_t ranks = 0;
    if (k->shape && k->demand.ranks > 1 && !k->demand.one_node) {
        for (size_t pilot = 0; pilot < pool->pilots; pilot++)
            ranks += k->shape->job_ranks[pilot];
        return ranks;
    }
    for (uint32_t node = pool_first_fit(pool, demand_class, 0);
         node != POOL_NONE && ranks < k->demand.ranks;
         node = pool_first_fit(pool, demand_class, node + 1))
        ranks += pool_ranks_that_fit(pool, node, demand_class);
    return ranks;
}

uint32_t pool_first_job(const struct pool *pool, size_t demand_class)
{
    size_t pilot = pool_holds_task(pool, demand_class)
                       ? pilot_that_holds(pool, &pool->classes[demand_class])
                       : pool->pilots;
    return pilot < pool->pilots ? (uint32_t)(pilot * pool->job_nodes) : POOL_NONE;
}

bool pool_holds_task(const struct pool *pool, size_t demand_class)
{
    const struct demand_class *k = &pool->classes[demand_class];
    return k->one_fit ? !node_set_is_empty(&k->shape->fits) : holds_gang(pool, k);
}

uint32_t pool_held_shapes(const struct pool *pool)
{
    return pool->held_shapes;
}

uint32_t pool_shape_bit(const struct pool *pool, size_t demand_class)
{
    const struct demand_class *k = &pool->classes[demand_class];
    return k->one_fit ? UINT32_C(1) << (k->shape - pool->shapes) : 0;
}

uint32_t pool_first_fit(const struct pool *pool, size_t demand_class, uint32_t from)
{
    const struct demand_class *k = &pool->classes[demand_class];
    return k->shape ? node_set_first(&k->shape->fits, from)
                    : pool_search_rooms(pool, &k->demand, from);
}

bool pool_tracks_classes(const struct pool *pool)
{
    return pool->tracks;
}

size_t pool_like(const struct pool *pool, size_t demand_class)
{
    const struct rank_shape *shape = pool->classes[demand_class].shape;
    return shape ? shape->first_class : demand_class;
}

const struct node_shape *pool_shape(const struct pool *pool, uint32_t node)
{
    return &pool->platform->shapes[pool->platform->shape_of[node]];
}

bool pool_is_of_kind(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    return node_shape_is_of_kind(pool_shape(pool, node), d);
}
