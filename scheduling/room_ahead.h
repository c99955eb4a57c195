/* scheduling/room_ahead.h - what will be free on each node from now on, as running tasks are
 * expected to end and reservations begin and end: for rules that reserve for many waiting tasks.
 *
 * Nodes without reservations lie in groups (scheduling/alike_nodes.h) and have ever more free; a
 * search walks along the ends of running tasks until enough is free. Nodes with reservations have
 * steps of their own, a group of alike ones sharing them. A running task that has outlived its
 * expected end is expected to end just after now. */
#ifndef DAGCAST_SCHEDULING_ROOM_AHEAD_H
#define DAGCAST_SCHEDULING_ROOM_AHEAD_H

#include <stdbool.h>

#include "scheduling/expected_ends.h"
#include "scheduling/pool.h"

struct room_ahead;
/* `ends` are the running tasks'. */
struct room_ahead *room_ahead_new(const struct pool *pool, const struct expected_ends *ends);
void room_ahead_free(struct room_ahead *r); /* NULL allowed */

/* Every start and end of a task must be told, an end before the grant is given back; and all else
 * that changes what is free. O(parts x tasks of a node) */
void room_ahead_started(struct room_ahead *r, uint32_t grant, double end_s);
void room_ahead_ended(struct room_ahead *r, uint32_t grant, double end_s);
void room_ahead_forget(struct room_ahead *r);

/* Begins without reservations; they are forgotten when it finishes. O(1) */
void room_ahead_begin(struct room_ahead *r, double now_s);
void room_ahead_finish(struct room_ahead *r);

/* The earliest instant, from `from_s` on, from which one task of the class fits for so long;
 * INFINITY: never. from_s: now, or what the last search for a task that needs no more and lasts no
 * longer has found since begin(). O(ends of running tasks until then + steps of nodes with
 * reservations) */
double room_ahead_first(struct room_ahead *r, size_t demand_class, double duration_s,
                        double from_s);

/* Whether one task of the class may fit from now on for so long; true where devices are shared and
 * they are not looked at. O(nodes that have room now) */
bool room_ahead_may_start(const struct room_ahead *r, size_t demand_class, double duration_s);

/* The ranks of one task that fit on the node now, and from now on for so long. */
uint32_t room_ahead_spares(const struct room_ahead *r, uint32_t node, size_t demand_class,
                           double duration_s);

/* Takes room for the task of the last room_ahead_first(), which is not INFINITY, on the lowest
 * nodes that have it. */
void room_ahead_reserve(struct room_ahead *r);

#endif
