/* scheduling/room_ahead.h - what will be free on each node from now on, as running tasks are
 * expected to end and reservations begin and end: for rules that reserve for many waiting tasks.
 *
 * A node's room is a step function of time. GPUs are counted as a sum, shared ones too: device by
 * device is looked at only by what starts now. A running task that has outlived its expected end is
 * expected to end just after now. */
#ifndef DAGCAST_SCHEDULING_ROOM_AHEAD_H
#define DAGCAST_SCHEDULING_ROOM_AHEAD_H

#include "scheduling/reservation.h"

struct room_ahead;
struct room_ahead *room_ahead_new(const struct pool *pool);
void room_ahead_free(struct room_ahead *r); /* NULL allowed */

/* Forgets all reservations; reads what is free now. O(nodes + ends log(steps of a node)). */
void room_ahead_begin(struct room_ahead *r, double now_s, const struct expected_ends *ends);

/* The earliest instant from which one task of the class fits for so long; INFINITY: never. O(steps
 * of all nodes) for a task on one node, times their number for one over several. */
double room_ahead_first(struct room_ahead *r, size_t demand_class, double duration_s);

/* The ranks of one task that fit on the node now, and from now on for so long. */
uint32_t room_ahead_spares(const struct room_ahead *r, uint32_t node, size_t demand_class,
                           double duration_s);

/* Takes room from `at_s` on for so long, on the lowest nodes that have it. */
void room_ahead_reserve(struct room_ahead *r, size_t demand_class, double at_s, double duration_s);
/* Takes what a task that starts now was given. */
void room_ahead_take(struct room_ahead *r, uint32_t grant, double duration_s);

#endif
