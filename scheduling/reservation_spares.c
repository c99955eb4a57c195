#include <string.h>

#include "base/number.h"
#include "scheduling/reservation_impl.h"

/* What a reservation leaves to others on each node. */

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

bool reservation_limits_alike(const struct reservation *r, uint32_t a, uint32_t b)
{
    const struct node_room *x = &r->room[a], *y = &r->room[b];
    return r->ranks[a] == r->ranks[b] &&
           (r->ranks[a] == 0 || (x->slots == y->slots && x->gpus == y->gpus &&
                                 x->memory_mib == y->memory_mib));
}
