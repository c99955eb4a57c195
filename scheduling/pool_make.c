/* How a pool begins, is empty again, and ends. */
#include "scheduling/pool_impl.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/xalloc.h"

static bool any_shares(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].gpu_share > 0)
            return true;
    return false;
}

static bool all_take_slots(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].slots == 0)
            return false;
    return true;
}

static bool any_named(const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++)
        if (classes[c].has_named)
            return true;
    return false;
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

/* Nodes that are alike while they are free, of one pilot. */
static void fill_alike(struct pool *pool, uint32_t node, uint32_t n)
{
    memset(pool_node_at(pool, node), 0, pool->node_size);
    reset_node(pool, node);
    if (pool->named)
        pool_repeat(pool->named + (size_t)node * RESOURCES_MOST, n,
                    RESOURCES_MOST * sizeof *pool->named);
    if (pool->gpu_room)
        pool_repeat(pool->gpu_room + (size_t)node * NODE_MOST_GPUS, n,
                    NODE_MOST_GPUS * sizeof *pool->gpu_room);
    pool_refresh_alike(pool, node, n);
    pool->whole_slots += (int64_t)n * pool_node_at(pool, node)->slots;
    pool->whole_gpus += (int64_t)n * pool_node_at(pool, node)->gpus * DEMAND_WHOLE_GPU;
}

static void fill_pool(struct pool *pool)
{
    size_t alike_end = 0;
    for (size_t node = 0, end; node < pool->n_nodes; node = end) {
        size_t pilot_end = (node / pool->job_nodes + 1) * pool->job_nodes;
        if (node >= alike_end)
            alike_end = platform_alike_until(pool->platform, node);
        end = pilot_end < alike_end ? pilot_end : alike_end;
        fill_alike(pool, (uint32_t)node, (uint32_t)(end - node));
    }
    pool_reset(pool);
}

struct room pool_whole_room(const struct pool *pool)
{
    double memory_mib = 0;
    for (size_t node = 0, end; node < pool->n_nodes; node = end) {
        int64_t here = platform_node(pool->platform, node)->memory_mib;
        end = platform_alike_until(pool->platform, node);
        memory_mib += here > 0 ? (double)(end - node) * (double)here : INFINITY;
    }
    return (struct room){ { (double)pool->whole_slots, (double)pool->whole_gpus, memory_mib } };
}

void pool_reset(struct pool *pool)
{
    pool->n_grants = 0;
    pool->n_free_grants = 0;
    pool->drains = false;
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

/* A part of a task on one node, of its ids of slots. */
static size_t words_of_grant(size_t n_words, const struct slot_demand *classes, size_t n_classes)
{
    uint64_t most = 1;
    for (size_t c = 0; c < n_classes; c++) {
        uint64_t slots = (uint64_t)classes[c].ranks * (uint64_t)classes[c].slots;
        most = slots > most ? slots : most;
    }
    return n_words == 1 ? 1 : 1 + (most < n_words ? (size_t)most : n_words);
}

static void size_grants(struct pool *pool, size_t words)
{
    pool->grant_words = words;
    pool->gpus_at = pool->chains ? 2 : 0;
    pool->slots_at = pool->gpus_at + pool->holds_gpus;
    pool->grant_size = sizeof(struct grant) + (pool->slots_at + words) * sizeof(uint64_t);
}

static void plan_grants(struct pool *pool, const struct slot_demand *classes, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        pool->chains |= classes[c].ranks != 1;
        pool->holds_gpus |= classes[c].gpus > 0 || classes[c].gpu_share > 0;
    }
    size_grants(pool, words_of_grant(pool->n_words, classes, n));
}

void pool_claims_tasks(struct pool *pool)
{
    assert(!pool->grants);
    pool->chains = true;
    size_grants(pool, pool->n_words == 1 ? 1 : 1 + pool->n_words);
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
    plan_grants(pool, classes, n_classes);
    pool->node_size = sizeof(struct node) + pool->n_words * sizeof(uint64_t);
    pool->nodes = xmalloc_large(pool->n_nodes * pool->node_size);    /* fill_pool() writes all */
    pool->used = xcalloc(words_of(pool), sizeof *pool->used);
    if (any_shares(classes, n_classes))
        pool->gpu_room = xcalloc(pool->n_nodes * NODE_MOST_GPUS, sizeof *pool->gpu_room);
    if (any_named(classes, n_classes))
        pool->named = xcalloc(pool->n_nodes * RESOURCES_MOST, sizeof *pool->named);
    pool->classes = xmalloc_aligned(XALLOC_LINE, n_classes * sizeof *pool->classes);
    for (size_t c = 0; c < n_classes; c++)
        pool->classes[c] = (struct demand_class){
            .demand = classes[c], .plain = classes[c].ranks == 1 && pool_is_plain(&classes[c])
        };
    pool->tracks = pool_track_classes(pool);
    if (!pool->tracks) {
        pool->rooms = xcalloc(1, sizeof *pool->rooms);
        room_tree_init(pool->rooms, pool->n_nodes);
    }
    pool->all_take_slots = all_take_slots(classes, n_classes);
    pool->simple = pool->chains && pool->tracks && pool->n_words == 1 && !pool->gpu_room &&
                   !pool->named && pool_all_shapes_plain(pool);
    fill_pool(pool);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pool_clear_shapes(pool);
    if (pool->rooms)
        room_tree_clear(pool->rooms);
    free(pool->rooms);
    free(pool->classes);
    free(pool->nodes);
    free(pool->used);
    free(pool->gpu_room);
    free(pool->named);
    free(pool->grants);
    free(pool->free_grants);
    free(pool);
}

size_t pool_pilots(const struct pool *pool)
{
    return pool->pilots;
}

size_t pool_job_nodes(const struct pool *pool)
{
    return pool->job_nodes;
}

void pool_expect_class(const struct pool *pool, size_t demand_class)
{
    PREFETCH(&pool->classes[demand_class]);
}
