#include <math.h>

#include "base/xalloc.h"
#include "scheduling/kind_index.h"

static bool fits(const struct kind_need *need, const struct kind_need *room)
{
    bool all = true;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        all &= need->of[d] <= room->of[d];
    return all;
}

struct kind_need kind_need_of(const struct slot_demand *d, double expected_s)
{
    struct room one = room_need(d);
    double gpus = (double)d->gpus * DEMAND_WHOLE_GPU + d->gpu_share;
    return (struct kind_need){ { one.of[ROOM_SLOTS], one.of[ROOM_GPUS], one.of[ROOM_MEMORY],
                                 (double)d->ranks * d->slots, d->ranks * gpus,
                                 d->one_node ? 1 : d->ranks, expected_s, gpus == 0 } };
}

struct kind_need kind_room_of(const struct pool *pool, const struct room *room)
{
    return (struct kind_need){ { room->of[ROOM_SLOTS], room->of[ROOM_GPUS], room->of[ROOM_MEMORY],
                                 (double)pool_all_free_slots(pool),
                                 (double)pool_all_free_gpus(pool), INFINITY, INFINITY, 1 } };
}

void kind_rooms_add(struct kind_rooms *r, const struct kind_need *room)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (fits(room, &r->at[i]))
            return;
    for (size_t i = 0; i < r->n; i++)
        if (!fits(&r->at[i], room))
            r->at[kept++] = r->at[i];
    r->n = kept;
    if (kept == KIND_MOST_ROOMS) {
        for (int d = 0; d < NEED_DIMENSIONS; d++)
            r->at[kept - 1].of[d] = fmax(r->at[kept - 1].of[d], room->of[d]);
        return;
    }
    xgrow(&r->at, &r->room, kept + 1, sizeof *r->at);
    r->at[r->n++] = *room;
}
