/* traces/session_loops.h - a recorded run as a workflow that decides at run time
 * (core/decisions.h).
 *
 * What repeats (traces/loops.h) becomes a loop, and the tasks that a generator asks for one by one
 * become a campaign. How often it repeats is drawn: by the numbers that other runs are known to
 * have had, or by this run's own. */
#ifndef DAGCAST_TRACES_SESSION_LOOPS_H
#define DAGCAST_TRACES_SESSION_LOOPS_H

#include "traces/session.h"

struct loop_counts {
    size_t n, room;
    double *at;
}; /* iterations of loops; zeros: none */
void loop_counts_add(struct loop_counts *c, const struct session *s); /* of the session's loops */
void loop_counts_clear(struct loop_counts *c);

bool session_is_campaign(
    const struct session *s); /* a generator asks for its tasks, all of one set */
bool session_decides(const struct session *s); /* it is one, or something repeats */

/* Its workflow, with the durations of `from`: of session_workflow() at some level, without
 * services; NULL: description. Of its loops the number of iterations is drawn by what n loops known
 * predict (traces/loop_law.h), none: about its own; `counts` NULL: of k iterations of its own each
 * is the last with probability 1 / k. NULL: it does not decide, or the workflow is refused. New. */
struct workflow *session_with_loops(const struct session *s, const struct workflow *from,
                                    const struct loop_counts *counts, struct error *err);

#endif
