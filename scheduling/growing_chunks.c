/* The next iterations take places: they are written out beside those that they may come after, and
 * what is new of that is taken over. */
#include <limits.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/growing_impl.h"

enum { AHEAD = 16 };                     /* iterations that take places at once, at least */

/* In the first iterations sets outside of loops still count for levels, if there are no more levels
 * before an iteration than these. */
int growing_ahead(const struct workflow *from)
{
    return AHEAD + (int)from->n_sets;
}

/* ---- places ---- */

static int place_in(const struct growing *g, int base, int iteration)
{
    int loop = g->lane_of[base];
    return (int)g->begin[base] +
           (loop < 0 ? 0 : g->lanes[loop].place_of[iteration % g->n_places]);
}

/* Of the iteration in place `p` of the loop: all is over, and nothing that waits for it is left. */
static bool is_over(const struct growing *g, int loop, int p)
{
    for (size_t s = 0; s < g->from->n_sets; s++) {
        size_t set = g->begin[s] + (size_t)p;
        const struct growing_place *at = &g->places[set];
        if (g->lane_of[s] == loop && at->taken &&
            (at->left > 0 || at->holds > 0 || (int)set == g->ending))
            return false;
    }
    return true;
}

static void give_back(struct growing *g, int loop, int p)
{
    for (size_t s = 0; s < g->from->n_sets; s++)
        if (g->lane_of[s] == loop && g->places[g->begin[s] + (size_t)p].taken) {
            g->places[g->begin[s] + (size_t)p].taken = false;
            g->live_sets--;
        }
    g->lanes[loop].iteration_at[p] = 0;
}

static void give_back_all(struct growing *g, int loop)
{
    struct growing_lane *l = &g->lanes[loop];
    for (int p = 0; p < g->n_places; p++)
        if (l->iteration_at[p] > 0 && l->iteration_at[p] < l->low && is_over(g, loop, p)) {
            give_back(g, loop, p);
            l->free_places[l->n_free++] = p;
        }
}

/* False: there are not enough. What is over is only looked for when none is free, and has to be a
 * quarter: so that costs an iteration O(1). */
static bool take_places(struct growing *g, int loop, int last)
{
    struct growing_lane *l = &g->lanes[loop];
    if (l->n_free < last - l->armed) {
        give_back_all(g, loop);
        if (l->n_free < last - l->armed || l->n_free < g->n_places / 4)
            return false;
    }
    if (last - l->low >= g->n_places)
        return false;
    for (int k = l->armed + 1; k <= last; k++) {
        int p = l->free_places[--l->n_free];
        l->iteration_at[p] = k;
        l->place_of[k % g->n_places] = p;
    }
    if (g->n_places - l->n_free > g->counts.most_iterations)
        g->counts.most_iterations = g->n_places - l->n_free;
    return true;
}

/* ---- sets ---- */

static bool is_ready_late(const struct growing *g, int base)
{
    for (size_t l = 0; l < g->n_lanes; l++)
        if (g->late[(size_t)base * g->n_lanes + l] && g->lanes[l].armed < g->lanes[l].total)
            return false;
    return true;
}

static bool is_fresh(const struct growing *g, const struct workflow *chunk, int i,
                     const int *armed_before)
{
    int base = chunk->realised->base[i], loop = g->lane_of[base];
    return loop >= 0 ? chunk->sets[i].iteration > armed_before[loop]
                     : !g->armed[base] && is_ready_late(g, base);
}

static void find_levels(struct growing *g, int set)
{
    struct growing_place *p = &g->places[set];
    const struct task_set *s = &g->workflow->sets[set];
    int base = growing_base(g, set);
    p->level = p->level_within = 0;
    for (size_t d = 0; d < s->n_dependencies; d++) {
        const struct growing_place *parent = &g->places[s->dependencies[d].parent];
        int of = growing_base(g, s->dependencies[d].parent);
        int level = parent->level;
        if (growing_is_late(g, base) && g->lane_of[of] >= 0)
            level = g->level_of[of];
        p->level = level >= p->level ? level + 1 : p->level;
        if (parent->iteration == p->iteration && parent->level_within >= p->level_within)
            p->level_within = parent->level_within + 1;
    }
    g->level_of[base] = p->level > g->level_of[base] ? p->level : g->level_of[base];
}

/* Takes the name and the dependencies of set `i` of the chunk. */
static void take_set(struct growing *g, struct workflow *chunk, int i, int *place)
{
    struct task_set *from = &chunk->sets[i], *to = &g->workflow->sets[place[i]];
    struct growing_place *p = &g->places[place[i]];
    int base = chunk->realised->base[i], loop = g->lane_of[base];
    uint32_t first_task = to->first_task;
    workflow_drop_dependencies(to);
    free(to->name);
    *to = *from;
    to->first_task = first_task;
    from->name = NULL;
    from->dependencies = NULL;
    from->n_dependencies = 0;
    for (size_t d = 0; d < to->n_dependencies; d++)
        to->dependencies[d].parent = place[to->dependencies[d].parent];
    growing_clear_place(p);
    p->taken = true;
    p->iteration = loop >= 0 ? to->iteration : 0;
    p->left = to->n_tasks;
    p->holds = 0;
    p->waiters.n = 0;
    p->leader = place[i];
    find_levels(g, place[i]);
    g->full |= to->n_tasks > g->most_tasks;
    g->armed[base] = true;
    g->tasks_left += to->n_tasks;
    g->counts.n_tasks += to->n_tasks;
    g->counts.n_sets++;
    if (++g->live_sets > g->counts.most_sets)
        g->counts.most_sets = g->live_sets;
    if (loop >= 0 && to->iteration > g->lanes[loop].exists)
        g->lanes[loop].exists = to->iteration;
    if (g->walks && (base < g->first_base ||
                     (base == g->first_base && p->iteration < g->first_iteration))) {
        g->first_base = base;
        g->first_iteration = p->iteration;
        g->first_stream = to->stream;
    }
    if (loop >= 0 && p->level > g->lanes[loop].level)
        g->lanes[loop].level = p->level;
    ints_add(&g->fresh, place[i]);
}

