/* sim/services.h - which simulated services serve, and when no client of theirs can come any more.
 */
#ifndef DAGCAST_SIM_SERVICES_H
#define DAGCAST_SIM_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"
#include "scheduling/readiness.h"

struct services;
struct services *services_new(const struct workflow *w);                /* NULL: no set serves */
void services_free(struct services *s);                                  /* NULL allowed */
void services_begin(struct services *s);

/* A way (sim/phases.h) serves from now on, or no longer. */
void services_add(struct services *s, uint32_t set, uint32_t way);
/* false: it did not serve */
bool services_drop(struct services *s, uint32_t set, uint32_t way);
/* No client can come, be it that all are over or that none was drawn. */
bool services_is_over(struct services *s, const struct readiness *r, uint32_t set);

/* Tasks of `set` are over for good, or of any set if others were cancelled with one (`any`).
 * A way that serves for nobody any more: call again until NONE. O(1) unless a set is over. */
#define SERVICES_NONE UINT32_MAX
uint32_t services_idle(struct services *s, const struct readiness *r, uint32_t set, bool any);

#endif
