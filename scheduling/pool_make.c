#include "scheduling/pool_impl.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/xalloc.h"

/* Up to so many classes, each knows the nodes that fit it; a change of a node costs a comparison a
 * class. */
enum { MOST_TRACKED = 24 };

static bool any_shares(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].gpu_share > 0)
            return true;
    return false;
}

static bool any_named(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].has_named)
            return true;
    return false;
}

static void init_class(const struct pool *pool, struct demand_class *k, const struct slot_demand *d)
{
    *k = (struct demand_class){
        .demand = *d, .plain = d->ranks == 1 && d->gpu_share == 0 && !d->node && !d->has_named
    };
    if (!pool->tracks)
        return;
    k->one_fit = d->ranks == 1 && !d->has_named;
    node_set_init(&k->fits, pool->n_nodes);
    if (d->ranks == 1)
        return;
    k->ranks = xcalloc(pool->n_nodes, sizeof *k->ranks);
    k->job_ranks = xcalloc(pool->pilots, sizeof *k->job_ranks);
}

static size_t words_of(const struct pool *pool)
{
    return pool->n_nodes / 64 + 1;
}

static void reset_node(struct pool *pool, uint32_t node)
{
    const struct node_shape *shape = pool_shape(pool, node);
    struct node *n = pool_node_at(pool, node);
    uint64_t *set = n->slot_set;
    for (size_t w = 0; w < pool->n_words; w++) {
        int below = shape->n_slots - (int)(w * 64);
        set[w] = below >= 64 ? ~UINT64_C(0) : below > 0 ? (UINT64_C(1) << below) - 1 : 0;
    }
    for (size_t b = 0; b < shape->n_blocked; b++)
        set[shape->blocked[b] / 64] &= ~(UINT64_C(1) << (shape->blocked[b] % 64));
    n->slots = node_shape_usable(shape);
    n->gpus = shape->n_gpus;
    n->memory_mib = shape->memory_mib > 0 ? shape->memory_mib : INT64_MAX;
    n->gpu_set =
        shape->n_gpus >= NODE_MOST_GPUS ? ~UINT64_C(0) : (UINT64_C(1) << shape->n_gpus) - 1;
    n->drained = false;
    for (size_t i = 0; pool->named && i < RESOURCES_MOST; i++)
        pool->named[(size_t)node * RESOURCES_MOST + i] = shape->named[i];
    for (int g = 0; pool->gpu_room && g < shape->n_gpus; g++)
        pool->gpu_room[(size_t)node * NODE_MOST_GPUS + (size_t)g] = DEMAND_WHOLE_GPU;
}

static void fill_pool(struct pool *pool)
{
    for (uint32_t node = 0; node < pool->n_nodes; node++) {
        reset_node(pool, node);
        pool->whole_slots += pool_node_at(pool, node)->slots;
        pool->whole_gpus += (int64_t)pool_node_at(pool, node)->gpus * DEMAND_WHOLE_GPU;
        pool_refresh(pool, node);
    }
    pool_reset(pool);
}

void pool_reset(struct pool *pool)
{
    pool->n_grants = 0;
    pool->n_free_grants = 0;
    pool->all_slots = pool->whole_slots;
    pool->all_gpus = pool->whole_gpus;
    for (size_t i = 0; i < RESOURCES_MOST; i++)
        pool->machine[i] = platform_machine_amount(pool->platform, i);
    for (size_t w = 0; w < words_of(pool); w++)
        for (; pool->used[w]; pool->used[w] &= pool->used[w] - 1) {
            uint32_t node = (uint32_t)w * 64 + (uint32_t)bits_lowest(pool->used[w]);
            reset_node(pool, node);
            pool_refresh(pool, node);
        }
}

struct pool *pool_new(const struct platform *p, const struct slot_demand *classes, size_t n_classes)
{
    struct pool *pool = xcalloc(1, sizeof *pool);
    pool->platform = p;
    pool->n_nodes = p->n_nodes;
    pool->n_classes = n_classes;
    pool->pilots = platform_pilots(p);
    pool->job_nodes = platform_job_nodes(p);
    int most_slots = 1;
    for (size_t s = 0; s < p->n_shapes; s++)
        most_slots = p->shapes[s].n_slots > most_slots ? p->shapes[s].n_slots : most_slots;
    pool->n_words = ((size_t)most_slots + 63) / 64;
    pool->grant_size = sizeof(struct grant) + pool->n_words * sizeof(uint64_t);
    pool->node_size = sizeof(struct node) + pool->n_words * sizeof(uint64_t);
    pool->nodes = xcalloc(pool->n_nodes, pool->node_size);
    pool->used = xcalloc(words_of(pool), sizeof *pool->used);
    if (any_shares(classes, n_classes))
        pool->gpu_room = xcalloc(pool->n_nodes * NODE_MOST_GPUS, sizeof *pool->gpu_room);
    if (any_named(classes, n_classes))
        pool->named = xcalloc(pool->n_nodes * RESOURCES_MOST, sizeof *pool->named);
    pool->classes = xcalloc(n_classes, sizeof *pool->classes);
    pool->all_plain = true;
    pool->tracks = n_classes <= MOST_TRACKED;
    if (!pool->tracks)
        room_tree_init(&pool->rooms, pool->n_nodes);
    for (size_t c = 0; c < n_classes; c++) {
        init_class(pool, &pool->classes[c], &classes[c]);
        pool->all_plain &= pool->classes[c].plain;
    }
    fill_pool(pool);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    for (size_t c = 0; pool->tracks && c < pool->n_classes; c++) {
        node_set_clear(&pool->classes[c].fits);
        free(pool->classes[c].ranks);
        free(pool->classes[c].job_ranks);
    }
    room_tree_clear(&pool->rooms);
    free(pool->classes);
    free(pool->nodes);
    free(pool->used);
    free(pool->gpu_room);
    free(pool->named);
    free(pool->grants);
    free(pool->free_grants);
    free(pool);
}
