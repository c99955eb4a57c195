#include "traces/importer/demand_pool.h"

#include <string.h>

#include <uthash.h>

enum { BLOCK_DEMANDS = 256, KEY_PARTS = 7 };

struct shared_demand {
    struct demand demand;
    int64_t key[KEY_PARTS];              /* the demand without texts, and without padding */
    UT_hash_handle hh;
};

static struct shared_demand *add(struct demand_pool *p, const struct demand *d, const int64_t *key)
{
    p->copies.block_bytes = BLOCK_DEMANDS * sizeof(struct shared_demand);
    struct shared_demand *s = arena_alloc(&p->copies, sizeof *s);
    s->demand = *d;
    memcpy(s->key, key, sizeof s->key);
    HASH_ADD(hh, p->by_key, key, sizeof s->key, s);
    p->n++;
    return s;
}

const struct demand *demand_pool_share(struct demand_pool *p, const struct demand *d)
{
    const int64_t key[KEY_PARTS] = { d->ranks,     d->cores,      d->threads, d->gpus,
                                     d->gpu_share, d->memory_mib, d->one_node };
    struct shared_demand *s;
    if (p->last && demand_equal(p->last, d))
        return p->last;
    HASH_FIND(hh, p->by_key, key, sizeof key, s);
    s = s ? s : add(p, d, key);
    return p->last = &s->demand;
}

void demand_pool_clear(struct demand_pool *p)
{
    HASH_CLEAR(hh, p->by_key);
    arena_clear(&p->copies);
    *p = (struct demand_pool){ 0 };
}
