/* plots/chrome_trace.h - a timeline for Perfetto (https://ui.perfetto.dev) and chrome://tracing, as JSON.
 *
 * One process a node (pid = node), one thread a core or GPU lane; all ids are integers, times are microseconds since the session's zero. A
 * task is one complete event ("X") on each lane it holds, from its start to its stop, named by its set's label; its facts stand in the
 * `args` of its first lane. The process behind the nodes counts cores and GPUs in use and running tasks; one more holds tasks whose slots
 * are not recorded, side by side. GPUs that tasks share have as many lanes as tasks share them at once. A flow arrow leads to a task, per
 * dependency of its set, from the task that was done last of those it waited for. No two events on one (pid, tid) overlap. */
#ifndef DAGCAST_PLOTS_CHROME_TRACE_H
#define DAGCAST_PLOTS_CHROME_TRACE_H

#include "base/error.h"
#include "core/timeline.h"

/* Streams: what is held besides the timeline is a few integers a record, never text. `path` "-" is standard output. O(n log n). */
int chrome_trace_save(const struct timeline *t, const char *path, struct error *err);

#endif
