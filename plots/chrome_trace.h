/* plots/chrome_trace.h - a timeline for Perfetto (https://ui.perfetto.dev) and chrome://tracing, as
 * JSON.
 *
 * One process a node (pid 100000 + node), one thread a core or GPU lane; all ids are integers above
 * 0, times are microseconds since the session's zero. A task is one complete event ("X") on each
 * lane it holds, from its start to its stop. The event on its first lane is named by its set's
 * label, has category "task" and the task's facts in `args`; those on the others are named "label
 * 2", "label 3" ..., have category "lane" and name the task and attempt. So sums by name count a
 * task once, and Perfetto draws all of them in one colour. The process behind the nodes counts
 * cores and GPUs in use and running tasks; one more holds tasks whose slots are not recorded, side
 * by side; where those are all, nodes have no process. GPUs that tasks share have as many lanes as
 * tasks share them at once. No two events on one (pid, tid) overlap.
 *
 * Where phases are recorded (core/timeline_phases.h), `args` hold them as the CSV does, and
 * counters show of each flow and service the rate in use and its users: of the machine's beside
 * cores and GPUs, of a node's in the process of the node.
 *
 * A flow arrow leads to a task, per dependency of its set, from the task that was done last of
 * those it waited for. Where it waits for all of a set both ends are written with the task. Else
 * the arrow's begin is written as soon as the last of those it waits for is known, so that nothing
 * has to be remembered until then; a begin stays without its end where the task then never runs. */
#ifndef DAGCAST_PLOTS_CHROME_TRACE_H
#define DAGCAST_PLOTS_CHROME_TRACE_H

#include "base/error.h"
#include "core/timeline.h"

/* The whole of a timeline. `path` "-" is standard output. O(n log n). */
int chrome_trace_save(const struct timeline *t, const char *path, struct error *err);

/* The same bytes from records that come one by one. What is held grows with nodes, sets and
 * dependencies, with tasks that run at once or wait for several of which some are done, by two bits
 * a task (and another for each further dependency of its set), and by four bytes for each task that
 * waits for listed tasks (kind `edges`, whose list is in memory anyway); and 80 bytes a phase on a
 * flow, which is all of them if some are staged outside the slots. */
struct chrome_trace;
struct chrome_trace *chrome_trace_open(const struct workflow *w, const struct platform *p,
                                       const char *path, struct error *err);
/* Records 0 .. n - 1 of t, whose workflow and platform are those it was opened with. No record
 * starts before one that was added earlier, and if they come in several calls, each that started
 * has stopped; what never started may be anywhere. */
void chrome_trace_add(struct chrome_trace *c, const struct timeline *t, size_t n);
/* -1: and there is no file; *c is gone in any case */
int chrome_trace_close(struct chrome_trace *c, struct error *err);
void chrome_trace_abandon(struct chrome_trace *c);       /* instead: removes what was written */

#endif
