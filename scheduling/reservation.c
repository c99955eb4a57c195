#include "scheduling/reservation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/number.h"
#include "base/xalloc.h"

/* free at T, before the reserved ranks take theirs */
struct node_room { int64_t slots, gpus, memory_mib; };

struct reservation {
    const struct pool *pool;
    struct node_room *room;                      /* one a node */
    int32_t *devices; /* node * NODE_MOST_GPUS + gpu: millionths free at T; NULL
                         while no class shares devices */
    uint32_t *ranks;                             /* reserved on each node */
    const struct slot_demand *head;              /* of the reserved task */
};

struct reservation *reservation_new(const struct pool *pool)
{
    struct reservation *r = xcalloc(1, sizeof *r);
    size_t n = pool_nodes(pool);
    r->pool = pool;
    r->room = xcalloc(n, sizeof *r->room);
    r->ranks = xcalloc(n, sizeof *r->ranks);
    if (pool_shares_devices(pool))
        r->devices = xcalloc(n * NODE_MOST_GPUS, sizeof *r->devices);
    return r;
}

void reservation_free(struct reservation *r)
{
    if (!r)
        return;
    free(r->room);
    free(r->ranks);
    free(r->devices);
    free(r);
}

static int64_t count_shares(const int32_t *devices, int32_t share)
{
    int64_t n = 0;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        n += devices[g] / share;
    return n;
}

