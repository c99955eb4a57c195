#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/dist_impl.h"

/* Of those with one hash the last is kept: few distributions are all that most workflows have. */
enum { PLACES = 1 << 12 };
struct dist_pool { struct dist *at[PLACES]; };

struct dist_pool *dist_pool_new(void)
{
    return xcalloc(1, sizeof(struct dist_pool));
}

void dist_pool_free(struct dist_pool *pool)
{
    for (size_t i = 0; pool && i < PLACES; i++)
        dist_free(pool->at[i]);
    free(pool);
}

static uint64_t mix(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;            /* round numbers differ in their high bits alone */
}

static size_t place_of(const struct dist *d)
{
    uint64_t hash = mix(mix(str_hash(d->family->schema.name), d->scale), d->shift);
    hash = mix(mix(hash, d->mean), d->sd);
    return (size_t)hash % PLACES;
}

/* What lies behind pointers is not looked at: such families are never equal. */
static bool equal(const struct dist *a, const struct dist *b)
{
    return a->family == b->family && a->ops == b->ops && a->size == b->size && !a->family->copy &&
           a->scale == b->scale && a->shift == b->shift && a->mean == b->mean && a->sd == b->sd &&
           memcmp(a + 1, b + 1, a->size - sizeof *a) == 0;
}

struct dist *dist_pool_share(struct dist_pool *pool, struct dist *d)
{
    struct dist **at = &pool->at[place_of(d)];
    if (*at == d)
        return d;
    if (*at && equal(*at, d)) {
        dist_free(d);
        return dist_copy(*at);
    }
    dist_free(*at);
    *at = dist_copy(d);
    return d;
}
