#include "scheduling/room_ahead.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/room_ahead_impl.h"

struct room_ahead *room_ahead_new(const struct pool *pool, const struct expected_ends *ends)
{
    struct room_ahead *r = xcalloc(1, sizeof *r);
    size_t n = pool_nodes(pool);
    r->pool = pool;
    r->ends = ends;
    r->stale = true;
    r->pass = 1;
    r->counts_memory = room_ahead_counts_memory(pool);
    alike_nodes_init(&r->alike, pool);
    r->use = xcalloc(n + 1, sizeof *r->use);
    r->booked_in = xcalloc(n, sizeof *r->booked_in);
    r->booking_of = xcalloc(n, sizeof *r->booking_of);
    r->place = xcalloc(n, sizeof *r->place);
    r->marked = xcalloc((n + 63) / 64, sizeof *r->marked);
    return r;
}

void room_ahead_free(struct room_ahead *r)
{
    if (!r)
        return;
    for (size_t b = 0; b < r->booking_room; b++) {
        xfree(r->bookings[b].steps.at, r->bookings[b].nodes);
    }
    alike_nodes_clear(&r->alike);
    xfree(r->total.at, r->in_use, r->bookings, r->pending, r->use, r->booked_in, r->booking_of,
          r->place, r->line, r->spare_line, r->marked, r);
}

static void tell_pending(struct room_ahead *r)
{
    for (size_t i = 0; i < r->n_pending; i++)
        alike_nodes_start(&r->alike, r->pending[i].node, &r->pending[i].by, r->pending[i].end_s);
    r->n_pending = 0;
}

/* A node with reservations keeps its place in its group until they are forgotten. */
static void start_part(struct room_ahead *r, const struct grant_part *part, double end_s)
{
    struct room_amount by = room_amount_of_part(part);
    if (!room_ahead_is_booked(r, part->node)) {
        alike_nodes_start(&r->alike, part->node, &by, end_s);
        return;
    }
    room_ahead_book(r, part->node, &by, r->now_s, end_s);
    xgrow(&r->pending, &r->pending_room, r->n_pending + 1, sizeof *r->pending);
    r->pending[r->n_pending++] = (struct pending_start){ part->node, by, end_s };
}

void room_ahead_started(struct room_ahead *r, uint32_t grant, double end_s)
{
    struct grant_part part;
    struct grant_walk w = { grant, 0 };
    r->taking++;
    if (!r->stale)
        room_ahead_total_start(r, grant, end_s);
    while (!r->stale && pool_next_node(r->pool, &w, &part))
        start_part(r, &part, end_s);
}

void room_ahead_ended(struct room_ahead *r, uint32_t grant, double end_s)
{
    struct grant_part part;
    struct grant_walk w = { grant, 0 };
    while (!r->stale && pool_next_node(r->pool, &w, &part)) {
        struct room_amount by = room_amount_of_part(&part);
        alike_nodes_end(&r->alike, part.node, &by, end_s);
    }
}

void room_ahead_forget(struct room_ahead *r)
{
    room_ahead_finish(r);
    r->stale = true;
}

void room_ahead_begin(struct room_ahead *r, double now_s)
{
    if (r->stale)
        alike_nodes_read(&r->alike, r->ends);
    r->stale = false;
    r->now_s = now_s;
    r->soon_s = nextafter(now_s, INFINITY);
}

void room_ahead_finish(struct room_ahead *r)
{
    r->pass++;
    r->n_bookings = r->n_in_use = r->n_booked = r->n_line = r->n_lined = 0;
    tell_pending(r);
}

struct ends_cursor room_ahead_ends_from(const struct room_ahead *r, double from_s)
{
    return from_s > r->soon_s ? expected_ends_from(r->ends, from_s) : (struct ends_cursor){ 0 };
}

static void note_found(struct room_ahead *r, double at_s, uint32_t node)
{
    bool lower = at_s == r->found.at_s && node < r->found.node;
    if (at_s < r->found.at_s || lower) {
        r->found.at_s = at_s;
        r->found.node = node;
    }
}

static uint32_t lowest_of(const struct booking *b)
{
    uint32_t lowest = b->nodes[0];
    for (size_t i = 1; i < b->n; i++)
        lowest = b->nodes[i] < lowest ? b->nodes[i] : lowest;
    return lowest;
}

static void search_bookings(struct room_ahead *r, const struct slot_demand *d,
                            const struct room_amount *need, double from_s)
{
    for (size_t i = 0; i < r->n_in_use; i++) {
        const struct booking *b = &r->bookings[r->in_use[i]];
        if (!pool_is_of_kind(r->pool, b->nodes[0], d))
            continue;
        double at_s = room_steps_first(&b->steps, need, r->found.duration_s, from_s, r->found.at_s);
        if (at_s <= r->found.at_s && at_s < INFINITY)
            note_found(r, at_s, lowest_of(b));
    }
}

