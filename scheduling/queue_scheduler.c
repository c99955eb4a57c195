#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "scheduling/overtake.h"
#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/room_ahead.h"
#include "scheduling/to_come.h"

static bool is_late(const struct queue_scheduler *q, size_t kind)
{
    for (size_t i = 0; i < q->n_late; i++)
        if (q->late[i] == kind)
            return true;
    return false;
}

OUT_OF_LINE static void tell_index(struct queue_scheduler *q, size_t kind)
{
    if (!is_late(q, kind))
        kind_index_set(q->index, kind, waiting_first(&q->waiting[kind]));
}

static inline void note_head(struct queue_scheduler *q, size_t kind)
{
    const struct waiting_run *run = waiting_first(&q->waiting[kind]);
    uint32_t bit = UINT32_C(1) << kind;
    q->waits = run ? q->waits | bit : q->waits & ~bit;
    if (run)
        q->heads[kind] = (struct queue_head){ run->key, run->arrival };
}

static inline void note_first(struct queue_scheduler *q, size_t kind)
{
    if (q->index)
        tell_index(q, kind);
    else
        note_head(q, kind);
}

void queue_scheduler_tell_index(struct queue_scheduler *q)
{
    while (q->n_late > 0) {
        uint32_t kind = q->late[--q->n_late];
        if (q->waiting[kind].n_tasks > 0)
            tell_index(q, kind);
    }
}

/* The index takes for empty a kind that waits again. */
OUT_OF_LINE static void tell_late(struct queue_scheduler *q, uint32_t kind)
{
    if (is_late(q, kind))
        return;
    kind_index_expect_leaf(q->index, kind);
    if (q->n_late == QUEUE_MOST_LATE)
        queue_scheduler_tell_index(q);
    q->late[q->n_late++] = kind;
}

int queue_scheduler_first_indexed(const struct queue_scheduler *q)
{
    int best = kind_index_first(q->index);
    for (size_t i = 0; i < q->n_late; i++) {
        const struct waiting_run *run = waiting_first(&q->waiting[q->late[i]]);
        if (run && (best < 0 || waiting_before(run, waiting_first(&q->waiting[best]))))
            best = (int)q->late[i];
    }
    return best;
}

static void update_reserve(struct queue_scheduler *q)
{
    placement_set_slots_per_gpu(q->placement, q->lifts ? 0 : to_come_slots_per_gpu(q->to_come));
}

static void forget_waiting(struct queue_scheduler *q)
{
    q->n_late = 0;
    q->some_left = true;
    q->horizon = (struct waiting_run){ .key = -INFINITY };
    for (size_t k = 0; k < q->kinds.n; k++) {
        bool some = q->waiting[k].n_tasks > 0;
        waiting_reset(&q->waiting[k]);
        if (some)
            note_first(q, k);
    }
}

/* What is free has changed otherwise than by starts and ends. */
static void forget_room(struct queue_scheduler *q)
{
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
        update_reserve(q);
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
        tell_late(q, kind);
    else
        note_first(q, kind);
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
        update_reserve(q);
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

OUT_OF_LINE static void sweep_grant(struct queue_scheduler *q)
{
    size_t freed = pool_grant_class(q->common->pool, q->freed);
    if (pool_class(q->common->pool, freed)->has_named)
        sweep_all(q);
    struct grant_part part;
    for (struct grant_walk w = { q->freed, 0 }; pool_next_node(q->common->pool, &w, &part);)
        sweep_freed(q->sweep, part.node);
}

static void release_freed(struct queue_scheduler *q)
{
    if (q->freed == POOL_NONE)
        return;
    if (q->index && q->common->n_waiting > 0)
        sweep_grant(q);
    placement_release(q->placement, q->freed);
    q->freed = POOL_NONE;
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
    if (q->overtake->reserves)
        take_expected_end(q, grant);
    release_freed(q);
    q->freed = grant;
}

static void queue_runs(void *state, uint32_t set, uint32_t grant, double since_s)
{
    struct queue_scheduler *q = state;
    double end_s = since_s + q->kinds.kind[q->kinds.of_set[set]].expected_s;
    if (q->overtake->reserves)
        expected_ends_add(&q->ends, grant, end_s);
    if (q->ahead)
        room_ahead_started(q->ahead, grant, end_s);
}

OUT_OF_LINE static void take_to_come(struct queue_scheduler *q, size_t demand_class)
{
    if (to_come_take(q->to_come, demand_class))
        update_reserve(q);
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
    note_first(q, kind);
    if (q->to_come)
        take_to_come(q, task_kinds_class(&q->kinds, kind));
}

/* On a full machine, one task's slots mostly pass to the next of its kind. Whoever is first in the
 * order starts if it fits, whatever the overtaking rule. Of many kinds the first is hardly of that
 * class; of few it is more work to find than whether it may. */
static void pass_freed_on(struct queue_scheduler *q)
{
    uint32_t grant = q->freed;
    if (grant == POOL_NONE)
        return;
    bool few = !q->index, may = few && placement_can_pass_on(q->placement, grant);
    int kind = may || !few ? queue_scheduler_first(q) : -1;
    if (kind < 0 ||
        q->kinds.kind[kind].demand_class != pool_grant_class(q->common->pool, grant) ||
        (!few && !placement_can_pass_on(q->placement, grant))) {
        release_freed(q);
        return;
    }
    q->freed = POOL_NONE;
    placement_pass_on(q->placement, grant);
    queue_scheduler_keep(q, (size_t)kind, waiting_first(&q->waiting[kind]), grant);
}

bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t kind)
{
    return q->waiting[kind].n_tasks > 0 &&
           pool_holds_task(q->common->pool, q->kinds.kind[kind].demand_class);
}

