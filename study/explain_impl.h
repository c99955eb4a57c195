/* study/explain_impl.h - the two halves of an explanation: the walk back, and what a wait for slots
 * was for. */
#ifndef DAGCAST_STUDY_EXPLAIN_IMPL_H
#define DAGCAST_STUDY_EXPLAIN_IMPL_H

#include "core/timeline.h"
#include "scheduling/readiness.h"
#include "sim/simulate.h"
#include "study/explain.h"

enum { EXPLAIN_WAIT = EXPLAIN_KINDS };   /* a step of the walk that explain_waits() splits up */

struct explain_run {                     /* one replica that ran */
    const struct scenario *scenario;
    const struct readiness *readiness;   /* the plan of the mode */
    const struct timeline *timeline;     /* sorted */
    const struct task_instants *instants;
    const struct job_span *jobs;         /* one after the other; NULL: a session of its own */
    size_t n_jobs;
    const struct job_span *each_job; /* side by side too */
    size_t n_each;
    const struct node_down *downs;       /* nodes that failed */
    size_t n_downs;
};

int explain_kind_of_leg(enum leg leg);   /* an explain_kind, or EXPLAIN_WAIT */
/* Of the time until what is ready may be submitted. */
enum explain_kind explain_kind_of_cause(enum submit_cause cause);

/* The steps from the last stop back to the first start, in order of time; waits for slots are of
 * kind EXPLAIN_WAIT. */
void explain_walk(const struct explain_run *run, struct explain_path *path);
/* `whole`, a stretch of a record's way, as steps backwards: what lies in its phases is theirs, the
 * rest of whole's kind; some may have no length. */
struct explain_adder {
    void (*add)(void *context, const struct explain_step *step);
    void *context;
};
void explain_phases(const struct timeline *t, size_t record, const struct explain_step *whole,
                    const struct explain_adder *a);
/* Likewise of a wait that began in an earlier job: until that one ended, in the queue, and since
 * the next began. False: it lies in one job, and nothing is added. */
bool explain_jobs(const struct explain_run *run, const struct explain_step *whole,
                  const struct explain_adder *a);
/* Replaces those by what was scarce. */
void explain_waits(const struct explain_run *run, struct explain_path *path);

/* Appends; a step that only continues the one before makes it longer, one of no length is nothing.
 */
void explain_path_add(struct explain_path *p, const struct explain_step *step);
void explain_path_reverse(struct explain_path *p);

#endif
