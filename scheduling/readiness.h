/* scheduling/readiness.h - which tasks may be submitted, given the mode and what is done:
 * dependencies and barriers.
 *
 * Shared by the simulator, the real executor and the closed forms. No clock. Grows with sets and
 * task-to-task edges, not with tasks. In the modes with barriers a group is a stage; in
 * asynchronous mode each set is a group of its own. */
#ifndef DAGCAST_SCHEDULING_READINESS_H
#define DAGCAST_SCHEDULING_READINESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/scenario.h"

enum submit_cause {
    SUBMIT_START, /* at the session's start */
    SUBMIT_TASK, /* tasks it depends on are done, no barrier */
    SUBMIT_NEXT_STAGE, /* a stage was closed */
    SUBMIT_NEXT_RUN /* all pipelines it comes after were closed: the next run() */
};
struct ready_run { /* tasks first .. first + count - 1 of `set` may be submitted */
    uint32_t set, first, count;
    enum submit_cause cause;
    /* runs of one group that become ready together are one bulk, in this order */
    int group;
};

struct readiness;
struct readiness *readiness_new(const struct workflow *w, enum mode mode);
void readiness_free(struct readiness *r);
void readiness_reset(struct readiness *r);
/* where the workflow does not say; the middleware's */
void readiness_on_failure(struct readiness *r, enum on_failure fallback);

/* What is ready at the start; what becomes ready because this task is done. In the order in which
 * it is submitted: (group's place in the file, set, task). Lives until the next call. */
const struct ready_run *readiness_start(struct readiness *r, size_t *n);
const struct ready_run *readiness_done(struct readiness *r, uint32_t set, uint32_t task, size_t *n);
/* The runs that the last call gave are needed no longer: many of them leave no room behind. */
void readiness_taken(struct readiness *r);
/* The task failed for good. What workflow_failure_cancels() says cancels, will never be ready, and
 * all that waits for it: *cancelled tasks. For the rest the task is over as if it were done.
 * Barriers only wait for what still comes, so others may become ready. */
const struct ready_run *readiness_failed(struct readiness *r, uint32_t set, uint32_t task,
                                         size_t *cancelled, size_t *n);
/* A decision has cancelled the task, whether it is ready or not: it will not be ready from now on,
 * and for what waits for it it is over as if it were done. */
const struct ready_run *readiness_dropped(struct readiness *r, uint32_t set, uint32_t task,
                                          size_t *n);
/* after a failure, or dropped */
bool readiness_is_cancelled(const struct readiness *r, uint32_t set, uint32_t task);
/* A task of the set ends before long: what that changes is prefetched. */
void readiness_expect(const struct readiness *r, uint32_t set);
bool readiness_complete(const struct readiness *r);       /* every task done, failed or cancelled */
bool readiness_set_is_over(const struct readiness *r, int set);          /* all of its tasks are */

/* Of a session that grows (scheduling/growing.h) a group has the number of its first set. Nobody
 * calls readiness_failed(), readiness_dropped(), or asks whether a set is over there. */

/* The plan itself, for closed forms, explanation and checks: groups and what they wait for. */
struct readiness_group {
    size_t n_sets; const int *sets;                       /* in file order */
    /* sets that must be done before the group is submitted, ascending */
    size_t n_waits; const int *waits;
    int pipeline, stage;                                  /* -1 in asynchronous mode */
    /* first group of the run() that it opens a pipeline of; -1: it opens none */
    int run;
    enum submit_cause cause;
};
size_t readiness_group_count(const struct readiness *r);
struct readiness_group readiness_group(const struct readiness *r, size_t g);
int readiness_group_of_set(const struct readiness *r, int set);

#endif
