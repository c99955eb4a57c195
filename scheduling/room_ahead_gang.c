#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "scheduling/room_ahead_impl.h"

/* Tasks of several ranks over nodes. One sweep along time, from where the whole machine has enough
 * free: the ranks that fit on nodes without reservations grow as tasks end; those on nodes with
 * some come and go as steps enter the task's time (they begin before its end) and leave it. */

/* The search at hand; at_s moves on, and with it what the bookings and groups say. */
struct sweep_ahead {
    struct room_ahead *r;
    const struct slot_demand *d;
    double at_s, duration_s;
    int64_t ranks; /* that fit from then on for so long */
    size_t enters, leaves; /* places in the line */
    struct ends_cursor end;
};

/* A task's ranks that fit throughout the booking's steps within its time. */
static int64_t ranks_within(const struct sweep_ahead *s, const struct booking *b)
{
    const struct room_step *at = b->steps.at;
    int64_t ranks = room_amount_ranks(&at[b->low].free, s->d);
    struct room_amount need = room_amount_of_ranks(s->d, ranks);
    for (size_t k = b->low + 1; k <= b->high && ranks > 0; k++) {
        if (room_amount_holds(&at[k].free, &need))
            continue;
        ranks = room_amount_ranks(&at[k].free, s->d);
        need = room_amount_of_ranks(s->d, ranks);
    }
    return ranks;
}

static void set_ranks(struct sweep_ahead *s, struct booking *b, int64_t ranks)
{
    s->ranks += (ranks - b->ranks) * (int64_t)b->n;
    b->ranks = ranks;
}

/* The instant at hand has moved on. */
static void look_again(struct sweep_ahead *s, struct booking *b)
{
    const struct room_steps *steps = &b->steps;
    while (b->low + 1 < steps->n && steps->at[b->low + 1].from_s <= s->at_s)
        b->low++;
    b->high = b->high < b->low ? b->low : b->high;
    while (b->high + 1 < steps->n && steps->at[b->high + 1].from_s < s->at_s + s->duration_s)
        b->high++;
    set_ranks(s, b, ranks_within(s, b));
}

static void begin_bookings(struct sweep_ahead *s)
{
    struct room_ahead *r = s->r;
    for (size_t i = 0; i < r->n_in_use; i++) {
        struct booking *b = &r->bookings[r->in_use[i]];
        b->may = pool_is_of_kind(r->pool, b->nodes[0], s->d);
        b->ranks = 0;
        if (!b->may)
            continue;
        b->low = b->high = room_steps_at(&b->steps, s->at_s);
        look_again(s, b);
    }
}

static void begin_groups(struct sweep_ahead *s)
{
    struct room_ahead *r = s->r;
    for (size_t g = 0; g < r->alike.n_groups; g++) {
        struct group_use *u = &r->use[g];
        size_t n = room_ahead_unbooked(r, g);
        if (n == 0 || !room_ahead_is_of_kind(r, g, s->d))
            continue;
        u->search = r->search;
        u->seen_s = s->at_s;
        u->ranks = room_amount_ranks(room_ahead_group_free(r, g, s->at_s), s->d);
        s->ranks += u->ranks * (int64_t)n;
    }
}

/* A step begins before the task would end. */
static void enter(struct sweep_ahead *s, const struct booked_step *e)
{
    struct booking *b = &s->r->bookings[e->booking];
    if (!b->may || e->step <= b->high)
        return;
    b->high = e->step;
    if (b->ranks > 0) {
        int64_t here = room_amount_ranks(&b->steps.at[e->step].free, s->d);
        set_ranks(s, b, here < b->ranks ? here : b->ranks);
    }
}

/* The step before this one ends before the task would begin. */
static void leave(struct sweep_ahead *s, const struct booked_step *e)
{
    struct booking *b = &s->r->bookings[e->booking];
    if (!b->may)
        return;
    b->low = e->step;
    b->high = b->high < b->low ? b->low : b->high;
    set_ranks(s, b, ranks_within(s, b));
}

static void end_on_nodes(struct sweep_ahead *s, uint32_t node, uint32_t end)
{
    struct room_ahead *r = s->r;
    for (; node < end; node++) {
        uint32_t g = r->alike.of_node[node];
        if (g == ALIKE_NONE || room_ahead_is_booked(r, node))
            continue;
        struct group_use *u = &r->use[g];
        if (u->search != r->search || u->seen_s == s->at_s)
            continue;
        int64_t ranks = room_amount_ranks(room_ahead_group_free(r, g, s->at_s), s->d);
        s->ranks += (ranks - u->ranks) * (int64_t)room_ahead_unbooked(r, g);
        u->ranks = ranks;
        u->seen_s = s->at_s;
    }
}

/* A running task has ended by then. */
static void end_task(struct sweep_ahead *s, uint32_t grant)
{
    const struct pool *pool = s->r->pool;
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(pool, g)) {
        uint32_t node = pool_grant_node(pool, g);
        end_on_nodes(s, node, node + pool_grant_nodes(pool, g));
    }
}

/* When the next running task ends; INFINITY: none is left. */
static double next_end(const struct sweep_ahead *s)
{
    const struct expected_end *e = expected_ends_at(s->r->ends, &s->end);
    return e ? room_ahead_end(s->r, e->end_s) : INFINITY;
}

