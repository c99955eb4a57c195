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
    for (size_t c = 0; q->waiting && c < q->n_classes; c++)
        waiting_clear(&q->waiting[c]);
    free(q->waiting);
    free(q->keys);
    free(q->may);
    free(q->to_come);
    free(q->ends);
    free(q->end_of_grant);
    free(q->room);
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
    q->n_classes = pool_classes(c->pool);
    q->placement = placement_new(placement, c->pool);
    q->waiting = xcalloc(q->n_classes, sizeof *q->waiting);
    q->may = xcalloc(q->n_classes, sizeof *q->may);
    q->to_come = xcalloc(q->n_classes, sizeof *q->to_come);
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
    for (size_t c = 0; c < q->n_classes; c++) {
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
    for (size_t c = 0; c < q->n_classes; c++) {
        waiting_reset(&q->waiting[c]);
        q->to_come[c] = 0;
    }
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
    if (q->order->random)
        push_random(q, run, &q->waiting[c]);
    else
        waiting_push(&q->waiting[c], &run);
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
    if (q->overtake->needs_ends)
        remove_end(q, grant);
    release_freed(q);
    q->freed = grant;
}

int queue_scheduler_first(const struct queue_scheduler *q, const bool *may)
{
    const struct waiting_run *best = NULL;
    int best_class = -1;
    for (size_t c = 0; c < q->n_classes; c++) {
        const struct waiting_run *run = may && !may[c] ? NULL : waiting_first(&q->waiting[c]);
        if (run && (!best || waiting_before(run, best))) {
            best = run;
            best_class = (int)c;
        }
    }
    return best_class;
}

static double expected_end(const struct queue_scheduler *q, const struct waiting_run *run)
{
    return q->now_s + durations_expected(q->common->workflow, (int)run->set, run->first);
}

double queue_scheduler_expected_end(const struct queue_scheduler *q, size_t c)
{
    return expected_end(q, waiting_first(&q->waiting[c]));
}

uint32_t queue_scheduler_try(struct queue_scheduler *q, size_t c)
{
    return placement_place(q->placement, c);
}

static void keep(struct queue_scheduler *q, size_t c, const struct waiting_run *run, uint32_t grant)
{
    dispatch_decide(q->common, run->set, run->first, run->attempt, grant);
    if (q->overtake->needs_ends)
        add_end(q, expected_end(q, run), grant);
    waiting_take(&q->waiting[c], run);
    if (--q->to_come[c] == 0)
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
}

void queue_scheduler_keep(struct queue_scheduler *q, size_t c, uint32_t grant)
{
    keep(q, c, waiting_first(&q->waiting[c]), grant);
}

/* A run's tasks arrived one after the other, so those of no other class come between them. */
bool queue_scheduler_start(struct queue_scheduler *q, size_t c)
{
    const struct waiting_run *run = waiting_first(&q->waiting[c]);
    for (uint32_t left = run->count; left > 0; left--) {
        uint32_t grant = queue_scheduler_try(q, c);
        if (grant == POOL_NONE)
            return false;
        keep(q, c, run, grant);
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
    size_t c = pool_grant_part(q->common->pool, grant).demand_class;
    if (!placement_can_pass_on(q->placement, grant) || queue_scheduler_first(q, NULL) != (int)c) {
        release_freed(q);
        return;
    }
    q->freed = POOL_NONE;
    placement_pass_on(q->placement, grant);
    queue_scheduler_keep(q, c, grant);
}

bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t c)
{
    return q->waiting[c].n_tasks > 0 && pool_holds_task(q->common->pool, c);
}

/* Then a pass would start nothing, whatever the rule. */
static bool none_fits(const struct queue_scheduler *q)
{
    for (size_t c = 0; c < q->n_classes; c++)
        if (queue_scheduler_may_start(q, c))
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
        placement_set_slots_per_gpu(q->placement, 0);    /* nothing runs that could end: a reservation must not wait for ever */
        q->overtake->pass(q, now_s);
        placement_set_slots_per_gpu(q->placement, slots_per_gpu(q));
    }
    return false;
}

static void queue_cancel(void *state)
{
    struct queue_scheduler *q = state;
    for (size_t c = 0; c < q->n_classes; c++)
        waiting_reset(&q->waiting[c]);
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
