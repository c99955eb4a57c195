#include "scheduling/pool.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/xalloc.h"

enum { TREE_LEVELS = 4 };                        /* 64^4 nodes are more than any machine has */

struct node {
    int32_t slots, gpus;                         /* free; gpus counts devices that are wholly free */
    int64_t memory_mib;
    uint64_t gpu_set;                            /* ids of those devices */
    bool drained;
};

/* Which nodes hold one rank of a class: level 0 has a bit a node, each level above a bit a word of the one below. */
struct fit_tree {
    uint64_t *level[TREE_LEVELS];
    uint32_t *ranks;                             /* class of several ranks: how many fit, node by node; else NULL */
    int64_t total_ranks;
};

struct grant {
    uint32_t node, next;                         /* next part, or next free grant */
    uint64_t gpus;
    int64_t memory_mib;
    int32_t gpu_share, slots;
};

struct pool {
    const struct platform *platform;
    size_t n_nodes, n_classes, n_words, n_levels;
    size_t level_words[TREE_LEVELS];
    struct slot_demand *classes;
    struct node *nodes;
    uint64_t *slot_sets;                         /* node * n_words + w */
    int32_t *gpu_room;                           /* node * 64 + gpu, millionths; NULL while no class shares devices */
    struct fit_tree *trees;                      /* one a class */
    struct grant *grants;
    uint64_t *grant_slots;                       /* grant * n_words + w */
    size_t n_grants, grant_room;
    uint32_t free_grant;
};

static bool any_shares(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].gpu_share > 0)
            return true;
    return false;
}

static void allocate_tree(const struct pool *pool, struct fit_tree *tree, const struct slot_demand *d)
{
    for (size_t l = 0; l < pool->n_levels; l++)
        tree->level[l] = xcalloc(pool->level_words[l], sizeof *tree->level[l]);
    if (d->ranks > 1)
        tree->ranks = xcalloc(pool->n_nodes, sizeof *tree->ranks);
}

struct pool *pool_new(const struct platform *p, const struct slot_demand *classes, size_t n_classes)
{
    struct pool *pool = xcalloc(1, sizeof *pool);
    pool->platform = p;
    pool->n_nodes = p->n_nodes;
    pool->n_classes = n_classes;
    int most_slots = 1;
    for (size_t s = 0; s < p->n_shapes; s++)
        most_slots = p->shapes[s].n_slots > most_slots ? p->shapes[s].n_slots : most_slots;
    pool->n_words = ((size_t)most_slots + 63) / 64;
    size_t words = pool->n_nodes;
    do {
        words = (words + 63) / 64;
        pool->level_words[pool->n_levels++] = words;
    } while (words > 1);
    pool->classes = xmemdup(classes, n_classes * sizeof *classes);
    pool->nodes = xcalloc(pool->n_nodes, sizeof *pool->nodes);
    pool->slot_sets = xcalloc(pool->n_nodes * pool->n_words, sizeof *pool->slot_sets);
    if (any_shares(classes, n_classes))
        pool->gpu_room = xcalloc(pool->n_nodes * 64, sizeof *pool->gpu_room);
    pool->trees = xcalloc(n_classes, sizeof *pool->trees);
    for (size_t c = 0; c < n_classes; c++)
        allocate_tree(pool, &pool->trees[c], &classes[c]);
    pool_reset(pool);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    for (size_t c = 0; c < pool->n_classes; c++) {
        for (size_t l = 0; l < pool->n_levels; l++)
            free(pool->trees[c].level[l]);
        free(pool->trees[c].ranks);
    }
    free(pool->trees);
    free(pool->classes);
    free(pool->nodes);
    free(pool->slot_sets);
    free(pool->gpu_room);
    free(pool->grants);
    free(pool->grant_slots);
    free(pool);
}

/* Lowest device with room for the share, or -1. */
static int shared_device(const struct pool *pool, uint32_t node, int32_t share)
{
    const int32_t *room = pool->gpu_room + (size_t)node * 64;
    int n_gpus = pool_shape(pool, node)->n_gpus;
    for (int g = 0; g < n_gpus; g++)
        if (room[g] >= share)
            return g;
    return -1;
}

