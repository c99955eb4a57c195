/* Nodes one behind the other on which the same is free: what a task takes of them, in one. */
#include <string.h>

#include "scheduling/pool_impl.h"

/* What is free on a node is what its struct says, unused bytes of which are 0 in all. */
static inline bool are_alike(const struct pool *pool, uint32_t node, uint32_t other)
{
    enum { ONE_WORD = sizeof(struct node) + sizeof(uint64_t) };
    const void *a = pool_node_at(pool, node), *b = pool_node_at(pool, other);
    bool same = pool->n_words == 1 ? memcmp(a, b, ONE_WORD) == 0
                                   : memcmp(a, b, pool->node_size) == 0;
    return same && pool->platform->shape_of[node] == pool->platform->shape_of[other];
}

bool pool_are_alike(const struct pool *pool, uint32_t a, uint32_t b)
{
    return !pool->gpu_room && !pool->named && are_alike(pool, a, b);
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
    if (walk->left > 0) {
        part->node++;
    } else if (walk->grant != POOL_NONE) {
        *part = pool_grant_part(pool, walk->grant);
        walk->left = part->n_nodes;
        part->n_nodes = 1;
    } else {
        return false;
    }
    if (--walk->left == 0)
        walk->grant = pool_grant_next(pool, walk->grant);
    return true;
}

void pool_repeat(void *at, size_t n, size_t size)
{
    for (size_t done = 1, more; done < n; done += more) {
        more = done < n - done ? done : n - done;
        memcpy((char *)at + done * size, at, more * size);
    }
}

uint32_t pool_grant_nodes(const struct pool *pool, uint32_t g)
{
    return pool_part_nodes(pool, pool_grant_at(pool, g));
}
