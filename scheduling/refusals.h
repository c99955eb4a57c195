/* scheduling/refusals.h - which tasks of several ranks cannot start in a pass: one that needs no
 * more did not.
 *
 * Holds while room only gets less: nodes that hold all ranks of a task hold as many or fewer that
 * each need no more. Beside a reservation, a task that ends in time may have room on any node,
 * another one only on what is left of some. */
#ifndef DAGCAST_SCHEDULING_REFUSALS_H
#define DAGCAST_SCHEDULING_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/demand.h"

enum { REFUSALS_MOST = 16 };             /* the oldest gives way to another */

struct refusals {                        /* zeros: none */
    struct refusal { const struct slot_demand *demand; bool anywhere; } at[REFUSALS_MOST];
    size_t n, next;
};
/* A task did not start, which was allowed anywhere or not. The demand is not copied. */
void refusals_add(struct refusals *r, const struct slot_demand *d, bool anywhere);
bool refusals_tell(const struct refusals *r, const struct slot_demand *d, bool anywhere);

#endif
