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
 * services; NULL: description. Of each loop, with the number of iterations k_i of n loops known, an
 * iteration is the last with a probability p ~ Beta(n + 1, sum of (k_i - 1) + 1): a uniform prior,
 * updated by them; the number of iterations is drawn from what that predicts. `counts` NULL or
 * empty: by this session's own loops, p = 1 / k. NULL: it does not decide, or the workflow is
 * refused. New. */
struct workflow *session_with_loops(const struct session *s, const struct workflow *from,
                                    const struct loop_counts *counts, struct error *err);

#endif
