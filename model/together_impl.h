/* model/together_impl.h - the candidates, and the exact search among few of them. */
#ifndef DAGCAST_MODEL_TOGETHER_IMPL_H
#define DAGCAST_MODEL_TOGETHER_IMPL_H

#include "model/together.h"
#include "scheduling/pool.h"

/* slots, GPUs, memory; parts claimed and packings tried in one search, about a second */
enum { TOGETHER_RESOURCES = 3, TOGETHER_STEPS = 2000000 };

struct together_candidate {
    struct together_item item;
    /* of the whole item: slots, GPUs, memory, as shares of the platform's total */
    double need[TOGETHER_RESOURCES];
    double dominant;                             /* the largest of them */
    /* exact search: candidates that may run beside it, a bit each */
    uint32_t unordered;
    /* exact search: ranks that the empty platform holds of its demand */
    double held;
};
struct together_search {
    const struct platform *platform;
    const struct demand_classes *classes;
    struct pool *pool;
    struct together_candidate *candidates;
    size_t n;
    int by_need[TOGETHER_RESOURCES][TOGETHER_EXACT_SETS]; /* smallest first */
    double free[TOGETHER_RESOURCES];
    uint32_t chosen;
    /* undecided: how many sets a packing that first fit missed could hold at most */
    size_t count, best, undecided;
    /* of the chosen: since first fit missed the packing that there is */
    size_t not_in_pool;
    size_t steps;                                /* parts claimed and packings tried so far */
};

/* Packs one more item if all its tasks fit; else leaves the pool as it was and returns POOL_NONE.
 */
uint32_t together_pack(struct pool *pool, const struct together_item *item, size_t *steps);
/* Decides candidate i and those after it; `open` are those not ruled out. The candidates are
 * related and sorted by each need; the best is the most that is known. */
void together_search_from(struct together_search *s, size_t i, uint32_t open);

#endif
