/* validation/scaled.h - a workflow on a faster clock. */
#ifndef DAGCAST_VALIDATION_SCALED_H
#define DAGCAST_VALIDATION_SCALED_H

#include "core/workflow.h"

/* A copy whose durations, releases and timeouts are `scale` (> 0) times as long. The same seed
 * draws the same numbers, scaled. */
struct workflow *workflow_scaled(const struct workflow *w, double scale);

#endif
