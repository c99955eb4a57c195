/* study/record_order.h - the records of a timeline in the order in which slots were given to them,
 * and by the attempts of tasks. */
#ifndef DAGCAST_STUDY_RECORD_ORDER_H
#define DAGCAST_STUDY_RECORD_ORDER_H

#include <stddef.h>

#include "core/timeline.h"
#include "study/walk_back.h"

/* Records of a timeline in order of an instant. */

struct ranked { double at_s; size_t record; };
void ranked_sort(struct ranked *list, size_t n);         /* by time, then by record */
/* All records, those without the instant last (at INFINITY); free() it. */
struct ranked *ranked_by(const struct timeline *t, enum instant instant);

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

/* Which record is a task's last attempt, and which the attempt before. */
struct attempt_index {
    uint32_t *latest;                    /* by task */
    uint32_t *previous;                  /* by record; NULL: each task made one attempt at most */
};
/* Of attempts that started. Less than 2^32 records; 4 bytes a task, and a record if tasks are tried
 * again. O(records + tasks) */
struct attempt_index attempt_index_of(const struct timeline *t);
void attempt_index_clear(struct attempt_index *x);

/* records; WALK_NONE: none */
size_t attempt_index_latest(const struct attempt_index *x, size_t task);
size_t attempt_index_previous(const struct attempt_index *x, size_t record);

#endif
