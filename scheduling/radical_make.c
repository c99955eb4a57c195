#include "scheduling/radical_impl.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* Above so many classes, an index says which could fit; above so many sets, a list says whose a
 * task is. */
enum { MOST_UNINDEXED = 24 };

static struct kind_index *new_index(struct pool *pool)
{
    size_t n = pool_classes(pool);
    struct kind_need *needs = xcalloc(n, sizeof *needs);
    for (size_t c = 0; c < n; c++)
        needs[c] = kind_need_of(pool_class(pool, c), 0);
    struct room whole = pool_whole_room(pool);
    struct kind_index *ix = kind_index_new(needs, n, &whole, 1);
    free(needs);
    pool_keep_totals(pool);
    return ix;
}

static struct wait_pool *new_wait_pool(const struct pool *pool, enum generation g)
{
    size_t n = pool_classes(pool);
    double *size = xcalloc(n, sizeof *size);
    for (size_t c = 0; c < n; c++)
        size[c] = radical_size_of(g, pool_class(pool, c));
    struct wait_pool *p = wait_pool_new(size, n);
    free(size);
    return p;
}

/* Of a session that grows, tasks do not number from 0 on without gaps: no list. */
static uint32_t *list_sets_of_tasks(const struct workflow *w)
{
    if (w->n_sets <= MOST_UNINDEXED || w->realised)
        return NULL;
    uint32_t *sets = xcalloc(w->n_tasks, sizeof *sets);
    for (uint32_t s = 0; s < w->n_sets; s++)
        for (uint32_t i = 0; i < w->sets[s].n_tasks; i++)
            sets[w->sets[s].first_task + i] = s;
    return sets;
}

/* Whether an empty platform has room wherever the search begins; where all nodes are alike, one
 * beginning speaks for all, and so it does for tasks that lie on one node. */
static bool always_fits(struct radical *r, size_t demand_class)
{
    const struct slot_demand *d = pool_class(r->common->pool, demand_class);
    bool everywhere = d->ranks > 1 && !d->one_node;
    uint32_t starts = everywhere && r->search.rotates && r->common->platform->n_shapes > 1
                          ? (uint32_t)pool_nodes(r->common->pool)
                          : 1;
    bool fits = true;
    for (uint32_t i = 0; i < starts && fits; i++) {
        r->search.pointer = i;
        fits = node_search_can(&r->search, demand_class);
    }
    node_search_reset(&r->search);
    return fits;
}

/* RADICAL takes nodes in a row, those between whole: among unlike nodes it can fail for ever on a
 * task that the platform would hold. */
static int check_that_all_fit(struct radical *r, struct error *err)
{
    const struct workflow *w = r->common->workflow;
    bool *checked = xcalloc(pool_classes(r->common->pool), sizeof *checked);
    size_t s = 0;
    for (bool fits = true; s < w->n_sets && fits; s += fits) {
        uint32_t c = r->common->class_of_set[s];
        fits = checked[c] || always_fits(r, c);
        checked[c] = true;
    }
    free(checked);
    if (s < w->n_sets)
        return error_set(err,
                         "task set '%s': radical may never find room for its %d ranks, as it takes "
                         "nodes in a row and these are not alike; use another scheduler",
                         w->sets[s].name, w->sets[s].traits->demand.ranks);
    return 0;
}

void radical_destroy(void *state)
{
    struct radical *r = state;
    if (!r)
        return;
    node_search_clear(&r->search);
    wait_pool_free(r->pool);
    for (size_t c = 0; r->queue && c < pool_classes(r->common->pool); c++)
        waiting_clear(&r->queue[c]);
    kind_index_free(r->index);
    xfree(r->queue, r->tried, r->set_of_task);
    xfree(r->rooms.at, r->asked.open, r->n_waiting, r->fits, r->refused, r->attempt, r->incoming,
          r->freed, r);
}

void *radical_create(struct dispatch_common *c, const struct scheduler_options *o,
                     struct error *err)
{
    enum generation g = BY_SUM;
    if (o->generation && !radical_find_generation(o->generation, &g)) {
        error_set(err,
                  "%s: no generation of RADICAL-Pilot; expected a version such as 0.70, 0.73, 1.9 "
                  "or 1.33",
                  o->generation);
        return NULL;
    }
    struct radical *r = xcalloc(1, sizeof *r);
    r->common = c;
    r->generation = g;
    node_search_init(&r->search, c->pool, g >= BY_SUM);
    if (g >= BY_SUM) {
        r->pool = new_wait_pool(c->pool, g);
        r->set_of_task = list_sets_of_tasks(c->workflow);
    } else {
        r->queue = xcalloc(pool_classes(c->pool), sizeof *r->queue);
    }
    r->tried = xcalloc(pool_classes(c->pool), sizeof *r->tried);
    r->fits = xcalloc(pool_classes(c->pool), sizeof *r->fits);
    r->refused = xcalloc(pool_classes(c->pool), sizeof *r->refused);
    r->n_waiting = xcalloc(pool_classes(c->pool), sizeof *r->n_waiting);
    r->index = pool_classes(c->pool) > MOST_UNINDEXED ? new_index(c->pool) : NULL;
    if (check_that_all_fit(r, err)) {
        radical_destroy(r);
        return NULL;
    }
    return r;
}
