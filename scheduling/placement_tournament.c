/* The tournaments of placements with a score: the best node of each class, kept up to date as nodes
 * change. */
#include <math.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "scheduling/placement_impl.h"

/* One for each class that others are like. */
void placement_make_tournaments(struct placement *pl)
{
    size_t n_classes = pool_classes(pl->pool);
    pl->tournaments = xcalloc(n_classes, sizeof *pl->tournaments);
    pl->of_class = xcalloc(n_classes, sizeof *pl->of_class);
    for (size_t c = 0; c < n_classes; c++) {
        size_t like = pool_like(pl->pool, c);
        pl->of_class[c] = like == c ? pl->n_tournaments : pl->of_class[like];
        if (like != c)
            continue;
        struct tournament *t = &pl->tournaments[pl->n_tournaments++];
        t->demand_class = c;
        t->winner = xcalloc(2 * pl->n_leaves, sizeof *t->winner);
        t->score = xcalloc(pool_nodes(pl->pool), sizeof *t->score);
    }
}

static void rescore(struct placement *pl, struct tournament *t, uint32_t node)
{
    bool fits = pool_fits(pl->pool, node, t->demand_class);
    t->score[node] =
        fits ? pl->ops->score(&pl->view, node, pool_class(pl->pool, t->demand_class)) : INFINITY;
}

/* The better of two nodes; POOL_NONE: there is no such node. */
static uint32_t better(const struct tournament *t, uint32_t a, uint32_t b)
{
    if (a == POOL_NONE || b == POOL_NONE)
        return a == POOL_NONE ? b : a;
    return t->score[b] < t->score[a] ? b : a;    /* a is the lower node: it wins a tie */
}

void placement_rebuild(struct placement *pl, struct tournament *t)
{
    for (uint32_t node = 0; node < pl->n_leaves; node++) {
        bool exists = node < pool_nodes(pl->pool);
        if (exists)
            rescore(pl, t, node);
        t->winner[pl->n_leaves + node] = exists ? node : POOL_NONE;
    }
    for (size_t i = pl->n_leaves - 1; i > 0; i--)
        t->winner[i] = better(t, t->winner[2 * i], t->winner[2 * i + 1]);
}

OUT_OF_LINE void placement_replay_matches(struct placement *pl, uint32_t node)
{
    for (struct tournament *t = pl->tournaments; t < pl->tournaments + pl->n_tournaments; t++) {
        rescore(pl, t, node);
        for (size_t i = (pl->n_leaves + node) / 2; i > 0; i /= 2)
            t->winner[i] = better(t, t->winner[2 * i], t->winner[2 * i + 1]);
    }
}
