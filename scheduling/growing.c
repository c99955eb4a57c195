/* How a session that grows begins and ends, its places, and what is asked of it. */
#include "scheduling/growing.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/growing_impl.h"

void ints_add(struct ints *list, int x)
{
    xgrow(&list->at, &list->room, list->n + 1, sizeof *list->at);
    list->at[list->n++] = x;
}

void ints_settle(struct ints *list)
{
    size_t kept = 0;
    if (list->n > 1)
        qsort(list->at, list->n, sizeof *list->at, sort_by_int);
    for (size_t i = 0; i < list->n; i++)
        if (kept == 0 || list->at[kept - 1] != list->at[i])
            list->at[kept++] = list->at[i];
    list->n = kept;
}

int growing_least_places(const struct workflow *from)
{
    return 4 * growing_ahead(from);
}

/* Places that are free hold the set as it is described, with no number of its own. */
static void make_places(struct growing *g)
{
    struct workflow *w = g->workflow;
    size_t n = g->begin[g->from->n_sets];
    uint32_t stride = (uint32_t)(UINT32_MAX / 2 / n);
    g->most_tasks = stride;
    w->n_sets = n;
    w->sets = xcalloc(n, sizeof *w->sets);
    w->realised->base = xcalloc(n, sizeof *w->realised->base);
    w->realised->lane = xcalloc(n, sizeof *w->realised->lane);
    w->realised->point = xcalloc(n, sizeof *w->realised->point);
    for (size_t s = 0; s < g->from->n_sets; s++)
        for (size_t i = g->begin[s]; i < g->begin[s + 1]; i++) {
            struct task_set *set = &w->sets[i];
            *set = g->from->sets[s];
            set->name = xstrdup(set->name);
            set->dependencies = NULL;
            set->n_dependencies = 0;
            set->decided = NULL;
            set->first_task = (uint32_t)i * stride;
            w->realised->base[i] = (int)s;
            w->realised->lane[i] = g->lane_of[s] + 1;
            w->realised->point[i] = -1;
        }
    g->places = xcalloc(n, sizeof *g->places);
}

static struct workflow *empty_workflow(const struct workflow *from, struct growing *g)
{
    struct workflow *w = xcalloc(1, sizeof *w);
    w->name = xstrdup(from->name);
    w->session_sd = from->session_sd;
    w->on_failure = from->on_failure;
    w->iterations = 1;
    w->realised = xcalloc(1, sizeof *w->realised);
    w->realised->from = from;
    w->realised->shares = true;
    w->realised->growing = g;
    return w;
}

/* Their windows, from one round of each. */
static void take_campaigns(struct growing *g)
{
    const struct decisions *d = &g->from->decisions;
    struct realise_window *one = xcalloc(g->n_lanes, sizeof *one);
    struct realise_options o = g->options;
    struct realised *to = g->workflow->realised;
    for (size_t l = 0; l < g->n_lanes; l++)
        one[l] = (struct realise_window){ 1, 1 };
    o.window = one;
    struct workflow *w = d->n_campaigns > 0 ? workflow_realise(g->from, &o, NULL) : NULL;
    to->n_campaigns = w ? d->n_campaigns : 0;
    to->campaigns = xcalloc(d->n_campaigns + 1, sizeof *to->campaigns);
    for (size_t c = 0; c < to->n_campaigns; c++) {
        to->campaigns[c] = w->realised->campaigns[c];
        to->campaigns[c].rounds = to->campaigns[c].learnings = NULL;
        to->campaigns[c].n_rounds = to->campaigns[c].n_learnings = 0;
        g->lanes[d->n_loops + c].by_count = to->campaigns[c].by_count;
    }
    workflow_free(w);
    free(one);
}

struct growing *growing_new(const struct workflow *from, const struct realise_options *o,
                            const int *iterations, int places)
{
    size_t n = from->n_sets;
    double most = 0;
    struct growing *g = xcalloc(1, sizeof *g);
    *g = (struct growing){ .from = from, .options = *o, .n_places = places,
                           .n_lanes = growing_lanes(from) };
    g->lanes = xcalloc(g->n_lanes, sizeof *g->lanes);
    g->lane_of = xcalloc(n, sizeof *g->lane_of);
    g->begin = xcalloc(n + 1, sizeof *g->begin);
    g->armed = xcalloc(n, sizeof *g->armed);
    g->level_of = xcalloc(n, sizeof *g->level_of);
    g->late = growing_late_sets(from);
    for (size_t l = 0; l < g->n_lanes; l++) {
        g->lanes[l].total = iterations[l];
        g->lanes[l].iteration_at = xcalloc((size_t)places, sizeof *g->lanes[l].iteration_at);
        g->lanes[l].place_of = xcalloc((size_t)places, sizeof *g->lanes[l].place_of);
        g->lanes[l].free_places = xcalloc((size_t)places, sizeof *g->lanes[l].free_places);
        most = iterations[l] > most ? iterations[l] : most;
    }
    for (size_t s = 0; s < n; s++) {
        g->lane_of[s] = growing_lane_of(from, (int)s);
        g->begin[s + 1] = g->begin[s] + (g->lane_of[s] >= 0 ? (size_t)places : 1);
    }
    g->workflow = empty_workflow(from, g);
    make_places(g);
    take_campaigns(g);
    if ((most + 2) * (double)n < INT32_MAX / 4.0)        /* orders of submission have to differ */
        return g;
    growing_free(g);
    return NULL;
}

