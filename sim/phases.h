/* sim/phases.h - simulated tasks whose end is not known when they start: they go through phases.
 *
 * A way is one attempt going through its set's phases (core/phases.h), or a task being staged while
 * it has no slots. Phases that compute end by an event of their own, those on a flow when the flow
 * has served their amount (sim/flows.h). */
#ifndef DAGCAST_SIM_PHASES_H
#define DAGCAST_SIM_PHASES_H

#include "sim/flows.h"
#include "sim/simulate_impl.h"

struct phases;
struct phases *phases_new(struct simulator *s);          /* NULL: every end is known at the start */
void phases_free(struct phases *p);
/* `goes_on`: what the checkpoints of an earlier session have kept stays. */
void phases_begin(struct phases *p, bool goes_on);

bool phases_has(const struct phases *p, uint32_t set);

/* The attempt's phases begin at its started_s; when they have ended, execute_ended() follows. Its
 * execution takes `extra_s` beside them. */
void phases_start(struct phases *p, uint32_t attempt, double extra_s);
/* What the attempt stages after its slots are free; false: nothing. Else execute_on_notified()
 * follows when it is done. */
bool phases_stage_out(struct phases *p, uint32_t attempt);
bool phases_stages_out(const struct phases *p, const struct attempt *a);
/* The client knows of a task that was staged out; then, of the first n records, those, and their
 * phases after the slots. */
void phases_note_notified(struct phases *p, const struct attempt *a, double notified_s);
void phases_add_notified(const struct phases *p, struct timeline *t, size_t n);
/* As client_ops.stage() */
bool phases_stage_in(void *simulator, const struct submission *part, double submitted_s);

/* A node's failure ends an attempt that is under way. */
void phases_lose(struct phases *p, uint32_t attempt);
/* A decision cancels it while it executes; it leaves when its slots are free (phases_stage_out()).
 */
void phases_cancel(struct phases *p, uint32_t attempt);
/* The walltime ends it: a later session goes on from its last checkpoint. */
void phases_keep(struct phases *p, uint32_t attempt);
/* The walltime ends staging out that is under way, or (`begun` false) has yet to begin: the next
 * job goes on with what is left. */
void phases_keep_staging(struct phases *p, uint32_t attempt, bool begun);
/* The same of tasks that an earlier job did and this one staged out further. */
void phases_keep_resumed(struct phases *p);
/* Something of the task's staging out is left to a later job. */
bool phases_is_left(const struct phases *p, uint32_t task);
/* As client_ops.resume() */
bool phases_resume(void *simulator, uint32_t set, uint32_t task);
/* What a way has staged of a task that an earlier job did, to the last record of `t`, later by
 * `by_s`. */
void phases_add_resumed(const struct phases *p, struct timeline *t, uint32_t way, double by_s);
/* A task is over for good, and with it perhaps the last client of a service. */
void phases_task_over(struct phases *p, uint32_t set, bool failed);

void phases_on_flow(struct phases *p, struct event ev);
void phases_on_phase(struct phases *p, uint32_t way);

/* No record of an attempt that is under way begins before this. O(1) */
double phases_oldest_s(const struct phases *p);

/* The session is over: who is being staged in is cut. */
void phases_end_staging_in(struct phases *p);
/* The task was staged in, but no record has it: it was never placed. */
bool phases_is_unplaced(const struct phases *p, uint32_t task);
/* Its staging in, to the record added last. */
void phases_add_unplaced(struct phases *p, struct timeline *t, uint32_t task);
/* The phases of an attempt, as far as it came by now, to the record added last; of those that are
 * staged out later the places. */
void phases_add_to(struct phases *p, struct timeline *t, uint32_t attempt);
/* The same of an attempt that was lost just now: phases_lose() has ended it, if it had begun. */
void phases_add_lost(struct phases *p, struct timeline *t, uint32_t attempt);

#endif
