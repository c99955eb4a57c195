/* study/placed_order.h - the records of a timeline in the order in which slots were given to them.
 */
#ifndef DAGCAST_STUDY_PLACED_ORDER_H
#define DAGCAST_STUDY_PLACED_ORDER_H

#include "core/timeline.h"

/* Those that were placed, by scheduled_s, then by task. Most timelines lie in that order: of such
 * nothing is held. */
struct placed_order {
    size_t n;
    uint32_t *records;                   /* numbers of records; NULL: 0, 1, ... n - 1 */
};
struct placed_order placed_order_of(const struct timeline *t);           /* O(n), n < 2^32 */
void placed_order_clear(struct placed_order *o);

static inline size_t placed_order_at(const struct placed_order *o, size_t i)
{
    return o->records ? o->records[i] : i;
}

#endif
