/* scheduling/reservation.h - when and where the first waiting task will fit, and what others may
 * hold beside it then.
 *
 * T is the earliest instant at which enough of the running tasks are expected to have ended. The
 * task is reserved the lowest nodes with room at T. A task that is expected to run beyond T may
 * take only what leaves the reserved ranks their room on each node. Slots and memory are counted;
 * GPUs are counted too, or looked at device by device where tasks share them. */
#ifndef DAGCAST_SCHEDULING_RESERVATION_H
#define DAGCAST_SCHEDULING_RESERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/expected_ends.h"
#include "scheduling/pool.h"

struct reservation;

struct reservation *reservation_new(const struct pool *pool);
void reservation_free(struct reservation *r);            /* NULL allowed */

/* Reserves for one task of the class; `ends` are the running tasks'. Returns T >=
 * now_s; INFINITY, and nothing is reserved, if the task does not even fit once all have ended.
 * The last reservation is kept if it is of the same class and nothing has happened since that could
 * change it. Else O(parts of tasks that end by T + reserved nodes). */
double reservation_make(struct reservation *r, size_t demand_class, double now_s,
                        const struct expected_ends *ends);
/* The most ranks of one task of the class that may start on the node now and still run at T; all
 * fit into what is free now. */
uint32_t reservation_spares(const struct reservation *r, uint32_t node, size_t demand_class);
/* If ranks are reserved on the node: true, and *room is cut to what one that still runs at T may
 * take there. */
bool reservation_limits(const struct reservation *r, uint32_t node, struct room *room);
/* Of nodes with equal room: whether it cuts them alike. */
bool reservation_limits_alike(const struct reservation *r, uint32_t a, uint32_t b);
/* on which ranks are reserved, ascending */
const uint32_t *reservation_nodes(const struct reservation *r, size_t *n);
/* Of the reservation at hand: a new one has another. */
uint64_t reservation_number(const struct reservation *r);

/* Every start and end of a task must be told, with the end that is or was expected; and all else
 * that changes what is free. */
void reservation_started(struct reservation *r, uint32_t grant, double end_s);
void reservation_ended(struct reservation *r, double end_s);
void reservation_forget(struct reservation *r);

#endif
