/* Nodes one behind the other on which the same is free: what a task takes of them, in one. */
#include "scheduling/pool_impl.h"

static bool are_alike(const struct pool *pool, uint32_t node, uint32_t other)
{
    const struct node *a = pool_node_at(pool, node), *b = pool_node_at(pool, other);
    bool alike = (a->slots == b->slots) & (a->gpus == b->gpus) & (a->memory_mib == b->memory_mib) &
                 (a->gpu_set == b->gpu_set) & (a->drained == b->drained) &
                 (pool->platform->shape_of[node] == pool->platform->shape_of[other]);
    for (size_t w = 0; w < pool->n_words && alike; w++)
        alike = a->slot_set[w] == b->slot_set[w];
    return alike;
}

/* Where devices are shared or resources have names, a node has more than is compared. */
uint32_t pool_alike(const struct pool *pool, uint32_t node, uint32_t most)
{
    uint32_t n = 1, left = (uint32_t)(pool->job_nodes - node % pool->job_nodes);
    if (pool->gpu_room || pool->named)
        return 1;
    most = most < left ? most : left;
    while (n < most && are_alike(pool, node, node + n))
        n++;
    return n;
}

uint32_t pool_claim_ranks(struct pool *pool, size_t demand_class, const struct pool_ranks *at,
                          size_t n)
{
    uint32_t first = POOL_NONE, last = POOL_NONE;
    for (size_t i = 0, alike; i < n; i += alike) {
        uint32_t node = at[i].node, ranks = at[i].ranks;
        for (alike = 1; i + alike < n; alike++)
            if (at[i + alike].node != node + alike || at[i + alike].ranks != ranks)
                break;
        alike = pool_alike(pool, node, (uint32_t)alike);
        uint32_t part = pool_claim_alike(pool, node, (uint32_t)alike, demand_class, ranks, &last);
        first = first == POOL_NONE ? part : first;
    }
    return first;
}

bool pool_next_node(const struct pool *pool, struct grant_walk *walk, struct grant_part *part)
{
    if (walk->grant == POOL_NONE)
        return false;
    *part = pool_grant_part(pool, walk->grant);
    part->node += walk->done;
    if (++walk->done == part->n_nodes)
        *walk = (struct grant_walk){ pool_grant_next(pool, walk->grant), 0 };
    part->n_nodes = 1;
    return true;
}
