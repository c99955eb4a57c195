/* scheduling/waiting_walk.h - goes through all waiting tasks of a queue scheduler in order, run by
 * run, as far as needed.
 *
 * Of a kind the first run comes; once it is passed over, the kind's further ones come in their
 * turn. Nothing is listed: a step costs O(log) in kinds and in runs. */
#ifndef DAGCAST_SCHEDULING_WAITING_WALK_H
#define DAGCAST_SCHEDULING_WAITING_WALK_H

#include "scheduling/kind_index.h"

struct queue_scheduler;
struct waiting_walk;
struct waiting_walk *waiting_walk_new(const struct queue_scheduler *q);
void waiting_walk_free(struct waiting_walk *w);          /* NULL allowed */

/* At the first task. Meanwhile tasks may be taken from kinds of which none was passed over, and
 * none may come in. */
void waiting_walk_begin(struct waiting_walk *w);
/* The run at hand, or what is left of it; NULL at the end. */
const struct waiting_run *waiting_walk_at(struct waiting_walk *w, uint32_t *kind);
/* Passes over the run at hand. */
void waiting_walk_pass(struct waiting_walk *w);
/* A run of the kind was passed over. */
bool waiting_walk_passed(const struct waiting_walk *w, size_t kind);

#endif
