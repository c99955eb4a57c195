/* validation/eta.h - how long a run still takes: the simulator runs the same scenario with the
 * times that are known put in the place of those that were expected. Since both decide alike, its
 * past is the run's past, and its end is the run's, if the rest goes as its sets went so far. */
#ifndef DAGCAST_VALIDATION_ETA_H
#define DAGCAST_VALIDATION_ETA_H

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "core/workflow.h"

struct eta;
/* what `s` points to outlives it */
struct eta *eta_new(const struct scenario *s, struct error *err);
void eta_free(struct eta *e);            /* NULL allowed */

/* Seconds from `now_s` on; negative: it should have ended so long ago, and what still runs is late.
 * `t`: the attempts that have ended, to which records were only added since the last call.
 * `lost_s`: time in which no executor ran. Costs one simulated replica. */
double eta_left_s(struct eta *e, const struct timeline *t, double now_s, double lost_s);

/* A workflow on a faster clock. */

/* A copy whose durations, releases and timeouts are `scale` (> 0) times as long. The same seed
 * draws the same numbers, scaled. */
struct workflow *workflow_scaled(const struct workflow *w, double scale);

#endif
