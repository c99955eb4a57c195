#include "scheduling/room_ahead.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/sort.h"
#include "base/xalloc.h"

struct amount {
    int64_t slots, gpus, memory_mib; /* gpus: millionths */
};

struct step { /* from then on, to the next step */
    double from_s;
    struct amount free;
};

struct node_steps {
    size_t n, room;
    size_t cursor; /* the step that holds the instant at hand, while instants are gone through */
    struct step *at; /* at[0] begins now */
};

struct room_ahead {
    const struct pool *pool;
    double now_s;
    struct node_steps *nodes;
    size_t instants_room;
    double *instants; /* scratch: when steps begin */
};

struct room_ahead *room_ahead_new(const struct pool *pool)
{
    struct room_ahead *r = xcalloc(1, sizeof *r);
    r->pool = pool;
    r->nodes = xcalloc(pool_nodes(pool), sizeof *r->nodes);
    return r;
}

void room_ahead_free(struct room_ahead *r)
{
    if (!r)
        return;
    for (size_t n = 0; n < pool_nodes(r->pool); n++)
        free(r->nodes[n].at);
    free(r->nodes);
    free(r->instants);
    free(r);
}

/* The step that holds the instant begins there from now on; returns its number. */
static size_t cut(struct node_steps *s, double at_s)
{
    size_t k = s->n;
    while (k > 0 && s->at[k - 1].from_s > at_s)
        k--;
    if (s->at[k - 1].from_s == at_s)
        return k - 1;
    xgrow(&s->at, &s->room, s->n + 1, sizeof *s->at);
    memmove(s->at + k + 1, s->at + k, (s->n - k) * sizeof *s->at);
    s->at[k] = (struct step){ at_s, s->at[k - 1].free };
    s->n++;
    return k;
}

/* Adds `sign` times the amount from one instant to another. */
static void change(struct room_ahead *r, uint32_t node, double from_s, double to_s,
                   struct amount by, int sign)
{
    struct node_steps *s = &r->nodes[node];
    if (to_s <= from_s)
        return;
    size_t first = cut(s, from_s), end = isinf(to_s) ? s->n : cut(s, to_s);
    for (size_t k = first; k < end; k++) {
        s->at[k].free.slots += sign * by.slots;
        s->at[k].free.gpus += sign * by.gpus;
        s->at[k].free.memory_mib += sign * by.memory_mib;
    }
}

static struct amount of_part(const struct grant_part *part)
{
    int64_t each = part->gpu_share > 0 ? part->gpu_share : DEMAND_WHOLE_GPU;
    return (struct amount){ part->n_slots, each * bits_count(part->gpus), part->memory_mib };
}

static struct amount of_ranks(const struct slot_demand *d, int64_t ranks)
{
    int64_t gpus = d->gpu_share > 0 ? d->gpu_share : (int64_t)d->gpus * DEMAND_WHOLE_GPU;
    return (struct amount){ ranks * d->slots, ranks * gpus, ranks * d->memory_mib };
}

static int64_t free_gpus(const struct pool *pool, uint32_t node)
{
    int64_t sum = 0;
    if (!pool_shares_devices(pool))
        return (int64_t)pool_free_gpus(pool, node) * DEMAND_WHOLE_GPU;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        sum += pool_device_room(pool, node, g);
    return sum;
}

static void add_end(struct room_ahead *r, const struct expected_end *e)
{
    double end_s = e->end_s > r->now_s ? e->end_s : nextafter(r->now_s, INFINITY);
    for (uint32_t g = e->grant; g != POOL_NONE; g = pool_grant_next(r->pool, g)) {
        struct grant_part part = pool_grant_part(r->pool, g);
        if (!pool_is_drained(r->pool, part.node))
            change(r, part.node, end_s, INFINITY, of_part(&part), 1);
    }
}

void room_ahead_begin(struct room_ahead *r, double now_s, const struct expected_ends *ends)
{
    const struct pool *pool = r->pool;
    r->now_s = now_s;
    for (uint32_t n = 0; n < pool_nodes(pool); n++) {
        struct node_steps *s = &r->nodes[n];
        struct step first = { .from_s = now_s };
        if (!pool_is_drained(pool, n))
            first.free = (struct amount){ pool_free_slots(pool, n), free_gpus(pool, n),
                                          pool_free_memory(pool, n) };
        xgrow(&s->at, &s->room, 1, sizeof *s->at);
        s->at[0] = first;
        s->n = 1;
    }
    struct ends_cursor c = { 0 };
    for (const struct expected_end *e; (e = expected_ends_at(ends, &c));
         expected_ends_step(ends, &c))
        add_end(r, e);
}

/* As many as one task has at most; of one on one node all or none. */
static int64_t ranks_in(struct amount free, const struct slot_demand *d)
{
    struct amount each = of_ranks(d, 1);
    int64_t ranks = d->ranks;
    if (each.slots > 0 && free.slots / each.slots < ranks)
        ranks = free.slots / each.slots;
    if (each.gpus > 0 && free.gpus / each.gpus < ranks)
        ranks = free.gpus / each.gpus;
    if (each.memory_mib > 0 && free.memory_mib / each.memory_mib < ranks)
        ranks = free.memory_mib / each.memory_mib;
    return ranks < 0 || (d->one_node && ranks < d->ranks) ? 0 : ranks;
}

