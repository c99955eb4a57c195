#include <math.h>
#include <string.h>

#include "scheduling/sweep_impl.h"

/* A sweep of more nodes than this that stands beside no reservation is led by the most room that
 * any node has. */
enum { MANY_NODES = 64 };

static void add_room(struct sweep *s, const struct room *room, double until_s, bool no_gpu)
{
    struct kind_need r = kind_room_of(s->q->common->pool, room);
    if (isinf(until_s)) {
        r.of[NEED_ALL_SLOTS] -= s->withheld_slots;
        r.of[NEED_ALL_GPUS] -= s->withheld_gpus;
    }
    r.of[NEED_DURATION] = until_s;
    r.of[NEED_NO_GPU] = no_gpu;
    kind_rooms_add(&s->rooms, &r);
}

/* Tasks without GPUs get at most `no_gpu_slots`, where slots are left to GPU tasks. */
static void add_room_for_both(struct sweep *s, const struct room *room, double until_s,
                              double no_gpu_slots)
{
    struct room less = *room;
    add_room(s, room, until_s, room->of[ROOM_SLOTS] <= no_gpu_slots);
    less.of[ROOM_SLOTS] = no_gpu_slots;
    if (no_gpu_slots >= 0 && no_gpu_slots < room->of[ROOM_SLOTS])
        add_room(s, &less, until_s, true);
}

static bool is_limited(const struct sweep *s, uint32_t node, struct room *spare)
{
    return s->reserved && reservation_limits(s->q->reservation, node, spare);
}

static void add_node(struct sweep *s, uint32_t node)
{
    const struct queue_scheduler *q = s->q;
    struct room room = pool_room(q->common->pool, node), spare = room;
    int64_t left_to_gpus =
        placement_slots_per_gpu(q->placement) * pool_free_gpus(q->common->pool, node);
    double no_gpu_slots = room.of[ROOM_SLOTS] - (double)left_to_gpus;
    bool less = is_limited(s, node, &spare);
    double in_time_s = s->reserved_s - q->now_s;
    add_room_for_both(s, &spare, INFINITY, no_gpu_slots);
    if (less && in_time_s >= 0) /* a little more than is right, as it is rounded */
        add_room_for_both(s, &room, in_time_s + 1e-9 * s->reserved_s, no_gpu_slots);
}

/* Neighbours are often alike. */
static void add_all_nodes(struct sweep *s)
{
    const struct pool *pool = s->q->common->pool;
    struct room last = { { -2, -2, -2 } };
    uint32_t n_nodes = (uint32_t)pool_nodes(pool), alike_end = 0;
    for (uint32_t n = 0; n < n_nodes; n++) {
        struct room room, spare = { { 0 } };
        bool limited = is_limited(s, n, &spare);
        if (!limited && n < alike_end)
            continue;
        spare = room = pool_room(pool, n);
        is_limited(s, n, &spare);
        alike_end = limited ? n + 1 : n + pool_alike(pool, n, n_nodes - n);
        if (!limited && memcmp(&room, &last, sizeof room) == 0)
            continue;
        last = limited ? last : room;
        add_node(s, n);
    }
}

/* Both have the same free, now and beside the reservation. */
static bool are_alike(const struct sweep *s, uint32_t a, uint32_t b)
{
    return pool_are_alike(s->q->common->pool, a, b) &&
           (!s->reserved || reservation_limits_alike(s->q->reservation, a, b));
}

static void sum_withheld(struct sweep *s)
{
    const uint32_t *nodes = NULL;
    size_t n = 0;
    double slots = 0, gpus = 0;          /* of the node at hand */
    s->withheld_slots = s->withheld_gpus = 0;
    if (s->reserved)
        nodes = reservation_nodes(s->q->reservation, &n);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !are_alike(s, nodes[i], nodes[i - 1])) {
            struct room room = pool_room(s->q->common->pool, nodes[i]), spare = room;
            is_limited(s, nodes[i], &spare);
            slots = room.of[ROOM_SLOTS] - spare.of[ROOM_SLOTS];
            gpus = room.of[ROOM_GPUS] - spare.of[ROOM_GPUS];
        }
        s->withheld_slots += slots;
        s->withheld_gpus += gpus;
    }
}

void sweep_list_rooms(struct sweep *s)
{
    const struct pool *pool = s->q->common->pool;
    s->rooms.n = 0;
    s->stale = false;
    s->n_refused = 0;
    s->n_listed = s->all ? pool_nodes(pool) : s->n_grown;
    sum_withheld(s);
    if (s->all && !s->reserved && pool_nodes(pool) > MANY_NODES) {
        struct room most = pool_most_room(pool);
        add_room(s, &most, INFINITY, true);
        return;
    }
    if (s->all)
        add_all_nodes(s);
    for (size_t i = 0; !s->all && i < s->n_grown; i++)
        if (i == 0 || !are_alike(s, s->grown[i], s->grown[i - 1]))
            add_node(s, s->grown[i]);
}
