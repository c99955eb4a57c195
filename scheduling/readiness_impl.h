/* scheduling/readiness_impl.h - the state of readiness where all is written out: what starts and
 * ends tasks (readiness.c) and what makes it (readiness_make.c) share it. */
#ifndef DAGCAST_SCHEDULING_READINESS_IMPL_H
#define DAGCAST_SCHEDULING_READINESS_IMPL_H

#include "scheduling/mode.h"
#include "scheduling/readiness.h"
#include "scheduling/set_children.h"

struct task_name { int set; uint32_t task; };

/* Many members: counts by task, set and group, each an array of its own. */
struct readiness {
    const struct workflow *workflow;
    struct growing *growing;             /* does all of it; NULL: all is written out */
    enum on_failure on_failure;          /* where the workflow does not say */
    struct mode_plan plan;
    int *group_of;                       /* of each set; NULL: each is its own */
    int *waiters;                        /* groups that wait for a set, set by set */
    struct set_children children;        /* zeroed until some task is followed or fails */

    /* of each: tasks not over; its first of the waiters, which end where the next begin */
    struct set_state { uint32_t left, waiters; } *sets;
    uint32_t *waits_left;                /* sets that each group still waits for */
    /* by set, parents that each task still waits for, in asynchronous mode; NULL for sets without
     * dependencies finer than `all`, and in place of all if none has some */
    uint32_t **pending;
    /* by set, a bit a task; NULL while none of the set is, and in place of all while none is */
    uint64_t **cancelled;
    size_t tasks_left;
    struct ready_run *runs;
    size_t n_runs, run_room;
    struct task_name *to_cancel;
    size_t n_to_cancel, to_cancel_room;
    bool started;
};

static inline size_t readiness_set_size(const struct readiness *r, int set)
{
    return r->workflow->sets[set].n_tasks;
}

/* Unlike readiness_group_of_set(): of a session that is written out. */
static inline int readiness_own_group(const struct readiness *r, int set)
{
    return r->group_of ? r->group_of[set] : set;
}

#endif
