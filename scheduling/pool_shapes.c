/* Shapes of ranks: classes that differ in the number of ranks alone share one. While they are few,
 * the pool tracks which nodes fit each (struct rank_shape). */
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/pool_impl.h"

bool pool_is_plain(const struct slot_demand *d)
{
    return d->gpu_share == 0 && !d->node && !d->has_named &&
           d->memory_mib < WORD_MOST_MEMORY_MIB / d->ranks;
}

static bool on_one_node(const struct slot_demand *d)
{
    return d->ranks == 1 || d->one_node;
}

/* Finds the shape of the class's ranks, or makes one; NULL: it would be one too many. */
static struct rank_shape *shape_of(struct pool *pool, size_t c)
{
    struct slot_demand key = pool->classes[c].demand;
    key.ranks = on_one_node(&key) ? key.ranks : 1;
    key.one_node = key.ranks > 1;
    for (size_t i = 0; i < pool->n_shapes; i++)
        if (slot_demand_equal(&pool->shapes[i].demand, &key))
            return &pool->shapes[i];
    if (pool->n_shapes == POOL_MOST_SHAPES)
        return NULL;
    size_t i = pool->n_shapes++;
    struct rank_shape *s = &pool->shapes[i];
    *s = (struct rank_shape){ .demand = key,
                              .first_class = c,
                              .plain = pool_is_plain(&key) };
    if (s->plain)
        pool->needs[i] = pool_word((int64_t)key.ranks * key.slots, (int64_t)key.ranks * key.gpus,
                                   key.ranks * key.memory_mib);
    pool->plain_shapes |= (uint32_t)s->plain << i;
    node_set_init(&s->fits, pool->n_nodes);
    return s;
}

void pool_clear_shapes(struct pool *pool)
{
    for (size_t i = 0; i < pool->n_shapes; i++) {
        node_set_clear(&pool->shapes[i].fits);
        free(pool->shapes[i].ranks);
        free(pool->shapes[i].job_ranks);
    }
    free(pool->shapes);
    pool->shapes = NULL;
    pool->n_shapes = 0;
    pool->plain_shapes = 0;
}

static void count_ranks_of(struct pool *pool, struct rank_shape *s)
{
    if (s->ranks)
        return;
    s->ranks = xcalloc(pool->n_nodes, sizeof *s->ranks);
    s->job_ranks = xcalloc(pool->pilots, sizeof *s->job_ranks);
    pool->all_plain = false;
}

static bool track_class(struct pool *pool, size_t c)
{
    struct demand_class *k = &pool->classes[c];
    if (!(k->shape = shape_of(pool, c)))
        return false;
    k->one_fit = on_one_node(&k->demand) && !k->demand.has_named;
    pool->all_plain &= k->shape->plain;
    if (!on_one_node(&k->demand))
        count_ranks_of(pool, k->shape);
    return true;
}

bool pool_track_classes(struct pool *pool)
{
    size_t c = 0;
    pool->all_plain = true;
    pool->shapes = xcalloc(POOL_MOST_SHAPES, sizeof *pool->shapes);
    while (c < pool->n_classes && track_class(pool, c))
        c++;
    if (c == pool->n_classes)
        return true;
    for (c = 0; c < pool->n_classes; c++) {
        pool->classes[c].shape = NULL;
        pool->classes[c].one_fit = false;
    }
    pool_clear_shapes(pool);
    return false;
}

bool pool_all_shapes_plain(const struct pool *pool)
{
    uint32_t all = pool->n_shapes < 32 ? (UINT32_C(1) << pool->n_shapes) - 1 : UINT32_MAX;
    return pool->plain_shapes == all;
}