/* The step that holds the instant, from step `k` on. */
static size_t step_at(const struct node_steps *s, size_t k, double at_s)
{
    while (k + 1 < s->n && s->at[k + 1].from_s <= at_s)
        k++;
    return k;
}

/* Throughout, from an instant within step `k` on; at that instant if the duration is 0. */
static int64_t ranks_during(const struct room_ahead *r, const struct node_steps *s, size_t k,
                            const struct slot_demand *d, double from_s, double duration_s)
{
    bool of_kind = pool_is_of_kind(r->pool, (uint32_t)(s - r->nodes), d);
    int64_t ranks = of_kind ? ranks_in(s->at[k].free, d) : 0;
    for (k++; ranks > 0 && k < s->n && s->at[k].from_s < from_s + duration_s; k++) {
        int64_t here = ranks_in(s->at[k].free, d);
        ranks = here < ranks ? here : ranks;
    }
    return ranks;
}

/* A rank at least, from the node's own steps. */
static double first_on_node(const struct node_steps *s, const struct slot_demand *d,
                            double duration_s)
{
    double from_s = NAN;
    for (size_t k = 0; k < s->n; k++) {
        if (!isnan(from_s) && s->at[k].from_s >= from_s + duration_s && s->at[k].from_s > from_s)
            return from_s;
        if (ranks_in(s->at[k].free, d) < d->ranks)
            from_s = NAN;
        else if (isnan(from_s))
            from_s = s->at[k].from_s;
    }
    return isnan(from_s) ? INFINITY : from_s;
}

static size_t list_instants(struct room_ahead *r)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < pool_nodes(r->pool); i++)
        n += r->nodes[i].n;
    xgrow(&r->instants, &r->instants_room, n, sizeof *r->instants);
    n = 0;
    for (size_t i = 0; i < pool_nodes(r->pool); i++)
        for (size_t k = 0; k < r->nodes[i].n; k++)
            r->instants[n++] = r->nodes[i].at[k].from_s;
    sort_doubles(r->instants, n);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || r->instants[i] != r->instants[kept - 1])
            r->instants[kept++] = r->instants[i];
    return kept;
}

static bool fits_from(const struct room_ahead *r, const struct slot_demand *d, double from_s,
                      double duration_s)
{
    int64_t ranks = 0;
    for (size_t n = 0; n < pool_nodes(r->pool) && ranks < d->ranks; n++) {
        struct node_steps *s = &r->nodes[n];
        s->cursor = step_at(s, s->cursor, from_s);
        ranks += ranks_during(r, s, s->cursor, d, from_s, duration_s);
    }
    return ranks >= d->ranks;
}

double room_ahead_first(struct room_ahead *r, size_t demand_class, double duration_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    double first_s = INFINITY;
    if (d->ranks == 1 || d->one_node) {
        for (size_t n = 0; n < pool_nodes(r->pool); n++)
            if (pool_is_of_kind(r->pool, (uint32_t)n, d))
                first_s = fmin(first_s, first_on_node(&r->nodes[n], d, duration_s));
        return first_s;
    }
    size_t n = list_instants(r);
    for (size_t k = 0; k < pool_nodes(r->pool); k++)
        r->nodes[k].cursor = 0;
    for (size_t i = 0; i < n; i++)
        if (fits_from(r, d, r->instants[i], duration_s))
            return r->instants[i];
    return INFINITY;
}

uint32_t room_ahead_spares(const struct room_ahead *r, uint32_t node, size_t demand_class,
                           double duration_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    int64_t now = pool_ranks_that_fit(r->pool, node, demand_class),
            then = ranks_during(r, &r->nodes[node], 0, d, r->now_s, duration_s);
    int64_t ranks = now < then ? now : then;
    return d->one_node && ranks < d->ranks ? 0 : (uint32_t)ranks;
}

void room_ahead_reserve(struct room_ahead *r, size_t demand_class, double at_s, double duration_s)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    int64_t left = d->ranks;
    for (uint32_t n = 0; n < pool_nodes(r->pool) && left > 0; n++) {
        const struct node_steps *s = &r->nodes[n];
        int64_t ranks = ranks_during(r, s, step_at(s, 0, at_s), d, at_s, duration_s);
        ranks = ranks < left ? ranks : left;
        if (ranks > 0)
            change(r, n, at_s, at_s + duration_s, of_ranks(d, ranks), -1);
        left -= ranks;
    }
}

void room_ahead_take(struct room_ahead *r, uint32_t grant, double duration_s)
{
    for (; grant != POOL_NONE; grant = pool_grant_next(r->pool, grant)) {
        struct grant_part part = pool_grant_part(r->pool, grant);
        change(r, part.node, r->now_s, r->now_s + duration_s, of_part(&part), -1);
    }
}
