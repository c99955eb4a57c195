/* scheduling/room_steps.h - what a node has free from now on, as a step function of time.
 *
 * GPUs are counted as a sum, shared ones too: device by device is looked at only by what starts
 * now. */
#ifndef DAGCAST_SCHEDULING_ROOM_STEPS_H
#define DAGCAST_SCHEDULING_ROOM_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/pool.h"

struct room_amount { int64_t slots, gpus, memory_mib; }; /* gpus: millionths */

/* from then on, to the next step; ends: how many running tasks end as it begins */
struct room_step { double from_s; struct room_amount free; uint32_t ends; };

/* zero-initialised = no steps; at[0] begins now. Free `at`. */
struct room_steps { size_t n, room; struct room_step *at; };

struct room_amount room_amount_of_part(const struct grant_part *part);
struct room_amount room_amount_of_ranks(const struct slot_demand *d, int64_t ranks);
struct room_amount room_amount_free(const struct pool *pool, uint32_t node);     /* now */
void room_amount_add(struct room_amount *a, const struct room_amount *by, int sign);

static inline bool room_amount_holds(const struct room_amount *a, const struct room_amount *need)
{
    return (a->slots >= need->slots) & (a->gpus >= need->gpus) &
           (a->memory_mib >= need->memory_mib);
}

/* As many of a task's ranks as fit, at least 0; if they share a node, all or none. */
int64_t room_amount_ranks(const struct room_amount *a, const struct slot_demand *d);

/* A step begins at the instant from now on; returns its number. O(steps) */
size_t room_steps_cut(struct room_steps *s, double at_s);
/* Takes the amount from one instant to another. O(steps) */
void room_steps_take(struct room_steps *s, double from_s, double to_s,
                     const struct room_amount *by);
/* The step that holds the instant, which is at or behind the first one's. O(log steps) */
size_t room_steps_at(const struct room_steps *s, double at_s);
/* A task's ranks that fit throughout, from an instant on; at that instant if the duration is 0. */
int64_t room_steps_ranks(const struct room_steps *s, const struct slot_demand *d, double from_s,
                         double duration_s);
/* The earliest instant from_s .. until_s at which a step begins and from which the need is free for
 * so long; INFINITY. */
double room_steps_first(const struct room_steps *s, const struct room_amount *need,
                        double duration_s, double from_s, double until_s);

#endif
