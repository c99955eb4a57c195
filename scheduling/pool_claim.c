/* Claims: which slots and devices of a node a task gets, and the grant that says so. */
#include <assert.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/xalloc.h"
#include "scheduling/pool_impl.h"

OUT_OF_LINE uint32_t pool_one_more_grant(struct pool *pool)
{
    xgrow_lines(&pool->grants, &pool->grant_room, pool->n_grants + 1, pool->grant_size);
    return (uint32_t)pool->n_grants++;
}

OUT_OF_LINE uint64_t pool_lowest_scattered(uint64_t word, int count)
{
    return bits_count(word) <= count ? word : bits_lowest_k(word, count);
}

/* Likewise of a node of several words: where they are, and what is taken of each. */
OUT_OF_LINE static void take_words(const struct pool *pool, uint64_t *from, uint64_t *to,
                                   int count)
{
    uint64_t *held = to, *end = to++ + pool->grant_words;
    *held = 0;
    for (size_t w = 0; w < pool->n_words && count > 0; w++) {
        if (from[w] == 0)
            continue;
        assert(to < end);
        *held |= UINT64_C(1) << w;
        *to = pool_lowest_of(from[w], count);
        count -= bits_count(*to);
        from[w] ^= *to++;
    }
    assert(count == 0);
}

static void take_slots(const struct pool *pool, uint64_t *from, uint64_t *to, int count)
{
    if (pool->n_words > 1) {
        take_words(pool, from, to, count);
        return;
    }
    *to = pool_lowest_of(*from, count);
    *from ^= *to;
    assert(bits_count(*to) == count);
}

static void take_share(struct pool *pool, uint32_t node, struct grant *grant, int32_t share, int g)
{
    int32_t *room = pool->gpu_room + (size_t)node * NODE_MOST_GPUS;
    if (room[g] == DEMAND_WHOLE_GPU) {
        pool_node_at(pool, node)->gpus--;
        pool_node_at(pool, node)->gpu_set &= ~(UINT64_C(1) << g);
    }
    room[g] -= share;
    grant->words[pool->gpus_at] = UINT64_C(1) << g;
}

static void take_devices(struct pool *pool, uint32_t node, struct grant *grant, uint64_t devices)
{
    struct node *n = pool_node_at(pool, node);
    grant->words[pool->gpus_at] = devices;
    n->gpu_set &= ~devices;
    n->gpus -= bits_count(devices);
    if (!pool->gpu_room)
        return;
    for (uint64_t left = devices; left; left &= left - 1)
        pool->gpu_room[(size_t)node * NODE_MOST_GPUS + (size_t)bits_lowest(left)] = 0;
}

OUT_OF_LINE static void append(struct pool *pool, uint32_t after, uint32_t g)
{
    uint64_t *chain = pool_grant_at(pool, after)->words;
    assert(pool->chains);
    *chain = (*chain & ~(uint64_t)POOL_NONE) | g;
}

/* A part without its slots and devices, of a chain behind `after`. */
static uint32_t open_part(struct pool *pool, uint32_t node, size_t demand_class, uint32_t ranks,
                          uint32_t after)
{
    const struct slot_demand *d = &pool->classes[demand_class].demand;
    uint32_t g = pool_new_grant(pool);
    struct grant *grant = pool_grant_at(pool, g);
    struct node *n = pool_node_at(pool, node);
    pool_note_used(pool, node);
    grant->node = node;
    grant->demand_class = (uint32_t)demand_class;
    if (pool->chains) {
        grant->words[0] = (uint64_t)ranks << 32 | POOL_NONE;
        grant->words[1] = 1;
    }
    if (pool->holds_gpus)
        grant->words[pool->gpus_at] = 0;
    n->slots -= (int)ranks * d->slots;
    if (pool->totals)
        pool_add_to_totals(pool, d, -(int64_t)ranks);
    n->memory_mib -= ranks * d->memory_mib;
    if (d->has_named)
        pool_take_named(pool, node, d, ranks);
    if (after != POOL_NONE)
        append(pool, after, g);
    return g;
}

