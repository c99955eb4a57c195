/* Conservative backfilling (Mu'alem and Feitelson 2001): each waiting task, in order, gets the
 * earliest interval of its expected duration in which it fits beside what runs and what is reserved
 * for those before it. If that begins now it starts; else it is reserved there, so that no task
 * delays one that goes before it. Reservations are made anew at each pass. A pass ends when it has
 * reserved for CONSERVATIVE_DEPTH tasks; Slurm's (bf_max_job_test, 500 by default) and Flux's
 * (queue-depth, 32 by default) have such limits, too.
 *
 * Reservations are made only for tasks before one that could start: if none is left whose demand is
 * free now, the pass is over. A pass leaves out those that no pass since the last end of a task
 * could start. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/overtake.h"
#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/room_ahead.h"
#include "scheduling/waiting_walk.h"

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
    const struct waiting_run *run = waiting_first(&q->waiting[kind]);
    queue_scheduler_expect_draw(q, run);
    uint32_t grant = placement_place_within(q->placement, k->demand_class, spares, &during);
    if (grant == POOL_NONE)
        return false;
    queue_scheduler_keep(q, kind, run, grant);
    return true;
}

/* When a task of the kind fits; none of a kind fits earlier than the one before it. */
static double first_fit_s(struct queue_scheduler *q, size_t kind)
{
    const struct task_kind *k = &q->kinds.kind[kind];
    bool again = waiting_walk_passed(q->walk, kind);
    double from_s = again ? q->ahead_s[kind] : q->now_s;
    double at_s = from_s < INFINITY
                      ? room_ahead_first(q->ahead, k->demand_class, k->expected_s, from_s)
                      : INFINITY;
    q->ahead_s[kind] = at_s;
    return at_s;
}

static void reserve(struct queue_scheduler *q, double at_s)
{
    q->moves |= at_s <= nextafter(q->now_s, INFINITY);
    if (at_s < INFINITY)
        room_ahead_reserve(q->ahead);
}

/* Tasks of the first run of a kind that may start; true: all of them have started. */
static bool start_run(struct queue_scheduler *q, size_t kind, uint32_t count)
{
    for (; count > 0; count--) {
        double at_s = first_fit_s(q, kind);
        if (at_s == q->now_s && start(q, kind))
            continue;
        return false;
    }
    return true;
}

static void begin_candidates(struct queue_scheduler *q)
{
    const struct pool *pool = q->common->pool;
    struct room most = { { INFINITY, INFINITY, INFINITY } };
    if (!pool_tracks_classes(pool)) /* else it is not at hand */
        most = pool_most_room(pool);
    struct kind_need room = kind_room_of(pool, &most);
    q->fitting_rooms.n = 0;
    kind_rooms_add(&q->fitting_rooms, &room);
    kind_index_begin(q->index, &q->fitting, &q->fitting_rooms, NULL);
}

/* The next kind whose first task may fit now; -1. */
static int next_candidate(struct queue_scheduler *q)
{
    int k;
    if (!q->index)
        return queue_scheduler_first_of(q, q->may);
    do
        k = kind_index_next(q->index, &q->fitting);
    while (k >= 0 && waiting_walk_passed(q->walk, (size_t)k));
    return k;
}

static void note_refused(struct queue_scheduler *q, int kind)
{
    if (!q->index)
        queue_scheduler_refuse(q, (size_t)kind);
}

/* Passes over a run: reserves for its tasks; returns for how many. */
static size_t reserve_run(struct queue_scheduler *q, size_t kind, uint32_t count, size_t most)
{
    size_t n = 0;
    for (; n < count && n < most; n++) {
        reserve(q, first_fit_s(q, kind));
        if (n == 0)
            waiting_walk_pass(q->walk);
    }
    return n;
}

/* Waiting tasks behind this place are out of reach of a pass. */
static struct waiting_run find_horizon(struct queue_scheduler *q)
{
    struct waiting_run last = { .key = INFINITY };
    size_t left = CONSERVATIVE_DEPTH;
    waiting_walk_begin(q->look_ahead);
    for (;; waiting_walk_pass(q->look_ahead)) {
        uint32_t kind;
        const struct waiting_run *run = waiting_walk_at(q->look_ahead, &kind);
        if (!run)
            return last;
        if (run->count >= left)
            return *run;
        left -= run->count;
    }
}

