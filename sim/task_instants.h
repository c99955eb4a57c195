/* sim/task_instants.h - of each task's last attempt the instants that a timeline does not record
 * (due, ready, opened, left, served, launched, admitted, detected, booked), in seconds since the
 * session's start, and its own work.
 *
 * Most of them are the instants beside them, or those of a whole set: they are kept in pages of
 * tasks, and a page on which all are alike has no room of its own. What passes no station of the
 * middleware takes no memory. */
#ifndef DAGCAST_SIM_TASK_INSTANTS_H
#define DAGCAST_SIM_TASK_INSTANTS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "core/instant.h"

/* An instant that was not noted, or is that of the timeline's which stands for it; for work: the
 * whole of the execution. */
#define INSTANT_AS_RECORDED (-INFINITY)

struct task_instants;                    /* one thread's */
struct task_instants *task_instants_new(size_t n_tasks); /* of none is anything noted */
void task_instants_free(struct task_instants *t);        /* NULL allowed */

/* Of `count` tasks from `first`; O(count / page), if all of a page are alike. */
void task_instants_note(struct task_instants *t, size_t first, size_t count, enum instant which,
                        double at_s);
double task_instants_at(const struct task_instants *t, size_t task, enum instant which);
/* Moves all of a task's instants. */
void task_instants_move(struct task_instants *t, size_t task, double by_s);

/* Of its execution its own work, s; the rest is offset and cold start. */
void task_instants_note_work(struct task_instants *t, size_t task, double work_s);
double task_instants_work(const struct task_instants *t, size_t task);

/* The attempt that they are of; 0 at first. */
void task_instants_note_attempt(struct task_instants *t, size_t first, size_t count,
                                uint32_t attempt);
uint32_t task_instants_attempt(const struct task_instants *t, size_t task);

size_t task_instants_bytes(const struct task_instants *t);   /* held; O(pages) */

#endif