uint32_t queue_scheduler_startable(const struct queue_scheduler *q)
{
    uint32_t may = 0, held = pool_held_shapes(q->common->pool);
    for (size_t k = q->kinds.n; k-- > 0;)
        may = 2 * may + ((q->shape_bits[k] & held) != 0);
    for (uint32_t left = q->asked & q->waits; left; left &= left - 1) {
        int k = bits_lowest(left);
        bool holds = pool_holds_task(q->common->pool, q->kinds.kind[k].demand_class);
        may |= (uint32_t)holds << k;
    }
    return may & q->waits;
}

/* The k-th look is at exactly k * overtake_every_s. The first one behind, or from `from_s` on. */
static double look_behind(const struct queue_scheduler *q, double from_s, bool included)
{
    double every_s = q->overtake_every_s;
    double k = included ? ceil(from_s / every_s) : floor(from_s / every_s) + 1;
    if (k * every_s < from_s || (!included && k * every_s == from_s))
        k++;                             /* the quotient was rounded */
    return fmax(k * every_s, included ? from_s : nextafter(from_s, INFINITY));
}

static bool is_look(const struct queue_scheduler *q, double now_s)
{
    double every_s = q->overtake_every_s;
    return now_s >= q->look_s || rint(now_s / every_s) * every_s == now_s;
}

/* After a look the next one can find something else only if something changes (then a pass is made,
 * and asks for it), if what runs outlives its expected end, on which reservations stand, if they
 * stand at the instant of the look, or if slots that were left to GPU tasks are so no longer. */
static double next_look(const struct queue_scheduler *q, bool looked)
{
    if (q->common->n_waiting == 0)
        return INFINITY;
    bool moved = (q->moves && q->ends.n > 0) || (q->to_come && q->common->n_decisions > 0);
    if (!looked || moved)
        return look_behind(q, q->now_s, false);
    double end_s = expected_ends_behind(&q->ends, q->now_s);
    return end_s < INFINITY ? look_behind(q, end_s, true) : INFINITY;
}

/* Nothing runs that could end: a reservation must not wait for ever. */
RARE static void pass_without_reserve(struct queue_scheduler *q, const struct overtake_ops *rule)
{
    q->lifts = true;
    update_reserve(q);
    if (!q->index)
        q->may = queue_scheduler_startable(q);
    rule->pass(q, q->now_s);
    q->lifts = false;
    update_reserve(q);
}

static void pass_by(struct queue_scheduler *q, const struct overtake_ops *rule)
{
    rule->pass(q, q->now_s);
    if (q->to_come && q->common->n_running == 0 && q->common->n_waiting > 0)
        pass_without_reserve(q, rule);
}

/* Tasks overtake at looks only. */
OUT_OF_LINE static void pass_at_looks(struct queue_scheduler *q, bool any)
{
    bool looks = is_look(q, q->now_s);
    q->look_s = INFINITY;
    if (!any)
        return;
    pass_by(q, looks ? q->overtake : &overtake_none);
    q->look_s = next_look(q, looks);
}

static bool queue_pass(void *state, double now_s)
{
    struct queue_scheduler *q = state;
    q->now_s = now_s;
    pass_freed_on(q);
    if (!q->index)
        q->may = queue_scheduler_startable(q);
    bool any = q->index || q->may != 0;
    if (q->overtake_every_s > 0)
        pass_at_looks(q, any);
    else if (any)
        pass_by(q, q->overtake);
    return false;
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
    .pass = queue_pass, .cancel = queue_cancel, .drain = queue_drain,
    .undrain = queue_undrain, .look_s = queue_look_s,
};
