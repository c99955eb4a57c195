/* traces/importer/timeline_infer.h - the workflow and the platform that rows of a timeline speak
 * of. */
#ifndef DAGCAST_TRACES_IMPORTER_TIMELINE_INFER_H
#define DAGCAST_TRACES_IMPORTER_TIMELINE_INFER_H

#include "traces/importer/timeline_rows.h"
#include "traces/session.h"

#define TIMELINE_NO_TASK UINT32_MAX

/* Sets and tasks as the rows name them, tasks of a set numbered through (gaps in their numbers
 * closed), durations as measured, demands by the slots; no dependencies. task_of[row]: the row's
 * task within its set, TIMELINE_NO_TASK for a row that says again what another did. Notes in `s`
 * what is missing. O(n log n). */
struct workflow *timeline_infer_workflow(const struct timeline_rows *r, struct session *s,
                                         uint32_t *task_of, struct error *err);

/* The nodes named, in natural order (n2 before n10), all of one shape: slots up to the highest id,
 * as many GPUs likewise; without any slots, one node that holds what ran at once. node_of[k]: the
 * platform's node that is r->nodes[k]. */
struct platform *timeline_infer_platform(const struct timeline_rows *r, const struct workflow *w,
                                         struct session *s, int *node_of);

#endif
