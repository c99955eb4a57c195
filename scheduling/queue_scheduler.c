#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "scheduling/overtake.h"
#include "scheduling/queue_scheduler_impl.h"

static void queue_destroy(void *state)
{
    struct queue_scheduler *q = state;
    if (!q)
        return;
    placement_free(q->placement);
    for (size_t k = 0; q->waiting && k < q->kinds.n; k++)
        waiting_clear(&q->waiting[k]);
    task_kinds_clear(&q->kinds);
    reservation_free(q->reservation);
    free(q->waiting);
    free(q->keys);
    free(q->may);
    free(q->to_come);
    free(q->ends);
    free(q->end_of_grant);
    free(q);
}

static void *queue_create(struct dispatch_common *c, const struct scheduler_options *o, struct error *err)
{
    const struct order_ops *order = order_find(o->order);
    const struct overtake_ops *overtake = overtake_find(o->overtake);
    const struct placement_ops *placement = placement_find(o->placement);
    if (!order || !overtake || !placement) {
        error_set(err, "%s: no such %s; `dagcast list` shows them", !order ? o->order : !overtake ? o->overtake : o->placement,
                  !order ? "order" : !overtake ? "overtake" : "placement");
        return NULL;
    }
    struct queue_scheduler *q = xcalloc(1, sizeof *q);
    q->common = c;
    q->order = order;
    q->overtake = overtake;
    task_kinds_init(&q->kinds, c->workflow, c->class_of_set, pool_classes(c->pool), overtake->reserves);
    q->placement = placement_new(placement, c->pool);
    q->reservation = overtake->reserves ? reservation_new(c->pool) : NULL;
    q->waiting = xcalloc(q->kinds.n, sizeof *q->waiting);
    q->may = xcalloc(q->kinds.n, sizeof *q->may);
    q->to_come = xcalloc(pool_classes(c->pool), sizeof *q->to_come);
    if (order->keys) {
        q->keys = xcalloc(c->workflow->n_sets, sizeof *q->keys);
        order->keys(c->workflow, c->platform, q->keys);
    }
    return q;
}

/* Slots beside each GPU that tasks not yet started need at most. */
static int64_t slots_per_gpu(const struct queue_scheduler *q)
{
    int64_t most = 0;
    for (size_t c = 0; !q->lifts && c < pool_classes(q->common->pool); c++) {
        const struct slot_demand *d = pool_class(q->common->pool, c);
        if (q->to_come[c] == 0 || (d->gpus == 0 && d->gpu_share == 0))
            continue;
        int64_t slots = d->gpus > 0 ? (d->slots + d->gpus - 1) / d->gpus : d->slots * (DEMAND_WHOLE_GPU / d->gpu_share);
        most = slots > most ? slots : most;
    }
    return most;
}

static void queue_reset(void *state, uint64_t seed, uint32_t replica)
{
    struct queue_scheduler *q = state;
    const struct workflow *w = q->common->workflow;
    q->seed = seed;
    q->replica = replica;
    q->arrivals = 0;
    q->n_ends = 0;
    q->freed = POOL_NONE;
    for (size_t k = 0; k < q->kinds.n; k++)
        waiting_reset(&q->waiting[k]);
    for (size_t c = 0; c < pool_classes(q->common->pool); c++)
        q->to_come[c] = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        q->to_come[q->common->class_of_set[s]] += w->sets[s].n_tasks;
    placement_reset(q->placement);
    placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
}

static void push_random(struct queue_scheduler *q, struct waiting_run run, struct waiting *to)
{
    struct rng_stream stream = rng_stream(q->seed, q->replica, RNG_ORDER, q->common->workflow->sets[run.set].stream);
    for (uint32_t left = run.count; left > 0; left--, run.first++, run.arrival++) {
        run.count = 1;
        run.key = rng_uniform(&stream, run.first, run.attempt);
        waiting_push(to, &run);
    }
}

/* Tasks of one kind. */
static void push(struct queue_scheduler *q, const struct waiting_run *run, uint32_t kind)
{
    if (q->order->random)
        push_random(q, *run, &q->waiting[kind]);
    else
        waiting_push(&q->waiting[kind], run);
}

static void queue_ready(void *state, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    struct queue_scheduler *q = state;
    size_t c = q->common->class_of_set[set];
    struct waiting_run run = { .key = q->keys ? q->keys[set] : 0, .arrival = q->arrivals, .set = set, .first = first,
                               .count = count, .attempt = attempt };
    q->arrivals += count;
    if (attempt > 0) {
        q->to_come[c] += count;
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
    }
    for (uint32_t left = count, same; left > 0; left -= same) {
        uint32_t kind = task_kinds_run(&q->kinds, set, run.first, left, &same);
        run.count = same;
        push(q, &run, kind);
        run.first += same;
        run.arrival += same;
    }
}

