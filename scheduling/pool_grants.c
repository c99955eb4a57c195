#include "scheduling/pool_impl.h"

#include <assert.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/xalloc.h"

static inline uint64_t gpus_held(const struct pool *pool, const struct grant *grant)
{
    return pool->holds_gpus ? grant->words[pool->gpus_at] : 0;
}

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