void growing_clear_place(struct growing_place *p)
{
    for (size_t c = 0; c < p->n_children; c++)
        task_deps_index_clear(&p->children[c].index);
    p->n_children = 0;
    free(p->pending);
    p->pending = NULL;
}

void growing_free(struct growing *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->workflow->n_sets; i++) {
        growing_clear_place(&g->places[i]);
        xfree(g->places[i].children, g->places[i].waiters.at, g->places[i].group.sets.at,
              g->places[i].group.waits.at);
    }
    for (size_t l = 0; l < g->n_lanes; l++) {
        xfree(g->lanes[l].iteration_at, g->lanes[l].place_of, g->lanes[l].free_places,
              g->lanes[l].before_next.at);
    }
    workflow_free(g->workflow);
    xfree(g->lanes, g->lane_of, g->begin, g->armed, g->level_of, g->rank, g->late, g->places,
          g->fresh.at, g->fresh_given.at, g->runs, g->more, g);
}

void growing_know(struct growing *g, const struct growing *walked)
{
    g->workflow->n_tasks = walked->workflow->n_tasks;
    g->first_stream = walked->first_stream;
}

void growing_order(struct growing *g, const int *order)
{
    g->rank = xcalloc(g->from->n_sets, sizeof *g->rank);
    for (size_t i = 0; i < g->from->n_sets; i++)
        g->rank[order[i]] = (int)i;
}

struct workflow *growing_workflow(struct growing *g)
{
    return g->workflow;
}

bool growing_is_full(const struct growing *g)
{
    return g->full;
}

struct growing_counts growing_counts(const struct growing *g)
{
    return g->counts;
}

const int *growing_fresh(struct growing *g, size_t *n)
{
    struct ints given = g->fresh;
    g->fresh = g->fresh_given;
    g->fresh.n = 0;
    g->fresh_given = given;
    *n = given.n;
    return given.at;
}

int growing_place(const struct growing *g, int set)
{
    if (g->rank)
        return growing_single_order(g, g->rank[growing_base(g, set)], g->places[set].iteration);
    return g->places[set].group.order;
}

void growing_begin(struct growing *g, bool walks)
{
    g->walks = walks;
    for (size_t l = 0; l < g->n_lanes; l++) {
        struct growing_lane *loop = &g->lanes[l];
        *loop = (struct growing_lane){ .total = loop->total, .low = 1,
                                       .by_count = loop->by_count,
                                       .iteration_at = loop->iteration_at,
                                       .place_of = loop->place_of,
                                       .free_places = loop->free_places,
                                       .before_next = loop->before_next };
        loop->before_next.n = 0;
        while (loop->n_free < g->n_places) {             /* the lowest is taken first */
            loop->free_places[loop->n_free] = g->n_places - 1 - loop->n_free;
            loop->n_free++;
        }
        memset(loop->iteration_at, 0, (size_t)g->n_places * sizeof *loop->iteration_at);
    }
    for (size_t i = 0; i < g->workflow->n_sets; i++)
        g->places[i].taken = false;
    memset(g->armed, 0, g->from->n_sets * sizeof *g->armed);
    memset(g->level_of, 0, g->from->n_sets * sizeof *g->level_of);
    g->counts = (struct growing_counts){ 0 };
    g->fresh.n = g->tasks_left = g->live_sets = g->n_runs = 0;
    g->by_level = g->full = g->started = false;
    g->last_group = g->ending = -1;
    g->n_groups = 0;
    growing_grow(g, -1);
}

void growing_reset(struct growing *g)
{
    growing_begin(g, false);
}

bool growing_has_all(const struct growing *g)
{
    bool all = true;
    for (size_t l = 0; l < g->n_lanes; l++)
        all &= g->lanes[l].armed == g->lanes[l].total;
    return all;
}