static uint32_t claim_part(struct pool *pool, uint32_t node, size_t demand_class, uint32_t ranks,
                           uint32_t after)
{
    const struct slot_demand *d = &pool->classes[demand_class].demand;
    uint32_t g = open_part(pool, node, demand_class, ranks, after);
    struct grant *grant = pool_grant_at(pool, g);
    take_slots(pool, pool_node_at(pool, node)->slot_set, grant->words + pool->slots_at,
               (int)ranks * d->slots);
    if (d->gpus > 0)
        take_devices(pool, node, grant, bits_lowest_k(pool_node_at(pool, node)->gpu_set,
                                                      (int)ranks * d->gpus));
    return g;
}

/* Ranks that share devices may lie on different ones: a part each. */
OUT_OF_LINE static uint32_t claim_shares(struct pool *pool, uint32_t node, size_t demand_class,
                                         uint32_t ranks, uint32_t *last)
{
    uint32_t first = POOL_NONE;
    for (uint32_t i = 0; i < ranks; i++) {
        *last = claim_part(pool, node, demand_class, 1, *last);
        int32_t share = pool->classes[demand_class].demand.gpu_share;
        take_share(pool, node, pool_grant_at(pool, *last), share,
                   pool_shared_device(pool, node, share));
        first = first == POOL_NONE ? *last : first;
    }
    return first;
}

uint32_t pool_claim(struct pool *pool, uint32_t node, size_t demand_class, uint32_t ranks,
                    uint32_t *last)
{
    assert(ranks >= 1 && pool_fits(pool, node, demand_class));
    uint32_t first = pool->classes[demand_class].demand.gpu_share > 0
                         ? claim_shares(pool, node, demand_class, ranks, last)
                         : (*last = claim_part(pool, node, demand_class, ranks, *last));
    pool_refresh(pool, node);
    return first;
}

uint32_t pool_claim_alike(struct pool *pool, uint32_t node, uint32_t n, size_t demand_class,
                          uint32_t ranks, uint32_t *last)
{
    if (n == 1)
        return pool_claim(pool, node, demand_class, ranks, last);
    assert(ranks >= 1 && pool->chains && pool_fits(pool, node, demand_class));
    *last = claim_part(pool, node, demand_class, ranks, *last);
    pool_grant_at(pool, *last)->words[1] = n;
    bits_add_range(pool->used, node, node + n);
    if (pool->totals)
        pool_add_to_totals(pool, &pool->classes[demand_class].demand, -(int64_t)ranks * (n - 1));
    pool_refresh_alike(pool, node, n);
    return *last;
}

static void take_these(struct pool *pool, const struct pool_part *p, struct grant *grant)
{
    uint64_t ids[NODE_MOST_SLOTS / 64] = { 0 }, *held = grant->words + pool->slots_at, *to = held;
    uint64_t *free_slots = pool_node_at(pool, p->node)->slot_set;
    for (size_t k = 0; k < p->n_slots; k++)
        ids[p->slots[k] / 64] |= UINT64_C(1) << (p->slots[k] % 64);
    if (pool->n_words > 1)
        *to++ = 0;
    for (size_t w = 0; w < pool->n_words; w++) {
        assert((free_slots[w] & ids[w]) == ids[w]);
        free_slots[w] ^= ids[w];
        if (pool->n_words > 1 && ids[w])
            *held |= UINT64_C(1) << w;
        if (pool->n_words == 1 || ids[w])
            *to++ = ids[w];
    }
}

uint32_t pool_claim_these(struct pool *pool, size_t demand_class, const struct pool_part *parts,
                          size_t n)
{
    const struct slot_demand *d = &pool->classes[demand_class].demand;
    uint32_t first = POOL_NONE, last = POOL_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct pool_part *p = &parts[i];
        last = open_part(pool, p->node, demand_class, (uint32_t)p->ranks, last);
        first = first == POOL_NONE ? last : first;
        struct grant *grant = pool_grant_at(pool, last);
        uint64_t devices = 0;
        take_these(pool, p, grant);
        for (size_t k = 0; k < p->n_gpus; k++)
            devices |= UINT64_C(1) << p->gpus[k];
        if (d->gpu_share > 0)
            take_share(pool, p->node, grant, d->gpu_share, bits_lowest(devices));
        else if (devices)
            take_devices(pool, p->node, grant, devices);
        pool_refresh(pool, p->node);
    }
    return first;
}
