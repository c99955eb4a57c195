/* validation/executor/grant_slots.h - a grant of the pool as lists of ids: for the backends, the journal and the timeline. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_GRANT_SLOTS_H
#define DAGCAST_VALIDATION_EXECUTOR_GRANT_SLOTS_H

#include <stddef.h>

#include "core/timeline.h"
#include "scheduling/pool.h"
#include "validation/executor/executor.h"

struct grant_slots { size_t n; struct executor_part *parts; uint16_t *ids; };
struct grant_slots grant_slots_of(const struct pool *pool, uint32_t grant, const struct slot_demand *d);
void grant_slots_clear(struct grant_slots *g);
void grant_slots_record(const struct grant_slots *g, const struct slot_demand *d, struct timeline *t);   /* of the record added last */

#endif
