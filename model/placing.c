#include "model/placing.h"

#include "base/number.h"

/* Ranks that go to one node together or not at all. */
static uint32_t indivisible(const struct slot_demand *d)
{
    return d->one_node ? (uint32_t)d->ranks : 1;
}

/* How many of `want` ranks a node that fits takes in one claim. Shares of a GPU are claimed unit by
 * unit: which device has room is the pool's affair. */
static uint32_t ranks_here(const struct pool *pool, uint32_t node, const struct slot_demand *d,
                           size_t want)
{
    int64_t ranks = at_most((int64_t)want, INT32_MAX);
    ranks = at_most(ranks, pool_ranks_by_named(pool, node, d));
    if (d->gpu_share > 0)
        return ranks < indivisible(d) ? 0 : indivisible(d);
    if (d->slots > 0)
        ranks = at_most(ranks, pool_free_slots(pool, node) / d->slots);
    if (d->gpus > 0)
        ranks = at_most(ranks, pool_free_gpus(pool, node) / d->gpus);
    if (d->memory_mib > 0)
        ranks = at_most(ranks, pool_free_memory(pool, node) / d->memory_mib);
    return (uint32_t)ranks / indivisible(d) * indivisible(d);
}

static size_t put_ranks(struct pool *pool, size_t demand_class, size_t want, struct placed *chain,
                        uint32_t *last)
{
    const struct slot_demand *d = pool_class(pool, demand_class);
    size_t put = 0;
    uint32_t node = pool_first_fit(pool, demand_class, 0);
    while (put < want && node != POOL_NONE) {
        uint32_t ranks = ranks_here(pool, node, d, want - put);
        if (ranks == 0)
            break;                       /* the machine has no more of a named resource */
        uint32_t part = pool_claim(pool, node, demand_class, ranks, last);
        if (chain->grant == POOL_NONE)
            chain->grant = part;
        chain->parts++;
        put += ranks;
        node = pool_first_fit(pool, demand_class, node);
    }
    return put;
}

struct placed placing_put(struct pool *pool, size_t demand_class, size_t tasks)
{
    const struct slot_demand *d = pool_class(pool, demand_class);
    size_t ranks = (size_t)d->ranks;
    struct placed placed = { .grant = POOL_NONE };
    uint32_t last = POOL_NONE;
    if (ranks == indivisible(d))
        placed.tasks = put_ranks(pool, demand_class, tasks * ranks, &placed, &last) / ranks;
    for (; ranks != indivisible(d) && placed.tasks < tasks && pool_holds_task(pool, demand_class);
         placed.tasks++)
        put_ranks(pool, demand_class, ranks, &placed, &last);
    return placed;
}
