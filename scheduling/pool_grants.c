/* Grants: what each holds, and how it is given back; the sums over all nodes; drained nodes. */
#include <assert.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "scheduling/pool_impl.h"

static inline uint64_t gpus_held(const struct pool *pool, const struct grant *grant)
{
    return pool->holds_gpus ? grant->words[pool->gpus_at] : 0;
}

static inline uint64_t held_words(const struct pool *pool, const struct grant *grant)
{
    return pool->n_words > 1 ? grant->words[pool->slots_at] : 1;
}

static inline const uint64_t *words_held(const struct pool *pool, const struct grant *grant)
{
    return grant->words + pool->slots_at + (pool->n_words > 1);
}

static inline void give_back_slots(const struct pool *pool, const struct grant *grant, uint64_t *to)
{
    const uint64_t *from = words_held(pool, grant);
    for (uint64_t left = held_words(pool, grant); left; left &= left - 1)
        to[bits_lowest(left)] |= *from++;
}

void pool_keep_totals(struct pool *pool)
{
    pool->totals = true;
}

int64_t pool_all_free_slots(const struct pool *pool)
{
    assert(pool->totals);
    return pool->all_slots;
}

int64_t pool_all_free_gpus(const struct pool *pool)
{
    assert(pool->totals);
    return pool->all_gpus;
}

OUT_OF_LINE void pool_add_to_totals(struct pool *pool, const struct slot_demand *d,
                                    int64_t ranks)
{
    pool->all_slots += ranks * d->slots;
    pool->all_gpus += ranks * ((int64_t)d->gpus * DEMAND_WHOLE_GPU + d->gpu_share);
}

static void give_back_devices(struct pool *pool, uint32_t node, const struct grant *grant)
{
    int32_t share = pool_demand_of(pool, grant)->gpu_share;
    struct node *n = pool_node_at(pool, node);
    uint64_t devices = gpus_held(pool, grant);
    for (uint64_t left = pool->gpu_room ? devices : 0; left; left &= left - 1) {
        int32_t *room =
            &pool->gpu_room[(size_t)node * NODE_MOST_GPUS + (size_t)bits_lowest(left)];
        *room += share > 0 ? share : DEMAND_WHOLE_GPU;
        if (*room < DEMAND_WHOLE_GPU)
            devices &= ~(left & (~left + 1));    /* others still share it */
    }
    n->gpu_set |= devices;
    n->gpus += bits_count(devices);
}

static inline void give_back(struct pool *pool, uint32_t node, const struct grant *grant)
{
    const struct slot_demand *d = pool_demand_of(pool, grant);
    int64_t ranks = pool_part_ranks(pool, grant);
    struct node *n = pool_node_at(pool, node);
    give_back_slots(pool, grant, n->slot_set);
    n->slots += (int)ranks * d->slots;
    n->memory_mib += ranks * d->memory_mib;
    if (d->has_named)
        pool_take_named(pool, node, d, -ranks);
    if (gpus_held(pool, grant) != 0)
        give_back_devices(pool, node, grant);
}

/* Nodes that were alike need not be so any more: other tasks share them. */
OUT_OF_LINE static void give_back_alike(struct pool *pool, const struct grant *grant)
{
    uint32_t end = grant->node + pool_part_nodes(pool, grant);
    for (uint32_t node = grant->node, n; node < end; node += n) {
        n = pool_alike(pool, node, end - node);
        give_back(pool, node, grant);
        pool_refresh_alike(pool, node, n);
    }
}

uint32_t pool_release_part(struct pool *pool, uint32_t g)
{
    struct grant *grant = pool_grant_at(pool, g);
    uint32_t next = pool_next_part(pool, grant), nodes = pool_part_nodes(pool, grant);
    if (next != POOL_NONE)
        PREFETCH(pool_grant_at(pool, next));
    if (pool->totals)
        pool_add_to_totals(pool, pool_demand_of(pool, grant),
                           (int64_t)pool_part_ranks(pool, grant) * nodes);
    if (nodes > 1) {
        give_back_alike(pool, grant);
    } else {
        give_back(pool, grant->node, grant);
        pool_refresh(pool, grant->node);
    }
    pool_forget_grant(pool, g);
    return next;
}

bool pool_can_pass_on(const struct pool *pool, uint32_t g)
{
    const struct grant *grant = pool_grant_at(pool, g);
    const struct demand_class *k = &pool->classes[grant->demand_class];
    const struct node *n = pool_node_at(pool, grant->node);
    bool fits_nowhere = k->shape ? node_set_is_empty(&k->shape->fits)
                                 : pool_search_rooms(pool, &k->demand, 0) == POOL_NONE;
    return k->plain && fits_nowhere && !n->drained &&
           (n->slots == 0 || k->demand.slots == 0) && (n->gpus == 0 || k->demand.gpus == 0);
}

void pool_expect_release(const struct pool *pool, uint32_t g, bool fetched)
{
    const struct grant *grant = pool_grant_at(pool, g);
    if (!fetched) {
        PREFETCH(grant);
        return;
    }
    const struct node *n = pool_node_at(pool, grant->node);
    PREFETCH(n);
    PREFETCH(n->slot_set);
    PREFETCH(&pool->classes[grant->demand_class]);
    if (pool->chains && pool_next_part(pool, grant) != POOL_NONE)
        PREFETCH(pool_grant_at(pool, pool_next_part(pool, grant)));
}

void pool_drain(struct pool *pool, uint32_t node)
{
    pool_node_at(pool, node)->drained = pool->drains = true;
    pool_note_used(pool, node);
    pool_refresh(pool, node);
}

void pool_undrain(struct pool *pool, uint32_t node)
{
    pool_node_at(pool, node)->drained = false;
    pool_refresh(pool, node);
}

struct grant_part pool_grant_part(const struct pool *pool, uint32_t g)
{
    const struct grant *grant = pool_grant_at(pool, g);
    const struct slot_demand *d = pool_demand_of(pool, grant);
    uint32_t ranks = pool_part_ranks(pool, grant);
    return (struct grant_part){ .node = grant->node,
                                .n_nodes = pool_part_nodes(pool, grant),
                                .n_words = pool->n_words,
                                .held = held_words(pool, grant),
                                .slots = words_held(pool, grant),
                                .gpus = gpus_held(pool, grant),
                                .gpu_share = d->gpu_share,
                                .n_slots = (int32_t)ranks * d->slots,
                                .memory_mib = ranks * d->memory_mib,
                                .demand_class = grant->demand_class };
}

uint32_t pool_grant_node(const struct pool *pool, uint32_t g)
{
    return pool_grant_at(pool, g)->node;
}

size_t pool_grant_class(const struct pool *pool, uint32_t g)
{
    return pool_grant_at(pool, g)->demand_class;
}

uint32_t pool_grant_next(const struct pool *pool, uint32_t g)
{
    return pool_next_part(pool, pool_grant_at(pool, g));
}
