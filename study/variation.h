/* study/variation.h - a workflow with what one point of a study changes in it: task counts, durations, demands, failures. */
#ifndef DAGCAST_STUDY_VARIATION_H
#define DAGCAST_STUDY_VARIATION_H

#include "base/error.h"
#include "core/workflow.h"
#include "study/grid.h"

/* Reads the workflow from `document` and changes it. *out NULL, status 0: the point changes nothing in it. -1: what comes out is no
 * workflow (`each` between sets of different sizes ...). The document is only read: threads may share it. */
int variation_apply(const struct grid *g, size_t point, const struct json_document *document, struct workflow **out, struct error *err);

#endif
