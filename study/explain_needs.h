/* study/explain_needs.h - what each record of a run waited for: the last that the client knew of
 * the tasks it depends on, of its barrier, of its campaign, and of those that filled its window. */
#ifndef DAGCAST_STUDY_EXPLAIN_NEEDS_H
#define DAGCAST_STUDY_EXPLAIN_NEEDS_H

#include "core/task_deps.h"
#include "study/explain_impl.h"
#include "study/record_order.h"
#include "study/walk_back.h"

/* Indices of one run, made once; records are numbers of the timeline, or WALK_NONE. */
struct needs {
    const struct explain_run *run;
    const struct timeline *timeline;
    struct attempt_index attempts;
    /* record of each set that the client knew of last; WALK_NONE */
    size_t *set_last;
    /* record whose end let each into the window; NULL: no window */
    size_t *opened_by;
    /* of each campaign: its candidates' records as the client knew of them; NULL: none */
    struct ranked **results;
    size_t *n_results;
    /* of set s, dependency d: by_child[s][d]; made when it is needed */
    struct task_deps_index **by_child;
};
/* The run stays the caller's, and must outlive it. */
void needs_init(struct needs *n, const struct explain_run *run);
void needs_clear(struct needs *n);

/* The middleware noted this attempt; false: a later one only. */
bool needs_noted(const struct needs *n, size_t record);
/* As the middleware noted it, else as it is recorded. */
double needs_at(const struct needs *n, size_t record, enum instant i);
/* The client knows at once of an attempt that its node, or its job, took along. */
bool needs_was_lost(const struct needs *n, size_t record);
bool needs_is_first(const struct needs *n, size_t record);       /* of its task's attempts */

/* When the client knew of its end; WALK_NONE: -INFINITY. */
double needs_known_s(const struct needs *n, size_t record);
/* The one of two that the client knew of later; `a` where it knew of both at once. */
size_t needs_later(const struct needs *n, size_t a, size_t b);

/* The last of all that the record's task depends on; it is one of set number `set`. */
size_t needs_last_dependency(struct needs *n, int set, size_t record);
/* The last that the set's whole stage waits for; asynchronous mode knows no stages. */
size_t needs_last_of_barrier(const struct needs *n, int set);
/* The result that let this task of a campaign go, at the instant it was due. */
size_t needs_result_before(const struct needs *n, int set, double due_s);
/* The sets that are submitted together with this one. */
struct readiness_group needs_group_of(const struct needs *n, int set);

#endif
