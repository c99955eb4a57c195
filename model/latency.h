/* model/latency.h - the mean times that the middleware's stations add between tasks: the terms of C
 * (docs/model.md, "Makespan").
 *
 * Means alone: a poll adds half its period, a serial launcher its service time for each task before
 * and with the one at hand. Caps on live tasks, the window and the queue of bulks at the client are
 * left out. Where a profile holds several sessions, a parameter's mean is that of the sessions'
 * means, its own standing in for a session without. */
#ifndef DAGCAST_MODEL_LATENCY_H
#define DAGCAST_MODEL_LATENCY_H

#include <stddef.h>

#include "core/middleware.h"
#include "core/workflow.h"
#include "scheduling/readiness.h"

struct latency {
    const struct middleware *middleware;
    double mean_s[STATION_PARAMETERS];
    double wait_s[STATION_POLLS];        /* half a period */
};
void latency_init(struct latency *l, const struct middleware *m);

/* The last task of what a bulk waited for stopped -> the scheduler has the bulk. 0 for
 * SUBMIT_START: the makespan begins later. */
double latency_submit(const struct latency *l, enum submit_cause cause, size_t closed_tasks,
                      size_t bulk_tasks);

/* a task stopped -> its slots are usable again */
double latency_reuse(const struct latency *l);

/* Scheduled -> its work begins, for the last of `burst` tasks placed in one instant; in the
 * session's first burst only what it starts after the first task. */
double latency_launch(const struct latency *l, size_t burst, bool first_burst);

/* What executing adds to a task's duration. */
double latency_execute(const struct latency *l, double duration_s, bool cold);
/* cold starts: the first burst's */
bool latency_cold(const struct latency *l, const struct task_set *set, bool first_burst);

#endif
