/* plots/chrome_trace.h - a timeline for Perfetto (https://ui.perfetto.dev) and chrome://tracing, as JSON.
 *
 * One process a node, one thread a core lane or GPU (pid = node, tid = lane, integers; times are microseconds since the session's
 * zero). A task is one complete event on each run of neighbouring lanes' first lane and on each GPU it holds; counters for cores and GPUs in use;
 * flow arrows from the task that a task waited for last, per dependency. Tasks without slots lie in one more process,
 * on as few lanes as they need. No two events on one (pid, tid) overlap. */
#ifndef DAGCAST_PLOTS_CHROME_TRACE_H
#define DAGCAST_PLOTS_CHROME_TRACE_H

#include "base/error.h"
#include "core/timeline.h"

/* Streams: memory is O(records) small integers for the order of time, never the text. `path` "-" is standard output. O(n log n). */
int chrome_trace_save(const struct timeline *t, const char *path, struct error *err);

#endif