/* Where (end, grant) stands, or would stand, among the ends. */
static size_t find_end(const struct queue_scheduler *q, double end_s, uint32_t grant)
{
    size_t low = 0, high = q->n_ends;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct expected_end *e = &q->ends[middle];
        if (e->end_s < end_s || (e->end_s == end_s && e->grant < grant))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_end(struct queue_scheduler *q, double end_s, uint32_t grant)
{
    xgrow(&q->ends, &q->end_room, q->n_ends + 1, sizeof *q->ends);
    size_t at = find_end(q, end_s, grant);
    memmove(q->ends + at + 1, q->ends + at, (q->n_ends - at) * sizeof *q->ends);
    q->ends[at] = (struct expected_end){ end_s, grant };
    q->n_ends++;
    xgrow(&q->end_of_grant, &q->grant_room, (size_t)grant + 1, sizeof *q->end_of_grant);
    q->end_of_grant[grant] = end_s;
}

static void remove_end(struct queue_scheduler *q, uint32_t grant)
{
    size_t at = find_end(q, q->end_of_grant[grant], grant);
    q->n_ends--;
    memmove(q->ends + at, q->ends + at + 1, (q->n_ends - at) * sizeof *q->ends);
}

static void release_freed(struct queue_scheduler *q)
{
    if (q->freed != POOL_NONE)
        placement_release(q->placement, q->freed);
    q->freed = POOL_NONE;
}

static void queue_freed(void *state, uint32_t grant)
{
    struct queue_scheduler *q = state;
    if (q->overtake->reserves)
        remove_end(q, grant);
    release_freed(q);
    q->freed = grant;
}

int queue_scheduler_first(const struct queue_scheduler *q, const bool *may)
{
    const struct waiting_run *best = NULL;
    int best_kind = -1;
    for (size_t k = 0; k < q->kinds.n; k++) {
        const struct waiting_run *run = may && !may[k] ? NULL : waiting_first(&q->waiting[k]);
        if (run && (!best || waiting_before(run, best))) {
            best = run;
            best_kind = (int)k;
        }
    }
    return best_kind;
}

static void keep(struct queue_scheduler *q, size_t kind, const struct waiting_run *run, uint32_t grant)
{
    const struct task_kind *k = &q->kinds.kind[kind];
    dispatch_decide(q->common, run->set, run->first, run->attempt, grant);
    if (q->overtake->reserves)
        add_end(q, q->now_s + k->expected_s, grant);
    waiting_take(&q->waiting[kind], run);
    if (--q->to_come[k->demand_class] == 0)
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
}

void queue_scheduler_keep(struct queue_scheduler *q, size_t kind, uint32_t grant)
{
    keep(q, kind, waiting_first(&q->waiting[kind]), grant);
}

/* A run's tasks arrived one after the other, so those of no other kind come between them. */
bool queue_scheduler_start(struct queue_scheduler *q, size_t kind)
{
    const struct waiting_run *run = waiting_first(&q->waiting[kind]);
    for (uint32_t left = run->count; left > 0; left--) {
        uint32_t grant = placement_place(q->placement, q->kinds.kind[kind].demand_class);
        if (grant == POOL_NONE)
            return false;
        keep(q, kind, run, grant);
    }
    return true;
}

/* On a full machine, one task's slots mostly pass to the next of its kind. Whoever is first in the order starts if it fits, whatever the
 * overtaking rule. */
static void pass_freed_on(struct queue_scheduler *q)
{
    uint32_t grant = q->freed;
    if (grant == POOL_NONE)
        return;
    int kind = placement_can_pass_on(q->placement, grant) ? queue_scheduler_first(q, NULL) : -1;
    if (kind < 0 || q->kinds.kind[kind].demand_class != pool_grant_part(q->common->pool, grant).demand_class) {
        release_freed(q);
        return;
    }
    q->freed = POOL_NONE;
    placement_pass_on(q->placement, grant);
    queue_scheduler_keep(q, (size_t)kind, grant);
}

bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t kind)
{
    return q->waiting[kind].n_tasks > 0 && pool_holds_task(q->common->pool, q->kinds.kind[kind].demand_class);
}

/* Then a pass would start nothing, whatever the rule. */
static bool none_fits(const struct queue_scheduler *q)
{
    for (size_t k = 0; k < q->kinds.n; k++)
        if (queue_scheduler_may_start(q, k))
            return false;
    return true;
}

static bool queue_pass(void *state, double now_s)
{
    struct queue_scheduler *q = state;
    q->now_s = now_s;
    pass_freed_on(q);
    if (none_fits(q))
        return false;
    q->overtake->pass(q, now_s);
    if (q->common->n_running == 0 && q->common->n_waiting > 0) {
        q->lifts = true;                 /* nothing runs that could end: a reservation must not wait for ever */
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
        q->overtake->pass(q, now_s);
        q->lifts = false;
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
    }
    return false;
}

static void queue_cancel(void *state)
{
    struct queue_scheduler *q = state;
    for (size_t k = 0; k < q->kinds.n; k++)
        waiting_reset(&q->waiting[k]);
}

static void queue_drain(void *state, uint32_t node)
{
    struct queue_scheduler *q = state;
    placement_drain(q->placement, node);
}

const struct scheduler_ops scheduler_queue = {
    .create = queue_create, .destroy = queue_destroy, .reset = queue_reset, .ready = queue_ready, .freed = queue_freed,
    .pass = queue_pass, .cancel = queue_cancel, .drain = queue_drain,
};
