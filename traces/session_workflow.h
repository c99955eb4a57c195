/* traces/session_workflow.h - the workflow of a recorded run, with as much of what was measured
 * as a prediction may see. */
#ifndef DAGCAST_TRACES_SESSION_WORKFLOW_H
#define DAGCAST_TRACES_SESSION_WORKFLOW_H

#include "traces/session.h"

/* How much of the session a prediction may see. */
enum information {
    INFORMATION_DESCRIPTION, INFORMATION_REQUESTED, INFORMATION_MEASURED, INFORMATION_ARRIVALS,
    INFORMATION_LEVELS,
};
/* "description" "requested" "measured" "arrivals" */
const char *information_name(enum information level);
int information_find(const char *name);                    /* -1: none */

/* The workflow at a level. description: one distribution a set, fitted by its moments to the
 * requested durations, else the measured ones (constant; normal where sd <= 0.3 mean, with
 * stragglers if measured; else lognormal). requested: each task's requested duration (an error
 * where one is not known). measured: each task's measured one. arrivals: measured, and each task is
 * released at its CLIENT_SUBMITTED less that of the first, or less when the pilot was active if
 * that is later; no dependencies, stages or pipelines, since these times say it all. Tasks without
 * a measurement (cut, killed, failed) take the mean of their set, counted in *imputed (NULL
 * allowed). New; workflow_free() it. */
struct workflow *session_workflow(const struct session *s, enum information level, size_t *imputed,
                                  struct error *err);
/* A normal distribution with a larger coefficient of variation would be cut at 0 too often. */
#define SESSION_WIDEST_NORMAL_CV 0.3

/* To sets numbered as the session's, which it does not have yet: output that the client moves when
 * the slots are free is the workflow's, as durations are. session_workflow() has done so. */
void session_add_staging(const struct session *s, struct workflow *w);

#endif
