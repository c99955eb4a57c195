/* Tasks over many nodes, row by row: alike nodes one behind the other are worked out once, on the
 * first of them. Where what a node has is its struct (pool->simple), all that a row asks for is
 * done here, in one place, without calls. */
#include <assert.h>
#include <string.h>

#include "base/number.h"
#include "scheduling/pool_impl.h"

enum { NODE_BYTES = sizeof(struct node) + sizeof(uint64_t), NODE_WORDS = NODE_BYTES / 8 };
_Static_assert(NODE_BYTES % 8 == 0, "a node is compared and copied as words");

/* Where nodes have one word of slots, pool_node_at(). */
static inline struct node *node_at(const struct pool *pool, uint32_t node)
{
    void *at = (char *)pool->nodes + (size_t)node * NODE_BYTES;
    return at;
}

/* How many nodes from `node` on are of its shape, `most` at most. */
static inline uint32_t same_shape(const struct pool *pool, uint32_t node, uint32_t most)
{
    const uint16_t *shape_of = pool->platform->shape_of + node;
    uint32_t n = pool->platform->n_shapes == 1 ? most : 1;
    while (n < most && shape_of[n] == shape_of[0])
        n++;
    return n;
}

/* Of n nodes of one shape from `node` on, those that are alike. */
static inline uint32_t alike_at(const struct pool *pool, uint32_t node, uint32_t most)
{
    const char *at = (const char *)node_at(pool, node);
    uint64_t first[NODE_WORDS], other[NODE_WORDS], differ;
    uint32_t n = 1;
    memcpy(first, at, NODE_BYTES);
    for (; n < most; n++) {
        memcpy(other, at += NODE_BYTES, NODE_BYTES);
        differ = 0;
        for (int i = 0; i < NODE_WORDS; i++)
            differ |= first[i] ^ other[i];
        if (differ != 0)
            break;
    }
    return n;
}

/* What takes so many slots leaves none, and nothing runs without: it shares the node with no other.
 * So nodes on which one rank of it fits are alike, and nodes that it was given stay so until they
 * are back. */
static inline bool is_whole(const struct pool *pool, uint32_t node, int slots)
{
    return pool->all_take_slots && slots == node_shape_usable(pool_shape(pool, node));
}

static inline void copy_row(struct node *first, uint32_t n)
{
    char *at = (char *)first;
    uint64_t words[NODE_WORDS];
    memcpy(words, at, NODE_BYTES);
    for (uint32_t i = 1; i < n; i++)
        memcpy(at += NODE_BYTES, words, NODE_BYTES);
}

static inline int64_t ranks_on(const struct node *n, const struct slot_demand *d)
{
    int64_t ranks = INT32_MAX;
    if (d->slots > 0)
        ranks = n->slots / d->slots;
    if (d->gpus > 0)
        ranks = at_most(ranks, n->gpus / d->gpus);
    if (d->memory_mib > 0)
        ranks = at_most(ranks, n->memory_mib / d->memory_mib);
    return ranks;
}

static inline void set_ranks(struct pool *pool, struct rank_shape *s, uint32_t node, uint32_t n,
                             uint32_t ranks)
{
    size_t pilot = pool->pilots == 1 ? 0 : node / pool->job_nodes;
    s->job_ranks[pilot] += (int64_t)n * ((int64_t)ranks - s->ranks[node]);
    for (uint32_t i = 0; i < n; i++)
        s->ranks[node + i] = ranks;
}

/* The first node of a row has changed: what fits there now, and the others become like it. */
static inline void refresh_row(struct pool *pool, struct node *first, uint32_t node, uint32_t n)
{
    uint32_t fits = pool_plain_that_fit(pool, first);
    for (uint32_t changed = fits ^ first->fits; changed; changed &= changed - 1)
        pool_flip(pool, (size_t)bits_lowest(changed), node, n);
    first->fits = fits;
    copy_row(first, n);
    for (struct rank_shape *s = pool->shapes; s < pool->shapes + pool->n_shapes; s++, fits >>= 1)
        if (s->ranks)
            set_ranks(pool, s, node, n, fits & 1 ? (uint32_t)ranks_on(first, &s->demand) : 0);
}

static inline void note_used(struct pool *pool, uint32_t node, uint32_t n)
{
    if (node % 64 + n > 64)
        bits_add_range(pool->used, node, (size_t)node + n);
    else
        pool->used[node / 64] |= (~UINT64_C(0) >> (64 - n)) << node % 64;
}

/* A part of a chain behind `after`, of so many ranks on each node of a row. */
static inline uint32_t claim_row(struct pool *pool, uint32_t node, uint32_t n, size_t demand_class,
                                 uint32_t ranks, uint32_t after)
{
    const struct slot_demand *d = &pool->classes[demand_class].demand;
    struct node *first = node_at(pool, node);
    uint32_t g = pool_new_grant(pool);
    struct grant *grant = pool_grant_at(pool, g);
    int slots = (int)ranks * d->slots;
    grant->node = node;
    grant->demand_class = (uint32_t)demand_class;
    grant->words[0] = (uint64_t)ranks << 32 | POOL_NONE;
    grant->words[1] = n;
    grant->words[pool->slots_at] = pool_lowest_of(*first->slot_set, slots);
    *first->slot_set ^= grant->words[pool->slots_at];
    first->slots -= slots;
    first->memory_mib -= ranks * d->memory_mib;
    if (pool->holds_gpus) {
        uint64_t gpus = bits_lowest_k(first->gpu_set, (int)ranks * d->gpus);
        grant->words[pool->gpus_at] = gpus;
        first->gpu_set &= ~gpus;
        first->gpus -= (int)ranks * d->gpus;
    }
    note_used(pool, node, n);
    if (after != POOL_NONE) {
        uint64_t *chain = pool_grant_at(pool, after)->words;
        *chain = (*chain & ~(uint64_t)POOL_NONE) | g;
    }
    refresh_row(pool, first, node, n);
    return g;
}

