/* drive/arrivals.h - when each waiting task was submitted and arrived: from its arrival until it is
 * launched.
 *
 * Tasks that arrive together are one entry for each aligned block of 2^k numbers that they cover,
 * so what is held grows with the bulks and with what waits out of order, not with tasks. Adding a
 * run and taking a task: O(log of the largest run). */
#ifndef DAGCAST_DRIVE_ARRIVALS_H
#define DAGCAST_DRIVE_ARRIVALS_H

#include <stdint.h>

struct arrivals;
struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals *a);                  /* NULL allowed */
void arrivals_reset(struct arrivals *a);                 /* nobody waits */
/* Tasks first .. first + count - 1 of the workflow, none of which waits yet. */
void arrivals_add(struct arrivals *a, uint32_t first, uint32_t count, double submitted_s,
                  double arrived_s);
/* it must wait; it no longer does */
void arrivals_take(struct arrivals *a, uint32_t task, double *submitted_s, double *arrived_s);

#endif
