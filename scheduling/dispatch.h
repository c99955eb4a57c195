/* scheduling/dispatch.h - the one place that decides which task starts on which slots, now.
 *
 * The contract: in come events (ready, freed, cancel), then one pass; out come decisions (start
 * this task on these slots) and whether something waits that wants another pass although nothing
 * happens (RADICAL's loop). No clock, no files, no processes: the simulator and the real executor
 * drive the same code; a scripted backend proves that they agree. All events of one instant go in
 * before one pass.
 *
 * Waiting tasks are runs (set, first, count), grouped by demand; a task gets a struct of its own
 * only as a grant, when it runs. The cost of a decision grows neither with the tasks that wait nor
 * with the nodes. */
#ifndef DAGCAST_SCHEDULING_DISPATCH_H
#define DAGCAST_SCHEDULING_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/scenario.h"
#include "core/setting.h"
#include "scheduling/pool.h"

struct dispatch;

/* Start task `task` of set `set` on the slots of `grant`, task + 1 on those of grant + 1 ...:
 * `count` tasks. In a pass of less than a thousand tasks each has a decision of its own. */
struct decision {
    uint32_t set, task;                  /* task: index within the set */
    uint32_t attempt : 8, count : 24;    /* count: tasks, at least 1 */
    uint32_t grant;                      /* of dispatch_pool(); give it back by dispatch_freed() */
};
enum { DECISION_MOST_TASKS = (1 << 24) - 1 };

/* NULL: an unknown name, or a demand that no node can hold. */
struct dispatch *dispatch_new(const struct workflow *w, const struct platform *p,
                              const struct scheduler_options *options, struct error *err);
void dispatch_free(struct dispatch *d);
/* All free, nothing waits; before each replica. The two numbers name the draws of order `random`.
 */
void dispatch_reset(struct dispatch *d, uint64_t seed, uint32_t replica);

/* Tasks first .. first + count - 1 of the set have arrived, behind all that arrived before. */
void dispatch_ready(struct dispatch *d, uint32_t set, uint32_t first, uint32_t count,
                    uint32_t attempt);
/* A task of the set runs since then, on these slots, which are free here; returns its grant.
 * Between dispatch_reset() and the first pass. */
uint32_t dispatch_runs(struct dispatch *d, uint32_t set, const struct pool_part *parts, size_t n,
                       double since_s);
/* the task is over; its slots are free */
void dispatch_freed(struct dispatch *d, uint32_t grant);
/* forgets all that waits; returns how many */
size_t dispatch_cancel_waiting(struct dispatch *d);

/* One pass at the instant now_s (used by `easy` only, with expected durations). The decisions, in
 * order of placement, live until the next call. *wants_retry (may be NULL): pass again after the
 * scheduler's idle interval though nothing changed. */
const struct decision *dispatch_pass(struct dispatch *d, double now_s, size_t *n,
                                     bool *wants_retry);

/* After a pass that wants a retry: would passes place nothing until something changes? Then they
 * may be counted instead of made: n passes that nothing came in for. (RADICAL's pool is permuted by
 * each pass, also by one that places nothing; counting costs O(1).) */
bool dispatch_is_idle(const struct dispatch *d);
void dispatch_count_idle(struct dispatch *d, size_t n);

/* After a pass: when another one is to be made though nothing changes (overtake_every: looks in
 * which nothing could be found are left out); INFINITY: not before something does. A pass at or
 * after it is that look. */
double dispatch_look_s(const struct dispatch *d);

/* By set: the number of its demand among the pool's classes. */
const uint32_t *dispatch_classes(const struct dispatch *d);
size_t dispatch_waiting(const struct dispatch *d);
struct pool *dispatch_pool(const struct dispatch *d);
/* Slots of a node are lost to new tasks (a drained node); running tasks keep theirs. */
void dispatch_drain_node(struct dispatch *d, uint32_t node);
/* a drained node takes tasks again */
void dispatch_return_node(struct dispatch *d, uint32_t node);

/* For `dagcast list` and for choosing by name: number i, false past the end. */
bool dispatch_order_at(size_t i, struct setting_name *out);
bool dispatch_overtake_at(size_t i, struct setting_name *out);
bool dispatch_placement_at(size_t i, struct setting_name *out);

#endif
