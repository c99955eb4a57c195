/* core/workflow_impl.h - what the workflow_*.c share. */
#ifndef DAGCAST_CORE_WORKFLOW_IMPL_H
#define DAGCAST_CORE_WORKFLOW_IMPL_H

#include "core/workflow.h"

/* What can be told before dependencies are complete: names, and every set in one stage of those
 * that are written. */
int workflow_check_places(const struct workflow *w, struct error *err);

/* The name of one of its sets moves to where all are: a million small blocks take more room. */
void workflow_keep_name(struct workflow *w, struct task_set *set);

/* The rest: demands, sizes of `each` and `block`, edges, cycles, stages and pipelines that would
 * wait for themselves. */
int workflow_check(const struct workflow *w, struct error *err);

/* As many sets as can be put behind their parents, in *n_sorted; fewer than all if there is a
 * circle. free() it. */
int *workflow_sort(const struct workflow *w, size_t *n_sorted);

/* Marks, beside those marked, the sets that come before one of them, or after one. */
void workflow_mark_before(const struct workflow *w, bool *marked);
void workflow_mark_after(const struct workflow *w, bool *marked);

/* decisions_check.c: "loop 'train': there is no task set 'simulaton'; did you mean 'simulation'?"
 * Returns -1. */
int workflow_refuse_set(const struct workflow *w, const char *of_kind, const char *of,
                        const char *name, struct error *err);
/* decisions_check_set.c: what set `s` leaves to be decided can be. */
int workflow_check_decided_set(const struct workflow *w, int s, struct error *err);

/* What traits own, of a bytewise copy: now its own; and freed. */
void workflow_copy_traits(struct task_traits *t);
void workflow_clear_traits(struct task_traits *t);

#endif