static uint32_t lowest_unbooked(const struct room_ahead *r, const struct alike_group *g)
{
    uint32_t lowest = UINT32_MAX;
    for (size_t i = 0; i < g->n; i++)
        if (g->nodes[i] < lowest && !room_ahead_is_booked(r, g->nodes[i]))
            lowest = g->nodes[i];
    return lowest;
}

/* Where devices are shared, the pool cannot tell: whether it fits is a matter of devices there, of
 * sums here. */
static void search_groups(struct room_ahead *r, const struct slot_demand *d,
                          const struct room_amount *need)
{
    for (size_t g = 0; g < r->alike.n_groups; g++) {
        const struct alike_group *group = &r->alike.groups[g];
        if (group->n == 0 || room_ahead_unbooked(r, g) == 0 || !room_ahead_is_of_kind(r, g, d))
            continue;
        size_t k = 0;
        while (k < group->steps.n && !room_amount_holds(&group->steps.at[k].free, need))
            k++;
        if (k == group->steps.n)
            continue;
        double at_s = k > 0 ? room_ahead_end(r, group->steps.at[k].from_s) : r->now_s;
        if (at_s <= r->found.at_s)
            note_found(r, at_s, lowest_unbooked(r, group));
    }
}

static void search_free_now(struct room_ahead *r, size_t demand_class)
{
    uint32_t node = pool_first_fit(r->pool, demand_class, 0);
    while (node != POOL_NONE && room_ahead_is_booked(r, node))
        node = pool_first_fit(r->pool, demand_class, node + 1);
    if (node != POOL_NONE)
        note_found(r, r->now_s, node);
}

static bool holds_from(const struct room_ahead *r, uint32_t node, const struct slot_demand *d,
                       const struct room_amount *need, double end_s)
{
    uint32_t group = r->alike.of_node[node];
    if (room_ahead_is_booked(r, node) || group == ALIKE_NONE)
        return false;
    const struct room_steps *s = &r->alike.groups[group].steps;
    return room_amount_holds(&s->at[room_steps_at(s, end_s)].free, need) &&
           pool_is_of_kind(r->pool, node, d);
}

/* Of the nodes at which a task ends, the lowest on which it fits from then on. */
static void search_end(struct room_ahead *r, const struct slot_demand *d,
                       const struct room_amount *need, const struct expected_end *e)
{
    for (uint32_t g = e->grant; g != POOL_NONE; g = pool_grant_next(r->pool, g)) {
        uint32_t first = pool_grant_node(r->pool, g), end = first + pool_grant_nodes(r->pool, g);
        for (uint32_t node = first; node < end; node++)
            if (holds_from(r, node, d, need, e->end_s))
                note_found(r, room_ahead_end(r, e->end_s), node);
    }
}

static void search_unbooked(struct room_ahead *r, const struct slot_demand *d,
                            const struct room_amount *need, double from_s)
{
    if (r->n_booked == pool_nodes(r->pool))
        return;
    if (pool_shares_devices(r->pool)) {
        search_groups(r, d, need);
        return;
    }
    if (from_s <= r->now_s)
        search_free_now(r, r->found.demand_class);
    struct ends_cursor c = room_ahead_ends_from(r, from_s);
    for (const struct expected_end *e;
         (e = expected_ends_at(r->ends, &c)) && room_ahead_end(r, e->end_s) <= r->found.at_s;
         expected_ends_step(r->ends, &c))
        search_end(r, d, need, e);
}

double room_ahead_first(struct room_ahead *r, size_t demand_class, double duration_s, double from_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    r->found.demand_class = demand_class;
    r->found.duration_s = duration_s;
    r->found.at_s = INFINITY;
    r->found.node = UINT32_MAX;
    if (d->ranks > 1 && !d->one_node)
        return r->found.at_s = room_ahead_first_gang(r, demand_class, duration_s, from_s);
    struct room_amount need = room_amount_of_ranks(d, d->ranks);
    search_bookings(r, d, &need, from_s);
    search_unbooked(r, d, &need, from_s);
    return r->found.at_s;
}

uint32_t room_ahead_spares(const struct room_ahead *r, uint32_t node, size_t demand_class,
                           double duration_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    int64_t now = pool_ranks_that_fit(r->pool, node, demand_class), then;
    if (room_ahead_is_booked(r, node))
        then = room_steps_ranks(&r->bookings[r->booking_of[node]].steps, d, r->now_s, duration_s);
    else
        then = room_amount_ranks(room_ahead_group_free(r, r->alike.of_node[node], r->now_s), d);
    int64_t ranks = now < then ? now : then;
    return d->one_node && ranks < d->ranks ? 0 : (uint32_t)ranks;
}

bool room_ahead_may_start(const struct room_ahead *r, size_t demand_class, double duration_s)
{
    int64_t left = pool_class(r->pool, demand_class)->ranks;
    uint32_t node = pool_first_fit(r->pool, demand_class, 0);
    for (; node != POOL_NONE; node = pool_first_fit(r->pool, demand_class, node + 1))
        if ((left -= room_ahead_spares(r, node, demand_class, duration_s)) <= 0)
            return true;
    return false;
}
