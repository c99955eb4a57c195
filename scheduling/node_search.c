#include "scheduling/node_search.h"

#include <stdlib.h>

#include "base/xalloc.h"

void node_search_init(struct node_search *s, struct pool *pool, bool rotates)
{
    *s = (struct node_search){ .pool = pool, .rotates = rotates };
    s->refused_at = xcalloc(pool_classes(pool), sizeof *s->refused_at);
    s->state = 1;
}

void node_search_clear(struct node_search *s)
{
    xfree(s->parts, s->refused_at);
    *s = (struct node_search){ 0 };
}

void node_search_reset(struct node_search *s)
{
    s->pointer = 0;
    node_search_changed(s);
}

static bool spans(const struct slot_demand *d)
{
    return d->ranks > 1 && !d->one_node;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void restart(struct node_search *s)
{
    s->n_parts = 0;
}

static void add_part(struct node_search *s, uint32_t node, uint32_t ranks)
{
    xgrow(&s->parts, &s->part_room, s->n_parts + 1, sizeof *s->parts);
    s->parts[s->n_parts++] = (struct pool_ranks){ node, ranks };
}

/* Places go round the pilot whose nodes begin at `from`, beginning at its node `first`. Returns the
 * place of the first node, at or behind place i, on which a rank fits; n_nodes if there is none. */
static uint32_t next_with_room(const struct node_search *s, size_t demand_class, uint32_t from,
                               uint32_t first, uint32_t i)
{
    uint32_t n_nodes = (uint32_t)pool_job_nodes(s->pool), until_end = n_nodes - first, node;
    if (i < until_end) {
        node = pool_first_fit(s->pool, demand_class, from + first + i);
        if (node != POOL_NONE && node < from + n_nodes)
            return node - from - first;
        i = until_end;
    }
    node = pool_first_fit(s->pool, demand_class, from + i - until_end);
    return node != POOL_NONE && node < from + first ? node - from + until_end : n_nodes;
}

/* The node of that place, places going round. */
static uint32_t node_at(const struct node_search *s, uint32_t from, uint32_t place)
{
    uint32_t n_nodes = (uint32_t)pool_job_nodes(s->pool);
    return from + (place < n_nodes ? place : place - n_nodes);
}

static uint32_t ranks_at(const struct node_search *s, size_t demand_class, uint32_t from,
                         uint32_t place)
{
    return pool_ranks_that_fit(s->pool, node_at(s, from, place), demand_class);
}

/* Fills parts; false: there is no such row among the nodes of a pilot, those from `from` on. */
static bool find_row_of(struct node_search *s, size_t demand_class, uint32_t from)
{
    const struct slot_demand *d = pool_class(s->pool, demand_class);
    const struct node_shape *shape = NULL;
    uint32_t n_nodes = (uint32_t)pool_job_nodes(s->pool), ranks = (uint32_t)d->ranks, left = ranks;
    uint32_t start = s->pointer / n_nodes * n_nodes == from ? s->pointer - from : 0, full = 0;
    restart(s);
    for (uint32_t i = 0; left > 0; i++) {
        uint32_t here = i < n_nodes ? ranks_at(s, demand_class, from, start + i) : 0;
        if (here == 0) {                 /* nor on those up to the next */
            restart(s);
            left = ranks;
            if ((i = next_with_room(s, demand_class, from, start, i)) == n_nodes)
                return false;
            here = ranks_at(s, demand_class, from, start + i);
        }
        uint32_t node = node_at(s, from, start + i);
        if (pool_shape(s->pool, node) != shape) {
            shape = pool_shape(s->pool, node);
            full = (uint32_t)node_shape_capacity(shape, d);
        }
        uint32_t wanted = least(left, full);
        bool may_be_partial = s->n_parts == 0 || left < full;
        if (here == 0 || (!may_be_partial && here < wanted)) {
            restart(s);
            left = ranks;
            continue;
        }
        add_part(s, node, least(here, wanted));
        left -= least(here, wanted);
    }
    return true;
}

/* Of the pilots, the one where the search begins goes first. */
static bool find_row(struct node_search *s, size_t demand_class)
{
    uint32_t n_nodes = (uint32_t)pool_job_nodes(s->pool), pilots = (uint32_t)pool_pilots(s->pool);
    uint32_t first = s->pointer / n_nodes;
    for (uint32_t i = 0; i < pilots; i++)
        if (find_row_of(s, demand_class, (first + i) % pilots * n_nodes))
            return true;
    return false;
}

static uint32_t find_node(const struct node_search *s, size_t demand_class)
{
    uint32_t node = pool_first_fit(s->pool, demand_class, s->pointer);
    if (node == POOL_NONE && s->pointer > 0)
        node = pool_first_fit(s->pool, demand_class, 0);
    return node;
}

/* A row is looked for at once: whether there is room at all takes as long to find out. */
static bool looks_for_row(const struct node_search *s, const struct slot_demand *d)
{
    return spans(d) && !pool_tracks_classes(s->pool) && !d->has_named;
}

bool node_search_may(const struct node_search *s, size_t demand_class)
{
    if (s->refused_at[demand_class] == s->state)
        return false;
    return looks_for_row(s, pool_class(s->pool, demand_class)) ||
           pool_holds_task(s->pool, demand_class);
}

bool node_search_can(struct node_search *s, size_t demand_class)
{
    if (!node_search_may(s, demand_class))
        return false;
    if (!spans(pool_class(s->pool, demand_class)) || find_row(s, demand_class))
        return true;
    s->refused_at[demand_class] = s->state;
    return false;
}

uint32_t node_search_place(struct node_search *s, size_t demand_class)
{
    if (!node_search_can(s, demand_class))
        return POOL_NONE;
    const struct slot_demand *d = pool_class(s->pool, demand_class);
    if (!spans(d)) {
        restart(s);
        add_part(s, find_node(s, demand_class), (uint32_t)d->ranks);
    }
    uint32_t grant = pool_claim_ranks(s->pool, demand_class, s->parts, s->n_parts);
    if (s->rotates)
        s->pointer = s->parts[s->n_parts - 1].node;
    node_search_changed(s);
    return grant;
}
