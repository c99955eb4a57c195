#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/room_ahead_impl.h"

/* What is free on all nodes together, from each instant on. Where that is too little for a task's
 * ranks, no choice of nodes will do: a search begins where it is enough, mostly at or just before
 * what it finds. It is made when a pass first asks, and may then count too much as free: what was
 * reserved before, and on drained nodes. */

bool room_ahead_counts_memory(const struct pool *pool)
{
    size_t n = pool_nodes(pool);
    for (uint32_t node = 0; node < n; node++) {
        int64_t mib = pool_shape(pool, node)->memory_mib;
        if (mib <= 0 || mib > INT64_MAX / 2 / (int64_t)n)
            return false;
    }
    return true;
}

static void add_times(const struct room_ahead *r, struct room_amount *a,
                      const struct room_amount *by, int64_t times)
{
    a->slots += times * by->slots;
    a->gpus += times * by->gpus;
    a->memory_mib += r->counts_memory ? times * by->memory_mib : 0;
}

static struct room_amount amount_of_task(const struct room_ahead *r, const struct slot_demand *d)
{
    struct room_amount each = room_amount_of_ranks(d, 1), sum = { 0 };
    add_times(r, &sum, &each, d->ranks);
    return sum;
}

static struct room_amount amount_of_grant(const struct room_ahead *r, uint32_t grant)
{
    struct room_amount sum = { 0 };
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(r->pool, g)) {
        struct grant_part part = pool_grant_part(r->pool, g);
        struct room_amount each = room_amount_of_part(&part);
        add_times(r, &sum, &each, part.n_nodes);
    }
    return sum;
}

static struct room_amount free_now(const struct room_ahead *r)
{
    struct room_amount sum = { 0 };
    for (size_t g = 0; g < r->alike.n_groups; g++) {
        const struct alike_group *group = &r->alike.groups[g];
        if (group->n > 0)
            add_times(r, &sum, &group->steps.at[0].free, (int64_t)group->n);
    }
    return sum;
}

static void make_total(struct room_ahead *r)
{
    struct room_steps *t = &r->total;
    struct ends_cursor c = { 0 };
    xgrow(&t->at, &t->room, r->ends->n + 1, sizeof *t->at);
    t->at[0] = (struct room_step){ r->now_s, free_now(r), 0 };
    t->n = 1;
    for (const struct expected_end *e; (e = expected_ends_at(r->ends, &c));
         expected_ends_step(r->ends, &c)) {
        struct room_amount by = amount_of_grant(r, e->grant);
        double at_s = room_ahead_end(r, e->end_s);
        struct room_step *last = &t->at[t->n - 1];
        if (at_s > last->from_s) {
            last[1] = (struct room_step){ at_s, last->free, 0 };
            t->n++;
            last++;
        }
        add_times(r, &last->free, &by, 1);
    }
    r->total_pass = r->pass;
}

double room_ahead_first_total(struct room_ahead *r, const struct slot_demand *d, double duration_s,
                              double from_s)
{
    if (r->total_pass != r->pass)
        make_total(r);
    struct room_amount need = amount_of_task(r, d);
    const struct room_steps *t = &r->total;
    size_t k = room_steps_at(t, from_s);
    double since_s = from_s; /* since when it is enough; INFINITY: it is not */
    for (; k < t->n; k++) {
        const struct room_step *step = &t->at[k];
        if (step->from_s >= since_s + duration_s && step->from_s > since_s)
            return since_s;
        if (!room_amount_holds(&step->free, &need))
            since_s = INFINITY;
        else if (since_s == INFINITY)
            since_s = step->from_s;
    }
    return since_s;
}

void room_ahead_total_reserve(struct room_ahead *r, const struct slot_demand *d, double from_s,
                              double to_s)
{
    if (r->total_pass != r->pass)
        return;
    struct room_amount need = amount_of_task(r, d);
    room_steps_take(&r->total, from_s, to_s, &need);
}

void room_ahead_total_start(struct room_ahead *r, uint32_t grant, double end_s)
{
    if (r->total_pass != r->pass)
        return;
    struct room_amount by = amount_of_grant(r, grant);
    room_steps_take(&r->total, r->now_s, end_s, &by);
}
