/* scheduling/pool_impl.h - what the parts of a pool share: what fits where (pool.c), what is free
 * on each node (pool_nodes.c); how it begins, ends and is empty again (pool_make.c, pool_shapes.c);
 * who gets what (pool_claim.c, pool_rows.c) and holds it (pool_grants.c). */
#ifndef DAGCAST_SCHEDULING_POOL_IMPL_H
#define DAGCAST_SCHEDULING_POOL_IMPL_H

#include "base/xalloc.h"
#include "scheduling/node_set.h"
#include "scheduling/pool.h"
#include "scheduling/room_tree.h"

/* Up to so many shapes of ranks, each knows the nodes that fit it; a change of a node costs a
 * comparison a shape. */
enum { POOL_MOST_SHAPES = 24, CLASS_BYTES = 2 * XALLOC_LINE };

struct node {
    /* free; gpus counts devices that are wholly free */
    int32_t slots, gpus;
    int64_t memory_mib;
    uint64_t gpu_set;                            /* ids of those devices */
    uint32_t fits;                               /* plain shapes that do: a bit each */
    bool drained;
    uint64_t slot_set[];                         /* free slots: n_words of the pool */
};

/* One rank, or all that share a node, of the classes that differ in the number of ranks alone;
 * where they are tracked. */
struct rank_shape {
    struct slot_demand demand;                   /* ranks is 1 unless they share a node */
    size_t first_class;                          /* the lowest of them */
    /* Whole devices, any node, nothing named: a comparison of words tells whether it fits */
    bool plain;
    struct node_set fits;                        /* nodes that hold it */
    /* if a class has several ranks over nodes: how many fit, node by node; else NULL */
    uint32_t *ranks;
    int64_t *job_ranks; /* the same: their sum over the nodes of each pilot */
};

/* Looked up at random among very many: all but amounts of what is named lies in one cache line. */
struct demand_class {
    struct rank_shape *shape;                    /* NULL: not tracked */
    bool plain;                                  /* one rank, of a plain shape */
    /* Tracked, on one node, nothing named: it may start as soon as one node is in `fits` */
    bool one_fit;
    struct slot_demand demand;
    char rest[CLASS_BYTES - sizeof(struct slot_demand) - 2 * sizeof(void *)];
};
_Static_assert(sizeof(struct demand_class) == CLASS_BYTES &&
                   offsetof(struct demand_class, demand.named) <= XALLOC_LINE,
               "a class begins a cache line, which has all that is hot");

/* A part holds what some class of the pool needs. */
struct grant {
    uint32_t node, demand_class;
    /* If a class has several ranks: the next part of the same task, and ranks << 32; and the number
     * of nodes from `node` on, each of which gives the same for as many ranks. If a class
     * wants GPUs: their ids. Ids of slots. Where nodes have one word of them: that word. Else a bit
     * for each word in which it has some, and those words: of the many of a wide node a small task
     * needs one. */
    uint64_t words[];
};
_Static_assert(NODE_MOST_SLOTS <= 64 * 64, "a word has a bit for each word of a node's slots");

/* Many members: indices of the same nodes, kept beside each other for speed. */
struct pool {
    const struct platform *platform;
    size_t n_nodes, n_classes, n_words;
    size_t pilots, job_nodes; /* a task lies within the job_nodes of one pilot */
    bool totals;                                 /* keeps the sums over all nodes: */
    int64_t all_slots, all_gpus;                 /* free; GPUs in millionths */
    int64_t whole_slots, whole_gpus;             /* the same of an empty pool */
    uint64_t *used;                              /* nodes that a reset must make free: a bit each */
    bool tracks, all_plain;                      /* all_plain: and no ranks to count */
    /* Plain shapes, one word of slots: what a node has is its struct, rows are quick */
    bool simple;
    bool all_take_slots, drains;                 /* drains: a node was drained once */
    size_t n_shapes;                             /* of ranks; 0 where they are not tracked */
    struct rank_shape *shapes;
    /* What each needs of a node, as one word (pool_shapes.c); plain_shapes: a bit each */
    uint64_t needs[POOL_MOST_SHAPES];
    uint32_t plain_shapes;
    uint32_t held_shapes;                        /* that fit some node; a bit each */
    struct room_tree *rooms;                     /* where classes are not tracked, else NULL */
    struct demand_class *classes;
    void *nodes;                                 /* node_size bytes each */
    size_t node_size;
    int32_t *gpu_room; /* node * NODE_MOST_GPUS + gpu, millionths; NULL while no
                          class shares devices */
    int64_t *named; /* node * RESOURCES_MOST + resource: free; NULL while no class asks
                       for any */
    int64_t machine[RESOURCES_MOST];             /* free of what the machine has */
    void *grants;                                /* grant_size bytes each */
    size_t grant_words, grant_size, n_grants, grant_room;        /* words: of slots */
    bool chains, holds_gpus;                     /* grants have a word of next and ranks, of GPUs */
    size_t gpus_at, slots_at;                    /* in the words of a grant */
    /* the last freed last: apart from the grants, since those are out of the cache */
    uint32_t *free_grants;
    size_t n_free_grants, free_grant_room;
};

static inline struct grant *pool_grant_at(const struct pool *pool, uint32_t g)
{
    void *at = (char *)pool->grants + g * pool->grant_size;
    return at;
}

static inline struct node *pool_node_at(const struct pool *pool, uint32_t node)
{
    void *at = (char *)pool->nodes + node * pool->node_size;
    return at;
}

static inline const struct slot_demand *pool_demand_of(const struct pool *pool,
                                                       const struct grant *grant)
{
    return &pool->classes[grant->demand_class].demand;
}

/* Slots, whole GPUs and MiB side by side in one word, each below a guard bit: a need fits into a
 * room if no guard is lost as it is subtracted. */
