/* Walks through a whole session that grows, as if nothing took time, and what is told of the sets
 * on the way. */
#include <limits.h>

#include "scheduling/growing_impl.h"

void growing_walk(struct growing *g)
{
    g->first_base = g->first_iteration = INT_MAX;
    growing_begin(g, true);
}

/* The loop that is behind the others. */
static int loop_behind(const struct growing *g)
{
    int behind = -1;
    for (size_t l = 0; l < g->n_lanes; l++)
        if (g->lanes[l].armed < g->lanes[l].total &&
            (behind < 0 || g->lanes[l].level < g->lanes[behind].level))
            behind = (int)l;
    return behind;
}

const int *growing_walk_next(struct growing *g, size_t *n)
{
    for (int loop; g->fresh.n == 0 && !g->full && (loop = loop_behind(g)) >= 0;)
        growing_grow(g, loop);
    const int *sets = growing_fresh(g, n);
    *n = g->full ? 0 : *n;
    if (*n == 0 && !g->full)
        g->workflow->n_tasks = (uint32_t)g->counts.n_tasks;
    return sets;
}

uint64_t growing_first_stream(const struct growing *g)
{
    return g->first_stream;
}

struct growing_set growing_set(const struct growing *g, int set)
{
    const struct growing_place *p = &g->places[set];
    const struct ints *waits = &g->places[p->leader].group.waits;
    return (struct growing_set){ growing_base(g, set), p->iteration, p->level, waits->n,
                                 waits->at };
}

/* What comes after several lanes stays behind while one of them goes on: the least level it may
 * have; INT_MAX: it has had a place, or comes after another of its kind. */
static int least_of_late(const struct growing *g, int base)
{
    const struct task_set *s = &g->from->sets[base];
    int least = 0;
    if (g->armed[base] || !growing_is_late(g, base))
        return INT_MAX;
    for (size_t d = 0; d < s->n_dependencies; d++) {
        int of = s->dependencies[d].parent;
        if (!g->armed[of] && growing_is_late(g, of))
            return INT_MAX;
        least = g->level_of[of] >= least ? g->level_of[of] + 1 : least;
    }
    return least;
}

/* Of a lane that goes on: its next sets come after some that have places. */
static int least_of_next(const struct growing *g, size_t l)
{
    const struct growing_lane *lane = &g->lanes[l];
    int least = INT_MAX;
    if (l < g->from->decisions.n_loops && lane->before_next.n == 0)
        return 0;
    for (size_t i = 0; i < lane->before_next.n; i++) {
        int level = g->places[lane->before_next.at[i]].level;
        least = level < least ? level : least;
    }
    for (size_t i = 0; l >= g->from->decisions.n_loops && i < g->workflow->n_sets; i++) {
        const struct growing_place *p = &g->places[i];
        if (g->lane_of[growing_base(g, (int)i)] != (int)l || !p->taken ||
            p->iteration < lane->low || (lane->by_count && p->level == 0))
            continue;                    /* all rounds lie there */
        least = p->level < least ? p->level : least;
    }
    return least;
}

int growing_least_level(const struct growing *g)
{
    int least = INT_MAX;
    for (size_t s = 0; s < g->from->n_sets; s++)
        least = least_of_late(g, (int)s) < least ? least_of_late(g, (int)s) : least;
    for (size_t l = 0; l < g->n_lanes; l++)
        if (g->lanes[l].armed < g->lanes[l].total && least_of_next(g, l) < least)
            least = least_of_next(g, l);
    return least;
}
