#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/dist_impl.h"

/* A table with linear probing. It grows with those that differ, up to MOST_PLACES; half full then,
 * it begins anew. */
enum { FIRST_PLACES = 1 << 6, MOST_PLACES = 1 << 18 };
struct dist_pool {
    struct dist **at;
    size_t n, places;                    /* a power of two, at least 2 n */
};

struct dist_pool *dist_pool_new(void)
{
    struct dist_pool *pool = xcalloc(1, sizeof *pool);
    pool->places = FIRST_PLACES;
    pool->at = xcalloc(pool->places, sizeof(struct dist *));
    return pool;
}

static void forget(struct dist_pool *pool)
{
    for (size_t i = 0; i < pool->places; i++) {
        dist_free(pool->at[i]);
        pool->at[i] = NULL;
    }
    pool->n = 0;
}

void dist_pool_free(struct dist_pool *pool)
{
    if (!pool)
        return;
    forget(pool);
    xfree(pool->at, pool);
}

static uint64_t mix(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;            /* round numbers differ in their high bits alone */
}

static size_t hash_of(const struct dist *d)
{
    uint64_t hash = mix(mix(str_hash(d->family->schema.name), d->scale), d->shift);
    return (size_t)mix(mix(hash, d->mean), d->sd);
}

/* What lies behind pointers is not looked at: such families are never equal. */
static bool equal(const struct dist *a, const struct dist *b)
{
    return a->family == b->family && a->ops == b->ops && a->size == b->size && !a->family->copy &&
           a->scale == b->scale && a->shift == b->shift && a->mean == b->mean && a->sd == b->sd &&
           memcmp(a + 1, b + 1, a->size - sizeof *a) == 0;
}

static void grow(struct dist_pool *pool)
{
    struct dist_pool larger = { .n = pool->n, .places = 2 * pool->places };
    larger.at = xcalloc(larger.places, sizeof(struct dist *));
    for (size_t i = 0; i < pool->places; i++) {
        if (!pool->at[i])
            continue;
        size_t at = hash_of(pool->at[i]) & (larger.places - 1);
        while (larger.at[at])
            at = (at + 1) & (larger.places - 1);
        larger.at[at] = pool->at[i];
    }
    free(pool->at);
    *pool = larger;
}

/* Where it or an equal one is, or an empty place. */
static struct dist **place_of(const struct dist_pool *pool, const struct dist *d)
{
    size_t i = hash_of(d) & (pool->places - 1);
    while (pool->at[i] && pool->at[i] != d && !equal(pool->at[i], d))
        i = (i + 1) & (pool->places - 1);
    return &pool->at[i];
}

struct dist *dist_pool_share(struct dist_pool *pool, struct dist *d)
{
    if (d->family->copy)                 /* it would fill the pool and be found by nobody */
        return d;
    struct dist **at = place_of(pool, d);
    if (*at == d)
        return d;
    if (*at) {
        dist_free(d);
        return dist_copy(*at);
    }
    if (2 * (pool->n + 1) > pool->places) {
        (pool->places < MOST_PLACES ? grow : forget)(pool);
        at = place_of(pool, d);
    }
    pool->n++;
    *at = dist_copy(d);
    return d;
}