static int64_t count_whole(const int32_t *devices)
{
    int64_t n = 0;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        n += devices[g] == DEMAND_WHOLE_GPU;
    return n;
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

static int32_t *devices_of(const struct reservation *r, uint32_t node)
{
    return r->devices ? r->devices + (size_t)node * NODE_MOST_GPUS : NULL;
}

/* Of the reserved task's ranks, those that the node holds at T. */
static int64_t head_ranks(const struct reservation *r, uint32_t node)
{
    return pool_is_of_kind(r->pool, node, r->head)
               ? ranks_in(&r->room[node], devices_of(r, node), r->head)
               : 0;
}

static void read_devices(const struct pool *pool, uint32_t node, int32_t *devices)
{
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        devices[g] = pool_device_room(pool, node, g);
}

static void read_room(struct reservation *r)
{
    const struct pool *pool = r->pool;
    for (uint32_t n = 0; n < pool_nodes(pool); n++) {
        bool drained = pool_is_drained(pool, n);
        r->ranks[n] = 0;
        r->room[n] = drained
                         ? (struct node_room){ 0, 0, 0 }
                         : (struct node_room){ pool_free_slots(pool, n), pool_free_gpus(pool, n),
                                               pool_free_memory(pool, n) };
        if (r->devices && drained)
            memset(devices_of(r, n), 0, NODE_MOST_GPUS * sizeof *r->devices);
        else if (r->devices)
            read_devices(pool, n, devices_of(r, n));
    }
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

/* The running task will have ended: returns what that adds to the reserved task's ranks that fit.
 */
static int64_t add_ended(struct reservation *r, uint32_t grant)
{
    int64_t gained = 0;
    for (; grant != POOL_NONE; grant = pool_grant_next(r->pool, grant)) {
        struct grant_part part = pool_grant_part(r->pool, grant);
        if (pool_is_drained(r->pool, part.node))
            continue;
        int64_t before = head_ranks(r, part.node);
        change_room(r, &part, 1);
        gained += head_ranks(r, part.node) - before;
    }
    return gained;
}

/* Reserves the lowest nodes with room; returns the ranks that find none. */
static int64_t reserve_nodes(struct reservation *r)
{
    int64_t left = r->head->ranks;
    for (uint32_t n = 0; n < pool_nodes(r->pool) && left > 0; n++) {
        r->ranks[n] = (uint32_t)at_most(head_ranks(r, n), left);
        left -= r->ranks[n];
    }
    return left;
}

double reservation_make(struct reservation *r, size_t demand_class, double now_s,
                        const struct expected_end *ends, size_t n_ends)
{
    int64_t fit = 0;
    size_t next = 0;
    double at_s = now_s;
    r->head = pool_class(r->pool, demand_class);
    read_room(r);
    for (uint32_t n = 0; n < pool_nodes(r->pool); n++)
        fit += head_ranks(r, n);
    for (;;) {
        while (next < n_ends && ends[next].end_s <= at_s)
            fit += add_ended(r, ends[next++].grant);
        if (fit >= r->head->ranks || next == n_ends)
            break;
        at_s = ends[next].end_s;
    }
    return reserve_nodes(r) > 0 ? INFINITY : at_s;
}

/* What one rank takes of the devices: as the pool would, the lowest; the same of those at T. */
static void take_devices(int32_t *now, int32_t *then, const struct slot_demand *d)
{
    int32_t each = d->gpu_share > 0 ? d->gpu_share : DEMAND_WHOLE_GPU;
    int left = d->gpu_share > 0 ? 1 : d->gpus;
    for (int g = 0; g < NODE_MOST_GPUS && left > 0; g++)
        if (now[g] >= each) {
            now[g] -= each;
            then[g] -= each;
            left--;
        }
}

/* The same as spare_ranks() where devices are shared: rank by rank. */
static int64_t spare_ranks_by_device(const struct reservation *r, uint32_t node,
                                     const struct slot_demand *d, int64_t most)
{
    int32_t now[NODE_MOST_GPUS], then[NODE_MOST_GPUS];
    int64_t ranks = 0, reserved = r->ranks[node];
    read_devices(r->pool, node, now);
    memcpy(then, devices_of(r, node), sizeof then);
    for (; ranks < most; ranks++) {
        take_devices(now, then, d);
        if (count_whole(then) < reserved * r->head->gpus ||
            (r->head->gpu_share > 0 && count_shares(then, r->head->gpu_share) < reserved))
            break;
    }
    return ranks;
}

static int64_t spare_ranks(const struct reservation *r, uint32_t node, const struct slot_demand *d,
                           int64_t most)
{
    const struct node_room *room = &r->room[node];
    const struct slot_demand *head = r->head;
    int64_t reserved = r->ranks[node];
    if (d->slots > 0)
        most = at_most(most, (room->slots - reserved * head->slots) / d->slots);
    if (d->memory_mib > 0)
        most = at_most(most, (room->memory_mib - reserved * head->memory_mib) / d->memory_mib);
    if (r->devices && (d->gpus > 0 || d->gpu_share > 0))
        return spare_ranks_by_device(r, node, d, most);
    if (d->gpus > 0)
        most = at_most(most, (room->gpus - reserved * head->gpus) / d->gpus);
    return most;
}

uint32_t reservation_spares(const struct reservation *r, uint32_t node, size_t demand_class)
{
    const struct slot_demand *d = pool_class(r->pool, demand_class);
    int64_t ranks = pool_ranks_that_fit(r->pool, node, demand_class);
    if (r->ranks[node] > 0)
        ranks = spare_ranks(r, node, d, ranks);
    return d->one_node && ranks < d->ranks ? 0 : (uint32_t)ranks;
}

static void cut(double *room, int64_t spare)
{
    *room = (double)spare < *room ? (double)spare : *room;
}

/* Shared devices are not looked at: they may leave less than this. */
bool reservation_limits(const struct reservation *r, uint32_t node, struct room *room)
{
    int64_t reserved = r->ranks[node];
    if (reserved == 0)
        return false;
    cut(&room->of[ROOM_SLOTS], r->room[node].slots - reserved * r->head->slots);
    cut(&room->of[ROOM_MEMORY], r->room[node].memory_mib - reserved * r->head->memory_mib);
    if (!r->devices)
        cut(&room->of[ROOM_GPUS],
            (r->room[node].gpus - reserved * r->head->gpus) * DEMAND_WHOLE_GPU);
    return true;
}

void reservation_take(struct reservation *r, uint32_t grant)
{
    for (; grant != POOL_NONE; grant = pool_grant_next(r->pool, grant)) {
        struct grant_part part = pool_grant_part(r->pool, grant);
        change_room(r, &part, -1);
    }
}