static int64_t at_most(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How many ranks of one task the node holds; those that share a node come all or not at all. */
static uint32_t count_ranks(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const struct node *n = &pool->nodes[node];
    int64_t ranks = n->drained ? 0 : d->ranks;
    if (d->slots > 0)
        ranks = at_most(ranks, n->slots / d->slots);
    if (d->gpus > 0)
        ranks = at_most(ranks, n->gpus / d->gpus);
    if (d->memory_mib > 0)
        ranks = at_most(ranks, n->memory_mib / d->memory_mib);
    if (d->gpu_share > 0) {
        const int32_t *room = pool->gpu_room + (size_t)node * 64;
        int64_t shares = 0;
        for (int g = 0; g < pool_shape(pool, node)->n_gpus; g++)
            shares += room[g] / d->gpu_share;
        ranks = at_most(ranks, shares);
    }
    return d->one_node && ranks < d->ranks ? 0 : (uint32_t)ranks;
}

/* One rank, or all of a task whose ranks share a node. */
static bool node_fits(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const struct node *n = &pool->nodes[node];
    if (n->slots < d->slots || n->gpus < d->gpus || n->memory_mib < d->memory_mib || n->drained)
        return false;
    if (d->one_node && d->ranks > 1)
        return count_ranks(pool, node, d) > 0;
    return d->gpu_share == 0 || shared_device(pool, node, d->gpu_share) >= 0;
}

static void tree_set(const struct pool *pool, struct fit_tree *tree, uint32_t node)
{
    size_t at = node;
    for (size_t l = 0; l < pool->n_levels; l++, at /= 64) {
        uint64_t *word = &tree->level[l][at / 64];
        bool was_empty = *word == 0;
        *word |= UINT64_C(1) << (at % 64);
        if (!was_empty)
            return;
    }
}

static void tree_clear(const struct pool *pool, struct fit_tree *tree, uint32_t node)
{
    size_t at = node;
    for (size_t l = 0; l < pool->n_levels; l++, at /= 64) {
        uint64_t *word = &tree->level[l][at / 64];
        *word &= ~(UINT64_C(1) << (at % 64));
        if (*word != 0)
            return;
    }
}

/* After any change of a node: what fits there now, class by class. */
static void refresh(struct pool *pool, uint32_t node)
{
    for (size_t c = 0; c < pool->n_classes; c++) {
        struct fit_tree *tree = &pool->trees[c];
        bool fits = node_fits(pool, node, &pool->classes[c]);
        bool did = tree->level[0][node / 64] >> (node % 64) & 1;
        if (fits && !did)
            tree_set(pool, tree, node);
        else if (!fits && did)
            tree_clear(pool, tree, node);
        if (tree->ranks) {
            uint32_t ranks = count_ranks(pool, node, &pool->classes[c]);
            tree->total_ranks += (int64_t)ranks - tree->ranks[node];
            tree->ranks[node] = ranks;
        }
    }
}

static void reset_node(struct pool *pool, uint32_t node)
{
    const struct node_shape *shape = pool_shape(pool, node);
    uint64_t *set = pool->slot_sets + node * pool->n_words;
    for (size_t w = 0; w < pool->n_words; w++) {
        int below = shape->n_slots - (int)(w * 64);
        set[w] = below >= 64 ? ~UINT64_C(0) : below > 0 ? (UINT64_C(1) << below) - 1 : 0;
    }
    for (size_t b = 0; b < shape->n_blocked; b++)
        set[shape->blocked[b] / 64] &= ~(UINT64_C(1) << (shape->blocked[b] % 64));
    pool->nodes[node] = (struct node){
        .slots = node_shape_usable(shape), .gpus = shape->n_gpus,
        .memory_mib = shape->memory_mib > 0 ? shape->memory_mib : INT64_MAX,
        .gpu_set = shape->n_gpus >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << shape->n_gpus) - 1,
    };
    for (int g = 0; pool->gpu_room && g < shape->n_gpus; g++)
        pool->gpu_room[(size_t)node * 64 + (size_t)g] = DEMAND_WHOLE_GPU;
}

void pool_reset(struct pool *pool)
{
    pool->n_grants = 0;
    pool->free_grant = POOL_NONE;
    for (uint32_t node = 0; node < pool->n_nodes; node++) {
        reset_node(pool, node);
        refresh(pool, node);
    }
}

