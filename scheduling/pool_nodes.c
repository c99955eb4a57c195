/* What is free on each node: slots, devices, memory, and the most of these; and named resources, of
 * which the machine has some too (most workflows ask for none). */
#include "base/compiler.h"
#include "base/number.h"
#include "scheduling/pool_impl.h"

size_t pool_nodes(const struct pool *pool)
{
    return pool->n_nodes;
}

int pool_free_slots(const struct pool *pool, uint32_t node)
{
    return pool_node_at(pool, node)->slots;
}

int pool_free_gpus(const struct pool *pool, uint32_t node)
{
    return pool_node_at(pool, node)->gpus;
}

int64_t pool_free_memory(const struct pool *pool, uint32_t node)
{
    return pool_node_at(pool, node)->memory_mib;
}

bool pool_shares_devices(const struct pool *pool)
{
    return pool->gpu_room != NULL;
}

int32_t pool_device_room(const struct pool *pool, uint32_t node, int gpu)
{
    if (gpu >= pool_shape(pool, node)->n_gpus)
        return 0;
    if (pool->gpu_room)
        return pool->gpu_room[(size_t)node * NODE_MOST_GPUS + (size_t)gpu];
    return pool_node_at(pool, node)->gpu_set >> gpu & 1 ? DEMAND_WHOLE_GPU : 0;
}

bool pool_is_drained(const struct pool *pool, uint32_t node)
{
    return pool_node_at(pool, node)->drained;
}

struct room pool_room(const struct pool *pool, uint32_t node)
{
    const struct node *n = pool_node_at(pool, node);
    double gpus = (double)n->gpus * DEMAND_WHOLE_GPU;
    if (n->drained)
        return (struct room){ { -1, -1, -1 } };
    for (int g = 0; n->gpus == 0 && pool->gpu_room && g < pool_shape(pool, node)->n_gpus; g++) {
        int32_t room = pool->gpu_room[(size_t)node * NODE_MOST_GPUS + (size_t)g];
        gpus = room > gpus ? room : gpus;
    }
    return (struct room){ { n->slots, gpus, (double)n->memory_mib } };
}

struct room pool_most_room(const struct pool *pool)
{
    struct room most = pool->tracks ? pool_room(pool, 0) : room_tree_most(pool->rooms);
    for (uint32_t n = 1; pool->tracks && n < pool->n_nodes; n++) {
        struct room room = pool_room(pool, n);
        for (int d = 0; d < ROOM_DIMENSIONS; d++)
            most.of[d] = room.of[d] > most.of[d] ? room.of[d] : most.of[d];
    }
    return most;
}

int64_t pool_ranks_by_named(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    int64_t ranks = INT64_MAX;
    for (size_t i = 0; d->has_named && i < RESOURCES_MOST; i++)
        if (d->named[i] > 0) {
            ranks = at_most(ranks, pool->named[(size_t)node * RESOURCES_MOST + i] / d->named[i]);
            ranks = at_most(ranks, pool->machine[i] / d->named[i]);
        }
    return ranks;
}

RARE int64_t pool_named_ranks(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const int64_t *free = pool->named + (size_t)node * RESOURCES_MOST;
    int64_t ranks = INT64_MAX;
    for (size_t i = 0; i < RESOURCES_MOST; i++)
        if (d->named[i] > 0)
            ranks = at_most(ranks, free[i] / d->named[i]);
    return ranks;
}

RARE bool pool_machine_has(const struct pool *pool, const struct slot_demand *d)
{
    for (size_t i = 0; i < RESOURCES_MOST; i++)
        if (d->named[i] > 0 && pool->machine[i] / d->named[i] < d->ranks)
            return false;
    return true;
}

RARE void pool_take_named(struct pool *pool, uint32_t node, const struct slot_demand *d,
                          int64_t ranks)
{
    int64_t *free = pool->named + (size_t)node * RESOURCES_MOST;
    for (size_t i = 0; i < RESOURCES_MOST; i++) {
        free[i] -= free[i] < INT64_MAX ? ranks * d->named[i] : 0;
        pool->machine[i] -= pool->machine[i] < INT64_MAX ? ranks * d->named[i] : 0;
    }
}
