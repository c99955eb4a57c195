/* scheduling/room.h - an amount of each resource: what one rank needs on a node, or what a node has
 * free. Numbers that are compared, not counted with: a need that fits into a room is a necessary
 * condition, and for tasks of one rank a sufficient one. */
#ifndef DAGCAST_SCHEDULING_ROOM_H
#define DAGCAST_SCHEDULING_ROOM_H

#include <stdbool.h>

#include "core/demand.h"

enum { ROOM_SLOTS, ROOM_GPUS, ROOM_MEMORY, ROOM_DIMENSIONS };

struct room { double of[ROOM_DIMENSIONS]; };     /* slots; millionths of a GPU; MiB */

/* Of one rank, or of all ranks if they share a node and whole GPUs. */
static inline struct room room_need(const struct slot_demand *d)
{
    double ranks = d->one_node ? d->ranks : 1;
    double gpus = d->gpu_share > 0 ? d->gpu_share : ranks * d->gpus * (double)DEMAND_WHOLE_GPU;
    return (struct room){ { ranks * d->slots, gpus, ranks * (double)d->memory_mib } };
}

static inline bool room_holds(const struct room *room, const struct room *need)
{
    return (room->of[ROOM_SLOTS] >= need->of[ROOM_SLOTS]) &
           (room->of[ROOM_GPUS] >= need->of[ROOM_GPUS]) &
           (room->of[ROOM_MEMORY] >= need->of[ROOM_MEMORY]);
}

#endif