enum { WORD_GPUS_AT = 14, WORD_MEMORY_AT = 22 };
static const int64_t WORD_MOST_SLOTS = (1 << 13) - 1, WORD_MOST_GPUS = (1 << 7) - 1,
                     WORD_MOST_MEMORY_MIB = (INT64_C(1) << 41) - 1;
static const uint64_t WORD_GUARDS = UINT64_C(1) << 13 | UINT64_C(1) << 21 | UINT64_C(1) << 63;
_Static_assert(NODE_MOST_SLOTS < (1 << 13) - 1 && NODE_MOST_GPUS < (1 << 7) - 1,
               "no node has room for what is cut off");

static inline uint64_t pool_word(int64_t slots, int64_t gpus, int64_t memory_mib)
{
    slots = slots < WORD_MOST_SLOTS ? slots : WORD_MOST_SLOTS;
    gpus = gpus < WORD_MOST_GPUS ? gpus : WORD_MOST_GPUS;
    memory_mib = memory_mib < WORD_MOST_MEMORY_MIB ? memory_mib : WORD_MOST_MEMORY_MIB;
    return (uint64_t)slots | (uint64_t)gpus << WORD_GPUS_AT |
           (uint64_t)memory_mib << WORD_MEMORY_AT;
}

static inline uint32_t pool_next_part(const struct pool *pool, const struct grant *grant)
{
    return pool->chains ? (uint32_t)grant->words[0] : POOL_NONE;
}

static inline uint32_t pool_part_ranks(const struct pool *pool, const struct grant *grant)
{
    return pool->chains ? (uint32_t)(grant->words[0] >> 32) : 1;
}

static inline uint32_t pool_part_nodes(const struct pool *pool, const struct grant *grant)
{
    return pool->chains ? (uint32_t)grant->words[1] : 1;
}

uint32_t pool_one_more_grant(struct pool *pool);
static inline uint32_t pool_new_grant(struct pool *pool)
{
    return pool->n_free_grants > 0 ? pool->free_grants[--pool->n_free_grants]
                                   : pool_one_more_grant(pool);
}

static inline void pool_forget_grant(struct pool *pool, uint32_t g)
{
    if (pool->n_free_grants == pool->free_grant_room)
        xgrow(&pool->free_grants, &pool->free_grant_room, pool->n_free_grants + 1,
              sizeof *pool->free_grants);
    pool->free_grants[pool->n_free_grants++] = g;
}

/* The lowest `count` of the word, or all that there are. */
uint64_t pool_lowest_scattered(uint64_t word, int count);
static inline uint64_t pool_lowest_of(uint64_t word, int count)
{
    uint64_t run = count > 0 && word != 0 ? bits_lowest_run(word, count) : 0;
    return run || count == 0 ? run : pool_lowest_scattered(word, count);
}

void pool_add_to_totals(struct pool *pool, const struct slot_demand *d, int64_t ranks);
/* The plain shapes for which the node has room: a bit each. */
static inline uint32_t pool_plain_that_fit(const struct pool *pool, const struct node *n)
{
    uint32_t fit = 0;
    uint64_t room = pool_word(n->slots, n->gpus, n->memory_mib) | WORD_GUARDS;
    for (size_t i = pool->n_shapes; i-- > 0;)
        fit = 2 * fit + ((~(room - pool->needs[i]) & WORD_GUARDS) == 0);
    return n->drained ? 0 : fit & pool->plain_shapes;
}

static inline void pool_note_used(struct pool *pool, uint32_t node)
{
    pool->used[node / 64] |= UINT64_C(1) << node % 64;
}

/* n nodes fit the shape's ranks now, or no longer. */
static inline void pool_flip(struct pool *pool, size_t shape, uint32_t node, uint32_t n)
{
    struct node_set *fits = &pool->shapes[shape].fits;
    uint32_t bit = UINT32_C(1) << shape;
    node_set_flip_row(fits, node, n);
    pool->held_shapes =
        node_set_is_empty(fits) ? pool->held_shapes & ~bit : pool->held_shapes | bit;
}

/* After any change of a node: what fits there now, class by class. */
void pool_refresh(struct pool *pool, uint32_t node);
/* The same of n nodes of one pilot from `node` on, which were alike before it was changed: they
 * become like it. */
void pool_refresh_alike(struct pool *pool, uint32_t node, uint32_t n);
/* The element at `at` once more behind itself, until there are n. */
void pool_repeat(void *at, size_t n, size_t size);
/* The lowest device with room for the share, or -1. */
int pool_shared_device(const struct pool *pool, uint32_t node, int32_t share);
/* The first node from `from` on that fits, where classes are not tracked; POOL_NONE. */
uint32_t pool_search_rooms(const struct pool *pool, const struct slot_demand *d, uint32_t from);

/* pool_nodes.c */
/* Ranks for which the node alone has enough free of the named resources. */
int64_t pool_named_ranks(const struct pool *pool, uint32_t node, const struct slot_demand *d);
/* Whether the machine has enough left for one task. */
bool pool_machine_has(const struct pool *pool, const struct slot_demand *d);
/* Takes the named resources of so many ranks, or, if negative, gives them back. */
void pool_take_named(struct pool *pool, uint32_t node, const struct slot_demand *d, int64_t ranks);

/* pool_shapes.c */
/* A comparison of numbers tells whether a rank fits: whole devices, any node, nothing named. */
bool pool_is_plain(const struct slot_demand *d);
bool pool_all_shapes_plain(const struct pool *pool);
/* Finds each class its shape. False: there are too many, and none is tracked. */
bool pool_track_classes(struct pool *pool);
void pool_clear_shapes(struct pool *pool);

#endif
