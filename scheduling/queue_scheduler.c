/* What the queue scheduler keeps of the tasks that arrive, start and end (its passes:
 * queue_pass.c). */
#include <math.h>

#include "base/compiler.h"
#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/room_ahead.h"
#include "scheduling/to_come.h"

void queue_scheduler_update_reserve(struct queue_scheduler *q)
{
    placement_set_slots_per_gpu(q->placement, q->lifts ? 0 : to_come_slots_per_gpu(q->to_come));
}

static void forget_waiting(struct queue_scheduler *q)
{
    q->n_late = 0;
    q->settled = 0;
    q->some_left = true;
    q->horizon = (struct waiting_run){ .key = -INFINITY };
    for (size_t k = 0; k < q->kinds.n; k++) {
        bool some = q->waiting[k].n_tasks > 0;
        waiting_reset(&q->waiting[k]);
        if (some)
            queue_scheduler_note_first(q, k);
    }
}

/* What is free has changed otherwise than by starts and ends. */
static void forget_room(struct queue_scheduler *q)
{
    q->settled = 0;
    if (q->reservation)
        reservation_forget(q->reservation);
    if (q->ahead)
        room_ahead_forget(q->ahead);
}

static void queue_reset(void *state, uint64_t seed, uint32_t replica)
{
    struct queue_scheduler *q = state;
    q->seed = seed;
    q->replica = replica;
    q->arrivals = 0;
    expected_ends_clear(&q->ends);
    q->freed = POOL_NONE;
    q->look_s = INFINITY;
    forget_waiting(q);
    placement_reset(q->placement);
    if (q->to_come) {
        to_come_reset(q->to_come);
        queue_scheduler_update_reserve(q);
    }
    if (q->sweep)
        sweep_reset(q->sweep);
    forget_room(q);
}

static void push_random(struct queue_scheduler *q, struct waiting_run run, struct waiting *to)
{
    struct rng_stream stream =
        rng_stream(q->seed, q->replica, RNG_ORDER, q->common->workflow->sets[run.set].stream);
    for (uint32_t left = run.count; left > 0; left--, run.first++, run.arrival++) {
        run.count = 1;
        run.key = rng_uniform(&stream, run.first, run.attempt);
        waiting_push(to, &run);
    }
}

/* Tasks of one kind. */
static void push(struct queue_scheduler *q, const struct waiting_run *run, uint32_t kind)
{
    bool again = q->waiting[kind].n_tasks == 0;
    if (q->order->random)
        push_random(q, *run, &q->waiting[kind]);
    else
        waiting_push(&q->waiting[kind], run);
    if (q->sweep)
        sweep_arrived(q->sweep, kind);
    if (q->index && again)
        queue_scheduler_note_again(q, kind);
    else
        queue_scheduler_note_first(q, kind);
}

static void queue_ready(void *state, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    struct queue_scheduler *q = state;
    struct waiting_run run = { .key = q->keys ? q->keys[set] : 0, .arrival = q->arrivals,
                               .set = set, .first = first,
                               .count = count, .attempt = attempt };
    q->arrivals += count;
    if (q->index)
        queue_scheduler_expect_ready(q, set);
    if (attempt > 0 && q->to_come) {
        to_come_add(q->to_come, q->common->class_of_set[set], count);
        queue_scheduler_update_reserve(q);
    }
    for (uint32_t left = count, same; left > 0; left -= same) {
        uint32_t kind = task_kinds_run(&q->kinds, set, run.first, left, &same);
        run.count = same;
        push(q, &run, kind);
        run.first += same;
        run.arrival += same;
    }
}

/* What the machine has more of may let a task start on any node. */
static void sweep_all(struct queue_scheduler *q)
{
    for (uint32_t n = 0; n < pool_nodes(q->common->pool); n++)
        sweep_freed(q->sweep, n);
}

OUT_OF_LINE void queue_scheduler_sweep_grant(struct queue_scheduler *q)
{
    size_t freed = pool_grant_class(q->common->pool, q->freed);
    if (pool_class(q->common->pool, freed)->has_named)
        sweep_all(q);
    struct grant_part part;
    for (struct grant_walk w = { q->freed, 0 }; pool_next_node(q->common->pool, &w, &part);)
        sweep_freed(q->sweep, part.node);
}

OUT_OF_LINE static void take_expected_end(struct queue_scheduler *q, uint32_t grant)
{
    double end_s = expected_ends_remove(&q->ends, grant);
    reservation_ended(q->reservation, end_s);
    if (q->ahead)
        room_ahead_ended(q->ahead, grant, end_s);
}

static void queue_freed(void *state, uint32_t grant)
{
    struct queue_scheduler *q = state;
    q->settled = 0;
    if (q->overtake->reserves)
        take_expected_end(q, grant);
    queue_scheduler_release_freed(q);
    q->freed = grant;
}

static void queue_runs(void *state, uint32_t set, uint32_t grant, double since_s)
{
    struct queue_scheduler *q = state;
    double end_s = since_s + q->kinds.kind[q->kinds.of_set[set]].expected_s;
    q->settled = 0;
    if (q->overtake->reserves)
        expected_ends_add(&q->ends, grant, end_s);
    if (q->ahead)
        room_ahead_started(q->ahead, grant, end_s);
}

OUT_OF_LINE static void take_to_come(struct queue_scheduler *q, size_t demand_class)
{
    if (to_come_take(q->to_come, demand_class))
        queue_scheduler_update_reserve(q);
}

void queue_scheduler_keep(struct queue_scheduler *q, size_t kind, const struct waiting_run *run,
                          uint32_t grant)
{
    dispatch_decide(q->common, run->set, run->first, run->attempt, grant);
    if (q->overtake->reserves) {
        double end_s = q->now_s + q->kinds.kind[kind].expected_s;
        expected_ends_add(&q->ends, grant, end_s);
        reservation_started(q->reservation, grant, end_s);
        if (q->ahead)
            room_ahead_started(q->ahead, grant, end_s);
    }
    bool last = run->count == 1;
    waiting_take(&q->waiting[kind], run);
    if (last)
        queue_scheduler_expect_set(q, kind);
    q->some_left = true;
    queue_scheduler_note_first(q, kind);
    if (q->to_come)
        take_to_come(q, task_kinds_class(&q->kinds, kind));
}

static double queue_look_s(const void *state)
{
    const struct queue_scheduler *q = state;
    return q->look_s;
}

static void queue_cancel(void *state)
{
    forget_waiting(state);
}

static void queue_drain(void *state, uint32_t node)
{
    struct queue_scheduler *q = state;
    placement_drain(q->placement, node);
    forget_room(q);
}

static void queue_undrain(void *state, uint32_t node)
{
    struct queue_scheduler *q = state;
    placement_undrain(q->placement, node);
    forget_room(q);
    if (q->index)
        sweep_freed(q->sweep, node);
}

const struct scheduler_ops scheduler_queue = {
    .create = queue_scheduler_create, .destroy = queue_scheduler_destroy, .reset = queue_reset,
    .ready = queue_ready, .freed = queue_freed, .runs = queue_runs,
    .pass = queue_scheduler_pass, .cancel = queue_cancel, .drain = queue_drain,
    .undrain = queue_undrain, .look_s = queue_look_s,
};
