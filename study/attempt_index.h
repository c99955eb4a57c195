/* study/attempt_index.h - which record is a task's last attempt, and which the attempt before. */
#ifndef DAGCAST_STUDY_ATTEMPT_INDEX_H
#define DAGCAST_STUDY_ATTEMPT_INDEX_H

#include "core/timeline.h"
#include "study/walk_back.h"

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
