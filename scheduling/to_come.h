/* scheduling/to_come.h - how many slots GPU tasks that have not started need beside each GPU: what
 * placements that reserve leave free. */
#ifndef DAGCAST_SCHEDULING_TO_COME_H
#define DAGCAST_SCHEDULING_TO_COME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"
#include "scheduling/pool.h"

struct to_come;
struct to_come *to_come_new(const struct workflow *w, const uint32_t *class_of_set,
                            const struct pool *pool);
void to_come_free(struct to_come *t);                    /* NULL allowed */
/* all tasks of the workflow are to come; O(sets) */
void to_come_reset(struct to_come *t);

/* these come again */
void to_come_add(struct to_come *t, size_t demand_class, uint32_t count);
/* one starts; true: it was the last of its class */
bool to_come_take(struct to_come *t, size_t demand_class);
/* the most that any class needs; 0: no GPU task is left. O(1) on average */
int64_t to_come_slots_per_gpu(struct to_come *t);

#endif