/* The horizon is kept from pass to pass: it moves on only where tasks leave, and if more came in
 * before it, then a pass reserves for some in vain. */
static bool is_in_reach(struct queue_scheduler *q, const struct waiting_run *run)
{
    if (waiting_before(&q->horizon, run) && q->some_left) {
        q->horizon = find_horizon(q);
        q->some_left = false;
    }
    return !waiting_before(&q->horizon, run);
}

/* Tasks that go in the order of their arrival: one that arrives after a pass delays none that the
 * pass left waiting. Their reservations stay as they are until a task ends, or runs on beyond its
 * expected end. Until then none of them can start. */
static void forget_settled(struct queue_scheduler *q)
{
    struct ends_cursor c = { 0 };
    const struct expected_end *first = expected_ends_at(&q->ends, &c);
    if (first && first->end_s <= q->now_s)
        q->settled = 0;
}

static void settle(struct queue_scheduler *q)
{
    bool in_turn = !q->keys && !q->order->random;
    q->settled = in_turn && !q->moves && !q->to_come ? q->arrivals : 0;
}

static bool is_settled(const struct queue_scheduler *q, int kind)
{
    return waiting_first(&q->waiting[kind])->arrival < q->settled;
}

/* Not even the first task to arrive behind the last pass is in reach. */
static bool all_settled(struct queue_scheduler *q)
{
    struct waiting_run next = { .arrival = q->settled };
    return q->settled > 0 && !is_in_reach(q, &next);
}

/* The candidate, or the first behind it that could start beside what is reserved; -1: there is none
 * within reach. */
static int first_to_start(struct queue_scheduler *q, int candidate)
{
    while (candidate >= 0 && is_in_reach(q, waiting_first(&q->waiting[candidate]))) {
        const struct task_kind *k = &q->kinds.kind[candidate];
        if (!is_settled(q, candidate) &&
            room_ahead_may_start(q->ahead, k->demand_class, k->expected_s))
            return candidate;
        note_refused(q, candidate);
        candidate = next_candidate(q);
    }
    return -1;
}

/* From the first waiting task on, which did not fit. */
static void pass_reserving(struct queue_scheduler *q)
{
    size_t reserved = 0;
    int next = first_to_start(q, next_candidate(q));
    while (next >= 0 && reserved < CONSERVATIVE_DEPTH) {
        uint32_t kind;
        const struct waiting_run *run = waiting_walk_at(q->walk, &kind);
        bool tries = kind == (uint32_t)next && !waiting_walk_passed(q->walk, kind),
             started = tries && start_run(q, kind, run->count);
        if (!started) {
            run = waiting_walk_at(q->walk, &kind);
            reserved += reserve_run(q, kind, run->count, CONSERVATIVE_DEPTH - reserved);
        }
        if (tries && !started)
            note_refused(q, next);
        next = first_to_start(q, tries ? next_candidate(q) : next);
    }
}

static void conservative_pass(struct queue_scheduler *q, double now_s)
{
    int head;
    q->moves = false;
    while ((head = queue_scheduler_first(q)) >= 0 && queue_scheduler_start(q, (size_t)head))
        continue;
    if (head < 0)
        return;
    if (!q->ahead) {
        q->ahead = room_ahead_new(q->common->pool, &q->ends);
        q->walk = waiting_walk_new(q);
        q->look_ahead = waiting_walk_new(q);
        q->ahead_s = xcalloc(q->kinds.n, sizeof *q->ahead_s);
    }
    if (q->index)
        queue_scheduler_tell_index(q);
    forget_settled(q);
    if (all_settled(q))
        return;
    if (q->index)
        begin_candidates(q);
    room_ahead_begin(q->ahead, now_s);
    waiting_walk_begin(q->walk);
    pass_reserving(q);
    settle(q);
    room_ahead_finish(q->ahead);
}

const struct overtake_ops overtake_conservative = {
    .name = "conservative",
    .summary = "backfill that delays none of the waiting tasks before it (expected durations)",
    .pass = conservative_pass,
    .reserves = true,
};