size_t pool_nodes(const struct pool *pool)
{
    return pool->n_nodes;
}

size_t pool_classes(const struct pool *pool)
{
    return pool->n_classes;
}

const struct slot_demand *pool_class(const struct pool *pool, size_t demand_class)
{
    return &pool->classes[demand_class];
}

bool pool_fits(const struct pool *pool, uint32_t node, size_t demand_class)
{
    return pool->trees[demand_class].level[0][node / 64] >> (node % 64) & 1;
}

uint32_t pool_ranks_that_fit(const struct pool *pool, uint32_t node, size_t demand_class)
{
    const uint32_t *ranks = pool->trees[demand_class].ranks;
    return ranks ? ranks[node] : pool_fits(pool, node, demand_class);
}

bool pool_holds_task(const struct pool *pool, size_t demand_class)
{
    const struct fit_tree *tree = &pool->trees[demand_class];
    return tree->ranks ? tree->total_ranks >= pool->classes[demand_class].ranks : tree->level[pool->n_levels - 1][0] != 0;
}

uint32_t pool_first_fit(const struct pool *pool, size_t demand_class, uint32_t from)
{
    const struct fit_tree *tree = &pool->trees[demand_class];
    size_t at = from, l = 0;
    for (;; l++) {                               /* climb until a word has a bit at `at` or above */
        if (l == pool->n_levels || at / 64 >= pool->level_words[l])
            return POOL_NONE;
        uint64_t rest = tree->level[l][at / 64] & ~UINT64_C(0) << (at % 64);
        if (rest) {
            at = at / 64 * 64 + (size_t)bits_lowest(rest);
            break;
        }
        at = at / 64 + 1;
    }
    for (; l > 0; l--)                           /* and down to the first node below that bit */
        at = at * 64 + (size_t)bits_lowest(tree->level[l - 1][at]);
    return (uint32_t)at;
}

int pool_free_slots(const struct pool *pool, uint32_t node)
{
    return pool->nodes[node].slots;
}

int pool_free_gpus(const struct pool *pool, uint32_t node)
{
    return pool->nodes[node].gpus;
}

int64_t pool_free_memory(const struct pool *pool, uint32_t node)
{
    return pool->nodes[node].memory_mib;
}

const struct node_shape *pool_shape(const struct pool *pool, uint32_t node)
{
    return &pool->platform->shapes[pool->platform->shape_of[node]];
}

static uint32_t new_grant(struct pool *pool)
{
    uint32_t g = pool->free_grant;
    if (g != POOL_NONE) {
        pool->free_grant = pool->grants[g].next;
        return g;
    }
    if (pool->n_grants == pool->grant_room) {
        size_t room = 0;
        xgrow(&pool->grants, &pool->grant_room, pool->n_grants + 1, sizeof *pool->grants);
        xgrow(&pool->grant_slots, &room, pool->grant_room * pool->n_words, sizeof *pool->grant_slots);
    }
    return (uint32_t)pool->n_grants++;
}

static void take_slots(uint64_t *from, uint64_t *to, size_t n_words, int count)
{
    for (size_t w = 0; w < n_words; w++) {
        to[w] = 0;
        if (count == 0 || from[w] == 0)
            continue;
        to[w] = bits_lowest_run(from[w], count);
        if (to[w]) {
            count = 0;
        } else {
            int here = bits_count(from[w]);
            to[w] = here <= count ? from[w] : bits_lowest_k(from[w], count);
            count -= here <= count ? here : count;
        }
        from[w] &= ~to[w];
    }
    assert(count == 0);
}

static void take_share(struct pool *pool, uint32_t node, struct grant *grant, int32_t share)
{
    int g = shared_device(pool, node, share);
    int32_t *room = pool->gpu_room + (size_t)node * 64;
    if (room[g] == DEMAND_WHOLE_GPU) {
        pool->nodes[node].gpus--;
        pool->nodes[node].gpu_set &= ~(UINT64_C(1) << g);
    }
    room[g] -= share;
    grant->gpus = UINT64_C(1) << g;
    grant->gpu_share = share;
}

