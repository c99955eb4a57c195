/* traces/wfformat_write.h - workflows and runs as WfFormat 1.6, for the tools of WfCommons.
 *
 * What WfFormat has no field for but tasks need, our importer reads back from a field `dagcast` of
 * a task's specification (set, ranks, threads, GPUs, memory) and of a machine (GPUs, hardware
 * threads); others pass over it. docs/formats.md. */
#ifndef DAGCAST_TRACES_WFFORMAT_WRITE_H
#define DAGCAST_TRACES_WFFORMAT_WRITE_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "traces/notes.h"
#include "traces/session.h"

/* Workflow and platform (NULL: no machines) as a document. With a session, runtimes, machines and
 * makespan are those of its timeline's last attempts; without one or without records, runtimes are
 * the (mean) durations. What cannot be held goes to `losses`. NULL and a
 * sentence: more edges between tasks than can be listed, or a session in which no task has ended.
 */
cJSON *wfformat_write(const struct workflow *w, const struct platform *p, const struct session *s,
                      struct notes *losses, struct error *err);

#endif
