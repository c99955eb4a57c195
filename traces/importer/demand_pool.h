/* traces/importer/demand_pool.h - one copy of each demand that tasks have: of 10^6 tasks few differ
 * in what they ask for.
 *
 *     struct demand_pool pool = { 0 };
 *     const struct demand *shared = demand_pool_share(&pool, &demand);
 *
 * Equal demands are at one address, so that pointers tell whether two tasks ask for the same. */
#ifndef DAGCAST_TRACES_IMPORTER_DEMAND_POOL_H
#define DAGCAST_TRACES_IMPORTER_DEMAND_POOL_H

#include <stddef.h>

#include "base/arena.h"
#include "core/demand.h"

struct demand_pool {                     /* zeros: empty; private */
    struct arena copies;
    struct shared_demand *by_key;        /* a table of uthash */
    size_t n;
    const struct demand *last;           /* shared last: neighbours are mostly alike */
};

/* The pool's copy, which stays where it is until the pool is cleared. The demand has no texts: no
 * kind of node, no named resources. O(1) */
const struct demand *demand_pool_share(struct demand_pool *pool, const struct demand *d);
void demand_pool_clear(struct demand_pool *pool);        /* empty again */

#endif
