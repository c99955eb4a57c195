#include "scheduling/reservation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "scheduling/reservation_impl.h"

struct reservation *reservation_new(const struct pool *pool)
{
    struct reservation *r = xcalloc(1, sizeof *r);
    size_t n = pool_nodes(pool);
    r->pool = pool;
    r->looked_at = xcalloc(n, sizeof *r->looked_at);
    r->room = xcalloc(n, sizeof *r->room);
    r->ranks = xcalloc(n, sizeof *r->ranks);
    r->nodes = xcalloc(n, sizeof *r->nodes);
    node_set_init(&r->roomy, n);
    if (pool_shares_devices(pool))
        r->devices = xcalloc(n * NODE_MOST_GPUS, sizeof *r->devices);
    return r;
}

void reservation_free(struct reservation *r)
{
    if (!r)
        return;
    xfree(r->looked_at, r->room, r->ranks, r->nodes);
    node_set_clear(&r->roomy);
    xfree(r->devices, r);
}

/* How many ranks of the demand the room holds, as many as one task has at most. */
static int64_t ranks_in(const struct node_room *room, const int32_t *devices,
                        const struct slot_demand *d)
{
    int64_t ranks = d->ranks;
    if (d->slots > 0)
        ranks = at_most(ranks, room->slots / d->slots);
    if (d->gpus > 0)
        ranks = at_most(ranks, (devices ? count_whole(devices) : room->gpus) / d->gpus);
    if (d->gpu_share > 0)
        ranks = at_most(ranks, count_shares(devices, d->gpu_share));
    if (d->memory_mib > 0)
        ranks = at_most(ranks, room->memory_mib / d->memory_mib);
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

/* Of the reserved task's ranks, those that the node holds at T. */
static int64_t head_ranks(const struct reservation *r, uint32_t node)
{
    return pool_is_of_kind(r->pool, node, r->head)
               ? ranks_in(&r->room[node], devices_of(r, node), r->head)
               : 0;
}

static void read_room(struct reservation *r, uint32_t node)
{
    const struct pool *pool = r->pool;
    bool drained = pool_is_drained(pool, node);
    r->looked_at[node] = r->number;
    r->room[node] = drained ? (struct node_room){ 0, 0, 0 }
                            : (struct node_room){ pool_free_slots(pool, node),
                                                  pool_free_gpus(pool, node),
                                                  pool_free_memory(pool, node) };
    if (r->devices && drained)
        memset(devices_of(r, node), 0, NODE_MOST_GPUS * sizeof *r->devices);
    else if (r->devices)
        read_devices(pool, node, devices_of(r, node));
}

static inline void look_at(struct reservation *r, uint32_t node)
{
    if (r->looked_at[node] != r->number)
        read_room(r, node);
}

/* Adds the part to the free room at T, or takes it out, by sign. */
static void change_room(struct reservation *r, const struct grant_part *part, int sign)
{
    struct node_room *room = &r->room[part->node];
    int32_t *devices = devices_of(r, part->node);
    room->slots += sign * part->n_slots;
    room->gpus += part->gpu_share > 0 ? 0 : sign * bits_count(part->gpus);
    room->memory_mib += sign * part->memory_mib;
    for (uint64_t left = devices ? part->gpus : 0; left; left &= left - 1)
        devices[bits_lowest(left)] +=
            sign * (part->gpu_share > 0 ? part->gpu_share : DEMAND_WHOLE_GPU);
}

static void note_roomy(struct reservation *r, uint32_t node)
{
    if (!node_set_has(&r->roomy, node))
        node_set_flip(&r->roomy, node);
}

/* The running task will have ended: returns what that adds to the reserved task's ranks that fit.
 */
static int64_t add_ended(struct reservation *r, uint32_t grant)
{
    int64_t gained = 0;
    struct grant_part part;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(r->pool, &w, &part);) {
        if (pool_is_drained(r->pool, part.node))
            continue;
        look_at(r, part.node);
        int64_t before = head_ranks(r, part.node);
        change_room(r, &part, 1);
        int64_t after = head_ranks(r, part.node);
        if (after > 0)
            note_roomy(r, part.node);
        gained += after - before;
    }
    return gained;
}

static void clear_reserved(struct reservation *r)
{
    for (size_t i = 0; i < r->n_nodes; i++)
        r->ranks[r->nodes[i]] = 0;
    r->n_nodes = 0;
}

/* Reserves the lowest nodes with room at T: those with room now, and those at which tasks end. */
static int64_t reserve_nodes(struct reservation *r)
{
    int64_t left = r->head->ranks;
    uint32_t now = pool_first_fit(r->pool, r->head_class, 0), then = node_set_first(&r->roomy, 0);
    while (left > 0 && (now != POOL_NONE || then != NODE_SET_NONE)) {
        uint32_t node = now < then ? now : then;
        look_at(r, node);
        r->ranks[node] = (uint32_t)at_most(head_ranks(r, node), left);
        left -= r->ranks[node];
        if (r->ranks[node] > 0)
            r->nodes[r->n_nodes++] = node;
        if (now == node)
            now = pool_first_fit(r->pool, r->head_class, node + 1);
        if (then == node)
            then = node_set_first(&r->roomy, node + 1);
    }
    return left;
}

static void clear_roomy(struct reservation *r)
{
    for (uint32_t n = 0; (n = node_set_first(&r->roomy, n)) != NODE_SET_NONE; n++)
        node_set_flip(&r->roomy, n);
}

double reservation_make(struct reservation *r, size_t demand_class, double now_s,
                        const struct expected_ends *ends)
{
    struct ends_cursor c = { 0 };
    const struct expected_end *next;
    if (r->holds && demand_class == r->head_class && now_s < r->at_s)
        return r->at_s;
    clear_reserved(r);
    r->number++;
    r->head_class = demand_class;
    r->head = pool_class(r->pool, demand_class);
    r->at_s = now_s;
    r->holds = true;
    int64_t fit = pool_ranks_of_task(r->pool, demand_class);
    for (;;) {
        for (; (next = expected_ends_at(ends, &c)) && next->end_s <= r->at_s;
             expected_ends_step(ends, &c))
            fit += add_ended(r, next->grant);
        if (fit >= r->head->ranks || !next)
            break;
        r->at_s = next->end_s;
    }
    if (reserve_nodes(r) > 0) {
        clear_reserved(r);
        r->at_s = INFINITY;
    }
    clear_roomy(r);
    return r->at_s;
}

uint64_t reservation_number(const struct reservation *r)
{
    return r->number;
}

const uint32_t *reservation_nodes(const struct reservation *r, size_t *n)
{
    *n = r->n_nodes;
    return r->nodes;
}

void reservation_forget(struct reservation *r)
{
    r->holds = false;
}

/* Until T the room then is what it was, and less before it; an end before T was counted. */
void reservation_ended(struct reservation *r, double end_s)
{
    r->holds &= end_s < r->at_s;
}

void reservation_started(struct reservation *r, uint32_t grant, double end_s)
{
    struct grant_part part;
    if (!r->holds || end_s <= r->at_s)
        return;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(r->pool, &w, &part);) {
        if (r->ranks[part.node] == 0)
            continue;
        change_room(r, &part, -1);
        r->holds &= head_ranks(r, part.node) >= r->ranks[part.node];
    }
}
