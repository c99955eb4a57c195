/* validation/executor/grant_slots.h - a grant of the pool as lists of ids, for a backend. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_GRANT_SLOTS_H
#define DAGCAST_VALIDATION_EXECUTOR_GRANT_SLOTS_H

#include <stddef.h>

#include "scheduling/pool.h"
#include "validation/executor/executor.h"

struct grant_slots { size_t n; struct executor_part *parts; uint16_t *ids; };
struct grant_slots grant_slots_of(const struct pool *pool, uint32_t grant,
                                  const struct slot_demand *d);
void grant_slots_clear(struct grant_slots *g);

#endif