static inline uint32_t claim_rows(struct pool *pool, size_t demand_class, uint32_t from,
                                  uint32_t *end)
{
    const struct demand_class *k = &pool->classes[demand_class];
    uint32_t left = (uint32_t)k->demand.ranks, first = POOL_NONE, last = POOL_NONE;
    for (uint32_t node = from, n; left > 0; *end = node += n) {
        if ((node = node_set_first(&k->shape->fits, node)) == NODE_SET_NONE)
            node = node_set_first(&k->shape->fits, 0);
        assert(node != NODE_SET_NONE);
        uint32_t fit = k->shape->ranks ? k->shape->ranks[node] : left,
                 here = fit < left ? fit : left,
                 most = here < fit  ? 1
                        : here == 1 ? left
                                    : left / here;
        n = same_shape(pool, node, node_set_row(&k->shape->fits, node, most));
        if (n > 1 && !is_whole(pool, node, k->demand.slots))
            n = alike_at(pool, node, n);
        last = claim_row(pool, node, n, demand_class, here, last);
        first = first == POOL_NONE ? last : first;
        left -= n * here;
    }
    return first;
}

static uint32_t claim_alike(struct pool *pool, size_t demand_class, uint32_t from, uint32_t *end)
{
    uint32_t left = (uint32_t)pool_class(pool, demand_class)->ranks, first = POOL_NONE,
             last = POOL_NONE;
    for (uint32_t node = from, n; left > 0; *end = node += n) {
        if ((node = pool_first_fit(pool, demand_class, node)) == POOL_NONE)
            node = pool_first_fit(pool, demand_class, 0);
        assert(node != POOL_NONE);
        uint32_t fit = pool_ranks_that_fit(pool, node, demand_class),
                 here = fit < left ? fit : left;
        n = here < fit ? 1 : pool_alike(pool, node, left / here);
        uint32_t part = pool_claim_alike(pool, node, n, demand_class, here, &last);
        first = first == POOL_NONE ? part : first;
        left -= n * here;
    }
    return first;
}

uint32_t pool_claim_gang(struct pool *pool, size_t demand_class, uint32_t from, uint32_t *end)
{
    const struct slot_demand *d = pool_class(pool, demand_class);
    if (!pool->simple)
        return claim_alike(pool, demand_class, from, end);
    if (pool->totals)
        pool_add_to_totals(pool, d, -(int64_t)d->ranks);
    return claim_rows(pool, demand_class, from, end);
}

/* Gives a part back, and returns how many ranks it held. Nodes that were alike need not be so any
 * more if other tasks share them. */
static inline int64_t release_rows(struct pool *pool, const struct grant *grant,
                                   const struct slot_demand *d)
{
    uint32_t ranks = pool_part_ranks(pool, grant), end = grant->node + pool_part_nodes(pool, grant);
    int slots = (int)ranks * d->slots;
    uint64_t gpus = pool->holds_gpus ? grant->words[pool->gpus_at] : 0;
    bool whole = !pool->drains && is_whole(pool, grant->node, slots);
    for (uint32_t node = grant->node, n; node < end; node += n) {
        struct node *first = node_at(pool, node);
        n = whole ? end - node : alike_at(pool, node, same_shape(pool, node, end - node));
        *first->slot_set |= grant->words[pool->slots_at];
        first->slots += slots;
        first->memory_mib += ranks * d->memory_mib;
        first->gpu_set |= gpus;
        first->gpus += gpus ? bits_count(gpus) : 0;
        refresh_row(pool, first, node, n);
    }
    return (int64_t)ranks * (end - grant->node);
}

/* Prefetches its node, and the part behind it, while the one before it is given back. */
static inline void expect_part(const struct pool *pool, uint32_t g)
{
    const struct grant *grant = pool_grant_at(pool, g);
    uint32_t next = pool_next_part(pool, grant);
    PREFETCH(node_at(pool, grant->node));
    if (next != POOL_NONE)
        PREFETCH(pool_grant_at(pool, next));
}

static void release_simple(struct pool *pool, uint32_t g)
{
    const struct slot_demand *d = pool_demand_of(pool, pool_grant_at(pool, g));
    int64_t ranks = 0;
    for (uint32_t next; g != POOL_NONE; g = next) {
        const struct grant *grant = pool_grant_at(pool, g);
        next = pool_next_part(pool, grant);
        if (next != POOL_NONE)
            expect_part(pool, next);
        ranks += release_rows(pool, grant, d);
        pool_forget_grant(pool, g);
    }
    if (pool->totals)
        pool_add_to_totals(pool, d, ranks);
}

void pool_release(struct pool *pool, uint32_t g)
{
    if (pool->simple && g != POOL_NONE)
        release_simple(pool, g);
    while (!pool->simple && g != POOL_NONE)
        g = pool_release_part(pool, g);
}
