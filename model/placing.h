/* model/placing.h - many tasks of one demand at once onto a pool, first fit: what the empty (or
 * partly taken) platform holds. */
#ifndef DAGCAST_MODEL_PLACING_H
#define DAGCAST_MODEL_PLACING_H

#include <stddef.h>
#include <stdint.h>

#include "scheduling/pool.h"

struct placed {
    size_t tasks;                        /* placed, all their ranks */
    /* one chain for all of them, to be given to pool_release(); POOL_NONE when none was placed */
    uint32_t grant;
    size_t parts;                        /* of the chain: what it cost */
};
/* As many of `tasks` tasks as fit, node by node from the first, the ranks of one task on as many
 * nodes as it takes. The pool is one of pool_claims_tasks(). */
struct placed placing_put(struct pool *pool, size_t demand_class, size_t tasks);

#endif
