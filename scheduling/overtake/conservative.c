/* Conservative backfilling (Mu'alem and Feitelson 2001): each waiting task, in order, gets the
 * earliest interval of its expected duration in which it fits beside what runs and what is reserved
 * for those before it. If that begins now it starts; else it is reserved there, so that no task
 * delays one that goes before it. Reservations are made anew at each pass. A pass ends when it has
 * reserved for CONSERVATIVE_DEPTH tasks; Slurm's (bf_max_job_test, 500 by default) and Flux's
 * (queue-depth, 32 by default) have such limits, too. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/overtake.h"
#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/room_ahead.h"

struct candidate {
    struct waiting_run run;
    size_t kind;
};

struct candidates {
    size_t n, room;
    struct candidate *at;
};

/* Of a binary heap, the first in order at the top, only at[i] may be out of place. */
static void sift_down(struct candidates *c, size_t i)
{
    struct candidate moved = c->at[i];
    for (size_t child; (child = 2 * i + 1) < c->n; i = child) {
        child += child + 1 < c->n && waiting_before(&c->at[child + 1].run, &c->at[child].run);
        if (!waiting_before(&c->at[child].run, &moved.run))
            break;
        c->at[i] = c->at[child];
    }
    c->at[i] = moved;
}

/* The first in order; c->n > 0. */
static struct candidate take_first(struct candidates *c)
{
    struct candidate first = c->at[0];
    c->at[0] = c->at[--c->n];
    if (c->n > 0)
        sift_down(c, 0);
    return first;
}

static void add(struct candidates *c, const struct waiting_run *run, size_t kind)
{
    xgrow(&c->at, &c->room, c->n + 1, sizeof *c->at);
    c->at[c->n++] = (struct candidate){ *run, kind };
}

/* All runs of waiting tasks, as a heap: of very many a pass looks at the first few. */
static struct candidates list_candidates(const struct queue_scheduler *q)
{
    struct candidates c = { 0 };
    for (size_t k = 0; k < q->kinds.n; k++) {
        const struct waiting *w = &q->waiting[k];
        for (size_t i = w->ring_first; i < w->ring_end; i++)
            add(&c, &w->ring[i], k);
        for (size_t i = 0; i < w->heap_count; i++)
            add(&c, &w->heap[i], k);
    }
    for (size_t i = c.n / 2; i-- > 0;)
        sift_down(&c, i);
    return c;
}

struct spare_during {
    const struct room_ahead *ahead;
    double duration_s;
};

static uint32_t spares(const void *user, uint32_t node, size_t demand_class)
{
    const struct spare_during *s = user;
    return room_ahead_spares(s->ahead, node, demand_class, s->duration_s);
}

/* Starts the kind's first task if nothing that goes before it needs the room. */
static bool start(struct queue_scheduler *q, size_t kind)
{
    const struct task_kind *k = &q->kinds.kind[kind];
    const struct spare_during during = { q->ahead, k->expected_s };
    uint32_t grant = placement_place_within(q->placement, k->demand_class, spares, &during);
    if (grant == POOL_NONE)
        return false;
    room_ahead_take(q->ahead, grant, k->expected_s);
    queue_scheduler_keep(q, kind, waiting_first(&q->waiting[kind]), grant);
    return true;
}

/* One task; false: no other of its kind starts in this pass. */
static bool try_task(struct queue_scheduler *q, size_t kind, bool may)
{
    const struct task_kind *k = &q->kinds.kind[kind];
    double at_s = room_ahead_first(q->ahead, k->demand_class, k->expected_s);
    if (may && at_s == q->now_s && start(q, kind))
        return true;
    q->moves |= at_s <= nextafter(q->now_s, INFINITY);
    if (at_s < INFINITY)
        room_ahead_reserve(q->ahead, k->demand_class, at_s, k->expected_s);
    return false;
}

static size_t count_may(const struct queue_scheduler *q)
{
    size_t n = 0;
    for (size_t k = 0; k < q->kinds.n; k++)
        n += q->may[k];
    return n;
}

static void conservative_pass(struct queue_scheduler *q, double now_s)
{
    for (size_t k = 0; k < q->kinds.n; k++)
        q->may[k] = queue_scheduler_may_start(q, k);
    size_t may = count_may(q), reserved = 0;
    q->moves = false;
    if (may == 0)
        return;
    if (!q->ahead)
        q->ahead = room_ahead_new(q->common->pool);
    room_ahead_begin(q->ahead, now_s, &q->ends);
    struct candidates c = list_candidates(q);
    while (c.n > 0 && may > 0 && reserved < CONSERVATIVE_DEPTH) {
        struct candidate first = take_first(&c);
        size_t kind = first.kind;
        for (uint32_t t = 0; t < first.run.count && may > 0 && reserved < CONSERVATIVE_DEPTH;
             t++) {
            bool before = q->may[kind], started = try_task(q, kind, before);
            reserved += !started;
            q->may[kind] = started && q->waiting[kind].n_tasks > 0;
            may -= before && !q->may[kind];
        }
    }
    free(c.at);
}

const struct overtake_ops overtake_conservative = {
    .name = "conservative",
    .summary = "backfill that delays none of the waiting tasks before it (expected durations)",
    .pass = conservative_pass,
    .reserves = true,
};