static void take_devices(struct pool *pool, uint32_t node, struct grant *grant, int count)
{
    struct node *n = &pool->nodes[node];
    grant->gpus = bits_lowest_k(n->gpu_set, count);
    n->gpu_set &= ~grant->gpus;
    n->gpus -= count;
    if (!pool->gpu_room)
        return;
    for (uint64_t left = grant->gpus; left; left &= left - 1)
        pool->gpu_room[(size_t)node * 64 + (size_t)bits_lowest(left)] = 0;
}

static uint32_t claim_part(struct pool *pool, uint32_t node, const struct slot_demand *d, uint32_t ranks, uint32_t after)
{
    uint32_t g = new_grant(pool);
    struct grant *grant = &pool->grants[g];
    struct node *n = &pool->nodes[node];
    *grant = (struct grant){ .node = node, .next = POOL_NONE, .slots = (int32_t)ranks * d->slots,
                             .memory_mib = (int64_t)ranks * d->memory_mib };
    take_slots(pool->slot_sets + node * pool->n_words, pool->grant_slots + g * pool->n_words, pool->n_words, grant->slots);
    n->slots -= grant->slots;
    n->memory_mib -= grant->memory_mib;
    if (d->gpu_share > 0)
        take_share(pool, node, grant, d->gpu_share);
    else if (d->gpus > 0)
        take_devices(pool, node, grant, (int)ranks * d->gpus);
    if (after != POOL_NONE)
        pool->grants[after].next = g;
    return g;
}

/* Ranks that share devices may lie on different ones: a part each. Returns the first part made, and the last in *last. */
uint32_t pool_claim(struct pool *pool, uint32_t node, size_t demand_class, uint32_t ranks, uint32_t *last)
{
    const struct slot_demand *d = &pool->classes[demand_class];
    uint32_t parts = d->gpu_share > 0 ? ranks : 1, after = *last, first = POOL_NONE;
    assert(ranks >= 1 && pool_fits(pool, node, demand_class));
    for (uint32_t i = 0; i < parts; i++) {
        after = claim_part(pool, node, d, ranks / parts, after);
        if (first == POOL_NONE)
            first = after;
    }
    *last = after;
    refresh(pool, node);
    return first;
}

static void give_back(struct pool *pool, uint32_t g)
{
    const struct grant *grant = &pool->grants[g];
    struct node *n = &pool->nodes[grant->node];
    uint64_t *set = pool->slot_sets + grant->node * pool->n_words;
    for (size_t w = 0; w < pool->n_words; w++)
        set[w] |= pool->grant_slots[g * pool->n_words + w];
    n->slots += grant->slots;
    n->memory_mib += grant->memory_mib;
    uint64_t devices = grant->gpus;
    for (uint64_t left = pool->gpu_room ? devices : 0; left; left &= left - 1) {
        int32_t *room = &pool->gpu_room[(size_t)grant->node * 64 + (size_t)bits_lowest(left)];
        *room += grant->gpu_share > 0 ? grant->gpu_share : DEMAND_WHOLE_GPU;
        if (*room < DEMAND_WHOLE_GPU)
            devices &= ~(left & (~left + 1));    /* others still share it */
    }
    n->gpu_set |= devices;
    n->gpus += bits_count(devices);
    refresh(pool, grant->node);
}

uint32_t pool_release_part(struct pool *pool, uint32_t g)
{
    uint32_t next = pool->grants[g].next;
    give_back(pool, g);
    pool->grants[g].next = pool->free_grant;
    pool->free_grant = g;
    return next;
}

void pool_release(struct pool *pool, uint32_t g)
{
    while (g != POOL_NONE)
        g = pool_release_part(pool, g);
}

void pool_drain(struct pool *pool, uint32_t node)
{
    pool->nodes[node].drained = true;
    refresh(pool, node);
}

struct grant_part pool_grant_part(const struct pool *pool, uint32_t g)
{
    const struct grant *grant = &pool->grants[g];
    return (struct grant_part){ .node = grant->node, .n_words = pool->n_words, .slots = pool->grant_slots + g * pool->n_words,
                                .gpus = grant->gpus, .gpu_share = grant->gpu_share, .n_slots = grant->slots,
                                .memory_mib = grant->memory_mib };
}

uint32_t pool_grant_next(const struct pool *pool, uint32_t g)
{
    return pool->grants[g].next;
}
