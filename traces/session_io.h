/* traces/session_io.h - the files of a recorded run as transfers of its tasks on one shared flow.
 */
#ifndef DAGCAST_TRACES_SESSION_IO_H
#define DAGCAST_TRACES_SESSION_IO_H

#include "core/platform.h"
#include "core/workflow.h"
#include "traces/session.h"

/* What the run's flow is called. */
#define SESSION_IO_FLOW "io"

/* -1: the run recorded no files, or none with a size. O(files of tasks) */
int session_io_check(const struct session *s, struct error *err);
/* Each task of the workflow's sets, numbered as the session's, reads its input files before its
 * duration and writes its output files after it; amounts that differ within a set are drawn from
 * those of its tasks. Files of unknown size count as nothing. */
void session_io_add(const struct session *s, struct workflow *w);
/* A flow for them, of `rate` MiB/s. */
void session_io_add_flow(struct platform *p, double rate);

#endif
