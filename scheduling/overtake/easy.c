/* EASY backfilling (Lifka 1995; Mu'alem and Feitelson 2001): the first task that does not fit gets a reservation, the earliest
 * instant T at which enough of what runs is expected to have ended; others may pass it if they are expected to end by T, or need
 * only what it leaves free at T. Expected durations are the means; with constant ones a reservation is never delayed.
 *
 * Room at T is counted node by node, not id by id. A share of a GPU counts as a whole device there, which errs on the safe side. */
#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "scheduling/queue_scheduler_impl.h"

struct node_room { int64_t slots, gpus, memory_mib; };           /* free at T */

static int whole_gpus(const struct slot_demand *d)
{
    return d->gpu_share > 0 ? 1 : d->gpus;
}

static int64_t ranks_in(const struct node_room *room, const struct slot_demand *d)
{
    int64_t ranks = d->ranks, gpus = whole_gpus(d);
    if (d->slots > 0 && room->slots / d->slots < ranks)
        ranks = room->slots / d->slots;
    if (gpus > 0 && room->gpus / gpus < ranks)
        ranks = room->gpus / gpus;
    if (d->memory_mib > 0 && room->memory_mib / d->memory_mib < ranks)
        ranks = room->memory_mib / d->memory_mib;
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

static void take(struct node_room *room, const struct slot_demand *d, int64_t ranks)
{
    room->slots -= ranks * d->slots;
    room->gpus -= ranks * whole_gpus(d);
    room->memory_mib -= ranks * d->memory_mib;
}

static void read_room(struct queue_scheduler *q)
{
    const struct pool *pool = q->common->pool;
    if (!q->room)
        q->room = xcalloc(pool_nodes(pool), sizeof *q->room);
    for (uint32_t n = 0; n < pool_nodes(pool); n++)
        q->room[n] = (struct node_room){ pool_free_slots(pool, n), pool_free_gpus(pool, n), pool_free_memory(pool, n) };
}

/* Adds what the grant holds to the room, and what that adds to the ranks of the reserved task that fit. */
static int64_t add_ended(struct queue_scheduler *q, uint32_t grant, const struct slot_demand *d)
{
    int64_t gained = 0;
    for (; grant != POOL_NONE; grant = pool_grant_next(q->common->pool, grant)) {
        struct grant_part part = pool_grant_part(q->common->pool, grant);
        struct node_room *room = &q->room[part.node];
        int64_t before = ranks_in(room, d);
        room->slots += part.n_slots;
        room->memory_mib = room->memory_mib < INT64_MAX / 2 ? room->memory_mib + part.memory_mib : room->memory_mib;
        room->gpus += part.gpu_share > 0 ? 0 : bits_count(part.gpus);
        gained += ranks_in(room, d) - before;
    }
    return gained;
}

/* T for the first task of the class; its slots are taken out of the room, lowest nodes first. */
static double reserve(struct queue_scheduler *q, size_t c)
{
    const struct slot_demand *d = pool_class(q->common->pool, c);
    int64_t fit = 0;
    size_t next = 0;
    double at_s = q->now_s;
    read_room(q);
    for (uint32_t n = 0; n < pool_nodes(q->common->pool); n++)
        fit += ranks_in(&q->room[n], d);
    while (fit < d->ranks && next < q->n_ends) {
        at_s = fmax(at_s, q->ends[next].end_s);
        while (next < q->n_ends && q->ends[next].end_s <= at_s)
            fit += add_ended(q, q->ends[next++].grant, d);
    }
    for (uint32_t n = 0, left = (uint32_t)d->ranks; n < pool_nodes(q->common->pool) && left > 0; n++) {
        int64_t here = ranks_in(&q->room[n], d);
        here = here < left ? here : left;
        take(&q->room[n], d, here);
        left -= (uint32_t)here;
    }
    return fit < d->ranks ? INFINITY : at_s;
}

/* Would the slots of this grant still be free for it at T, beside the reserved task? If so they are taken out of the room. */
static bool leaves_room(struct queue_scheduler *q, uint32_t grant, const struct slot_demand *d)
{
    const struct pool *pool = q->common->pool;
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(pool, g)) {
        struct grant_part part = pool_grant_part(pool, g);
        const struct node_room *room = &q->room[part.node];
        int gpus = part.gpu_share > 0 ? 1 : bits_count(part.gpus);
        if (room->slots < part.n_slots || room->gpus < gpus || room->memory_mib < part.memory_mib)
            return false;
    }
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(pool, g)) {
        struct grant_part part = pool_grant_part(pool, g);
        take(&q->room[part.node], &(struct slot_demand){ .slots = part.n_slots, .gpus = bits_count(part.gpus), .gpu_share = d->gpu_share,
                                                          .memory_mib = part.memory_mib }, 1);
    }
    return true;
}

static bool pass_reserved(struct queue_scheduler *q, size_t c, double reserved_s)
{
    bool in_time = queue_scheduler_expected_end(q, c) <= reserved_s;
    uint32_t grant = queue_scheduler_try(q, c);
    if (grant == POOL_NONE)
        return false;
    if (!in_time && !leaves_room(q, grant, pool_class(q->common->pool, c))) {
        placement_release(q->placement, grant);
        return false;
    }
    queue_scheduler_keep(q, c, grant);
    return true;
}

static void easy_pass(struct queue_scheduler *q, double now_s)
{
    (void)now_s;
    int head;
    while ((head = queue_scheduler_first(q, NULL)) >= 0 && queue_scheduler_start(q, (size_t)head))
        continue;
    if (head < 0)
        return;
    bool others = false;
    for (size_t c = 0; c < q->n_classes; c++) {
        q->may[c] = c != (size_t)head && queue_scheduler_may_start(q, c);
        others |= q->may[c];
    }
    if (!others)
        return;
    double reserved_s = reserve(q, (size_t)head);
    for (int c; (c = queue_scheduler_first(q, q->may)) >= 0;)
        if (!pass_reserved(q, (size_t)c, reserved_s))
            q->may[c] = false;
}

const struct overtake_ops overtake_easy = {
    .name = "easy", .summary = "backfill that does not delay the first waiting task's reservation (expected durations)",
    .pass = easy_pass, .needs_ends = true,
};