/* What the next iteration of the loop comes after; no later one comes after what lies before that.
 */
static void find_next(struct growing *g, const struct workflow *chunk, size_t loop,
                      const int *place)
{
    struct growing_lane *l = &g->lanes[loop];
    int low = INT_MAX;
    l->before_next.n = 0;
    for (size_t p = 0; p < chunk->realised->n_points; p++) {
        const struct decision_point *point = &chunk->realised->points[p];
        for (size_t i = 0; point->loop == (int)loop && point->last && i < point->n_sets; i++) {
            int set = point->sets[i], iteration = chunk->sets[set].iteration;
            ints_add(&l->before_next, place[set]);
            if (g->lane_of[chunk->realised->base[set]] == (int)loop && iteration < low)
                low = iteration;
        }
    }
    /* decisions whose time adds up after a set of no loop are all written out */
    l->low = low < INT_MAX ? low : l->before_next.n > 0 ? l->low : l->armed;
}

static void find_all_next(struct growing *g, const struct workflow *chunk,
                          const struct realise_window *window, const int *place)
{
    for (size_t l = 0; l < g->n_lanes; l++)
        if (l < g->from->decisions.n_loops)
            find_next(g, chunk, l, place);
        else if (window[l].n > 1)        /* a round comes after these two */
            g->lanes[l].low = window[l].first + window[l].n - 2;
}

static int next_last(const struct growing *g, int loop)
{
    const struct growing_lane *l = &g->lanes[loop];
    int ahead = growing_ahead(g->from);
    return l->total - l->armed > ahead ? l->armed + ahead : l->total;
}

/* All loops from their lows on, one or all of them farther than before. NULL: too many. */
static struct workflow *write_out(struct growing *g, int loop, struct realise_window *window)
{
    for (size_t l = 0; l < g->n_lanes; l++) {
        int last = g->lanes[l].armed;
        if (loop < 0 || loop == (int)l) {
            last = next_last(g, (int)l);
            if (!take_places(g, (int)l, last))
                return NULL;
        }
        window[l] = (struct realise_window){ g->lanes[l].low, last - g->lanes[l].low + 1 };
    }
    struct realise_options o = g->options;
    o.window = window;
    return workflow_realise(g->from, &o, NULL);
}

static void link_sets(struct growing *g, size_t first)
{
    for (size_t i = first; i < g->fresh.n; i++) {
        if (g->walks)
            g->places[g->fresh.at[i]].left = 0;
        else
            growing_link(g, g->fresh.at[i]);
    }
}

/* `before`: armed iterations of each loop, before the chunk. */
static void take_chunk(struct growing *g, struct workflow *w, const int *before,
                       const struct realise_window *window)
{
    struct growing_chunk chunk = { .workflow = w };
    int *order = workflow_topological_order(w);
    size_t first = g->fresh.n;
    chunk.place = xcalloc(w->n_sets + 1, sizeof *chunk.place);
    if (g->options.mode == MODE_PIPELINED)
        chunk.plan = mode_plan_of(w, MODE_PIPELINED);
    for (size_t i = 0; i < w->n_sets; i++) {
        chunk.place[i] = place_in(g, w->realised->base[i], w->sets[i].iteration);
        g->by_level |= g->lane_of[w->realised->base[i]] < 0;
    }
    for (size_t i = 0; i < w->n_sets; i++)
        if (is_fresh(g, w, order[i], before))
            take_set(g, w, order[i], chunk.place);
    find_all_next(g, w, window, chunk.place);
    growing_make_groups(g, first, &chunk);
    link_sets(g, first);
    if (g->options.mode == MODE_PIPELINED)
        mode_plan_clear(&chunk.plan);
    xfree(order, chunk.place);
}

bool growing_grow(struct growing *g, int loop)
{
    struct realise_window *window = xcalloc(g->n_lanes, sizeof *window);
    int *before = xcalloc(g->n_lanes, sizeof *before);
    struct workflow *chunk = write_out(g, loop, window);
    g->full |= !chunk;
    for (size_t l = 0; chunk && l < g->n_lanes; l++) {
        before[l] = g->lanes[l].armed;
        g->lanes[l].armed = window[l].first + window[l].n - 1;
    }
    if (chunk)
        take_chunk(g, chunk, before, window);
    workflow_free(chunk);
    xfree(window, before);
    return !g->full;
}
