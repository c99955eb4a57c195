#include "scheduling/radical.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/radical_impl.h"

static void radical_cancel(void *state)
{
    struct radical *r = state;
    r->n_incoming = 0;
    if (r->pool)
        wait_pool_reset(r->pool);
    for (size_t c = 0; r->queue && c < pool_classes(r->common->pool); c++)
        waiting_reset(&r->queue[c]);
    r->n_queued = 0;
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        radical_remove_waiting(r, c, r->n_waiting[c]);
    radical_begin_anew(r);
}

static void radical_reset(void *state, uint64_t seed, uint32_t replica)
{
    (void)seed;
    (void)replica;
    struct radical *r = state;
    radical_cancel(r);
    node_search_reset(&r->search);
    if (r->attempt)
        memset(r->attempt, 0, r->common->workflow->n_tasks);
    r->n_freed = 0;
    r->looks = true;
}

static void radical_ready(void *state, uint32_t set, uint32_t first, uint32_t count,
                          uint32_t attempt)
{
    struct radical *r = state;
    if (count == 0)
        return;
    xgrow(&r->incoming, &r->incoming_room, r->n_incoming + 1, sizeof *r->incoming);
    r->incoming[r->n_incoming] =
        (struct incoming){ .set = set,
                           .first = first,
                           .count = count,
                           .attempt = attempt,
                           .ranks =
                               pool_class(r->common->pool, r->common->class_of_set[set])->ranks,
                           .arrival = r->n_incoming };
    r->n_incoming++;
}

static void radical_freed(void *state, uint32_t grant)
{
    struct radical *r = state;
    xgrow(&r->freed, &r->freed_room, r->n_freed + 1, sizeof *r->freed);
    r->freed[r->n_freed++] = grant;
    pool_expect_release(r->common->pool, grant, false);
}

static void radical_drain(void *state, uint32_t node)
{
    struct radical *r = state;
    pool_drain(r->common->pool, node);
    node_search_changed(&r->search);
}

static void radical_undrain(void *state, uint32_t node)
{
    struct radical *r = state;
    pool_undrain(r->common->pool, node);
    node_search_changed(&r->search);
    r->looks = true;                     /* as after a release */
    radical_begin_anew(r);
}

static size_t waiting(const struct radical *r)
{
    return r->pool ? wait_pool_length(r->pool) : r->n_queued;
}

SORT_ORDER(by_ranks_descending, struct incoming, SORT_DOWN(ranks) SORT_LAST(arrival))

static void make_queue(struct radical *r, const struct incoming *in, uint32_t placed)
{
    struct waiting_run run = { .arrival = r->arrivals,
                               .set = in->set,
                               .first = in->first + placed,
                               .count = in->count - placed,
                               .attempt = in->attempt };
    waiting_push(&r->queue[r->common->class_of_set[in->set]], &run);
    r->arrivals += run.count;
    r->n_queued += run.count;
    radical_add_waiting(r, r->common->class_of_set[in->set], run.count);
    radical_queue_changed(r, r->common->class_of_set[in->set]);
    radical_begin_anew(r);
}

static void make_wait(struct radical *r, const struct incoming *in, uint32_t placed)
{
    if (r->queue) {
        make_queue(r, in, placed);
        return;
    }
    uint32_t first = r->common->workflow->sets[in->set].first_task + in->first + placed,
             count = in->count - placed;
    if (in->attempt > 0 && !r->attempt)
        r->attempt = xcalloc(r->common->workflow->n_tasks, sizeof *r->attempt);
    assert(in->attempt <= UINT8_MAX);
    if (in->attempt > 0)
        memset(r->attempt + first, (int)in->attempt, count);
    wait_pool_add(r->pool, r->common->class_of_set[in->set], first, count);
    radical_add_waiting(r, r->common->class_of_set[in->set], count);
    radical_begin_anew(r);
}

/* Whether all that came in was placed. One of a run that does not fit speaks for those behind it.
 */
static bool try_incoming(struct radical *r)
{
    bool all = true;
    if (r->pool && r->n_incoming > 0)
        qsort(r->incoming, r->n_incoming, sizeof *r->incoming, by_ranks_descending);
    for (size_t i = 0; i < r->n_incoming; i++) {
        const struct incoming *in = &r->incoming[i];
        uint32_t n = 0;
        while (n < in->count && radical_place(r, in->set, in->first + n, in->attempt))
            n++;
        if (n < in->count) {
            make_wait(r, in, n);
            all = false;
        }
    }
    r->n_incoming = 0;
    return all;
}

static void release_freed(struct radical *r)
{
    for (size_t i = 0; i < r->n_freed; i++)
        pool_release(r->common->pool, r->freed[i]);
    r->n_freed = 0;
    r->looks = true;
    node_search_changed(&r->search);
    radical_begin_anew(r);
}

/* One turn of the loop; whether anything moved. */
static bool iterate(struct radical *r)
{
    bool moved = false, pool_left = false, some_wait = false;
    if (r->looks) {
        moved = (r->pool ? radical_try_pool(r) : radical_try_queue(r)) > 0;
        pool_left = waiting(r) > 0;
    }
    if (r->n_incoming > 0) {
        some_wait = !try_incoming(r);
        moved = true;
    }
    if (pool_left && some_wait)
        r->looks = false;
    if (r->n_freed > 0) {
        release_freed(r);
        moved = true;
    }
    return moved;
}

static bool radical_pass(void *state, double now_s)
{
    (void)now_s;
    struct radical *r = state;
    while (iterate(r))
        continue;
    return r->pool && r->looks && waiting(r) > 0;
}

static bool radical_is_idle(const void *state)
{
    const struct radical *r = state;
    return r->stuck && r->n_incoming == 0 && r->n_freed == 0;
}

static void radical_count_idle(void *state, size_t n)
{
    struct radical *r = state;
    wait_pool_idle_passes(r->pool, n);
}

const struct scheduler_ops scheduler_radical = {
    .create = radical_create,
    .destroy = radical_destroy,
    .reset = radical_reset,
    .ready = radical_ready,
    .freed = radical_freed,
    .pass = radical_pass,
    .is_idle = radical_is_idle,
    .count_idle = radical_count_idle,
    .cancel = radical_cancel,
    .drain = radical_drain,
    .undrain = radical_undrain,
};