/* When what fits can next change for the better; INFINITY: never. */
static double next_instant(const struct sweep_ahead *s)
{
    const struct room_ahead *r = s->r;
    double end_s = next_end(s);
    return s->leaves < r->n_line ? fmin(end_s, r->line[s->leaves].from_s) : end_s;
}

static void end_tasks(struct sweep_ahead *s)
{
    struct room_ahead *r = s->r;
    const struct expected_end *e;
    for (; (e = expected_ends_at(r->ends, &s->end)) && room_ahead_end(r, e->end_s) <= s->at_s;
         expected_ends_step(r->ends, &s->end))
        end_task(s, e->grant);
}

static void move_on(struct sweep_ahead *s, double at_s)
{
    struct room_ahead *r = s->r;
    s->at_s = at_s;
    for (; s->enters < r->n_line && r->line[s->enters].from_s < at_s + s->duration_s; s->enters++)
        enter(s, &r->line[s->enters]);
    for (; s->leaves < r->n_line && r->line[s->leaves].from_s <= at_s; s->leaves++)
        leave(s, &r->line[s->leaves]);
    end_tasks(s);
}

/* The same as next_instant(), of each booking's steps. */
static double next_of_bookings(const struct sweep_ahead *s)
{
    const struct room_ahead *r = s->r;
    double next_s = next_end(s);
    for (size_t i = 0; i < r->n_in_use; i++) {
        const struct booking *b = &r->bookings[r->in_use[i]];
        if (b->may && b->low + 1 < b->steps.n && b->steps.at[b->low + 1].from_s < next_s)
            next_s = b->steps.at[b->low + 1].from_s;
    }
    return next_s;
}

/* A few instants further, mostly enough, without the line, which costs more to bring up to date. */
static void try_few(struct sweep_ahead *s)
{
    enum { FEW = 8, FEW_BOOKINGS = 96 };
    struct room_ahead *r = s->r;
    if (r->n_in_use > FEW_BOOKINGS)
        return;
    for (int tries = 0; s->ranks < s->d->ranks && tries < FEW && s->at_s < INFINITY; tries++) {
        double next_s = next_of_bookings(s);
        s->at_s =
            next_s < INFINITY ? room_ahead_first_total(r, s->d, s->duration_s, next_s) : INFINITY;
        for (size_t i = 0; s->at_s < INFINITY && i < r->n_in_use; i++)
            if (r->bookings[r->in_use[i]].may)
                look_again(s, &r->bookings[r->in_use[i]]);
        end_tasks(s);
    }
}

static void try_all(struct sweep_ahead *s)
{
    room_ahead_update_line(s->r);
    s->enters = s->leaves = room_ahead_line_behind(s->r, s->at_s);
    while (s->ranks < s->d->ranks && s->at_s < INFINITY)
        move_on(s, next_instant(s));
}

double room_ahead_first_gang(struct room_ahead *r, size_t demand_class, double duration_s,
                             double from_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    from_s = room_ahead_first_total(r, d, duration_s, from_s);
    if (from_s == INFINITY)
        return INFINITY;
    struct sweep_ahead s = { .r = r, .d = d, .at_s = from_s, .duration_s = duration_s };
    r->search++;
    begin_bookings(&s);
    begin_groups(&s);
    s.end = room_ahead_ends_from(r, from_s);
    try_few(&s);
    if (s.ranks < d->ranks && s.at_s < INFINITY)
        try_all(&s);
    return s.at_s;
}

static void mark(struct room_ahead *r, uint32_t node)
{
    r->marked[node / 64] |= UINT64_C(1) << node % 64;
}

/* The nodes that hold a rank at least in the time that the last search has found. */
static void mark_nodes(struct room_ahead *r)
{
    for (size_t i = 0; i < r->n_in_use; i++) {
        const struct booking *b = &r->bookings[r->in_use[i]];
        for (size_t k = 0; b->ranks > 0 && k < b->n; k++)
            mark(r, b->nodes[k]);
    }
    for (size_t g = 0; g < r->alike.n_groups; g++) {
        const struct alike_group *group = &r->alike.groups[g];
        bool some = r->use[g].search == r->search && r->use[g].ranks > 0;
        for (size_t k = 0; some && k < group->n; k++)
            if (!room_ahead_is_booked(r, group->nodes[k]))
                mark(r, group->nodes[k]);
    }
}

void room_ahead_reserve_gang(struct room_ahead *r)
{
    const struct slot_demand *d = pool_class(r->pool, r->found.demand_class);
    double from_s = r->found.at_s, to_s = from_s + r->found.duration_s;
    int64_t left = d->ranks;
    size_t n_words = (pool_nodes(r->pool) + 63) / 64;
    mark_nodes(r);
    for (size_t w = 0; w < n_words; w++)
        for (; left > 0 && r->marked[w]; r->marked[w] &= r->marked[w] - 1) {
            uint32_t node = (uint32_t)(w * 64) + (uint32_t)bits_lowest(r->marked[w]);
            int64_t ranks = room_ahead_is_booked(r, node) ? r->bookings[r->booking_of[node]].ranks
                                                          : r->use[r->alike.of_node[node]].ranks;
            struct room_amount by = room_amount_of_ranks(d, ranks < left ? ranks : left);
            room_ahead_book(r, node, &by, from_s, to_s);
            left -= ranks;
        }
    memset(r->marked, 0, n_words * sizeof *r->marked);
}
