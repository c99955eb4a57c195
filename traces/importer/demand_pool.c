#include "traces/importer/demand_pool.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum { BLOCK_DEMANDS = 256, FIRST_SIZE = 64 };

static size_t hash_of(const struct demand *d)
{
    const int64_t parts[] = { d->ranks,     d->cores,      d->threads, d->gpus,
                              d->gpu_share, d->memory_mib, d->one_node };
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        hash = (hash ^ (uint64_t)parts[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (size_t)hash;
}

/* Where the demand is, or the empty slot where it belongs. */
static const struct demand **slot_of(const struct demand_pool *p, const struct demand *d)
{
    size_t i = hash_of(d) & (p->size - 1);
    while (p->slots[i] && !demand_equal(p->slots[i], d))
        i = (i + 1) & (p->size - 1);
    return &p->slots[i];
}

static void grow(struct demand_pool *p)
{
    const struct demand **old = p->slots;
    size_t n_old = p->size;
    p->size = n_old ? 2 * n_old : FIRST_SIZE;
    p->slots = xcalloc(p->size, sizeof *p->slots);
    for (size_t i = 0; i < n_old; i++)
        if (old[i])
            *slot_of(p, old[i]) = old[i];
    free(old);
}

static const struct demand *copy_of(struct demand_pool *p, const struct demand *d)
{
    p->copies.block_bytes = BLOCK_DEMANDS * sizeof *d;
    struct demand *copy = arena_alloc(&p->copies, sizeof *copy);
    *copy = *d;
    p->n++;
    return copy;
}

const struct demand *demand_pool_share(struct demand_pool *p, const struct demand *d)
{
    if (p->last && demand_equal(p->last, d))
        return p->last;
    if (2 * (p->n + 1) > p->size)
        grow(p);
    const struct demand **slot = slot_of(p, d);
    *slot = *slot ? *slot : copy_of(p, d);
    return p->last = *slot;
}

void demand_pool_clear(struct demand_pool *p)
{
    arena_clear(&p->copies);
    free(p->slots);
    *p = (struct demand_pool){ 0 };
}
