/* core/task_traits.h - what the tasks of a set are like, besides their number and their times.
 *
 * Sets that are alike share one, whose owners are counted: a million sets of a few kinds hold a
 * few. A set's traits are read as `set->traits->demand`, and written through task_traits_own(). */
#ifndef DAGCAST_CORE_TASK_TRAITS_H
#define DAGCAST_CORE_TASK_TRAITS_H

#include <stddef.h>

#include "core/demand.h"
#include "core/failures.h"
#include "core/phases.h"

/* What a task that failed for good means for the tasks that wait for it. */
enum on_failure {
    /* the workflow's or the middleware's; else `after` cancels, the order of stages continues */
    ON_FAILURE_UNSAID,
    ON_FAILURE_CANCEL,                   /* they and all that waits for them never run */
    ON_FAILURE_CONTINUE                  /* they run as if it were done */
};
/* "cancel" "continue", NULL: number + 1 is the enum's */
extern const char *const on_failure_names[];

struct task_traits {
    struct demand demand;
    /* relative effect shared by the set, drawn once a replica: duration x (1 + sd z) */
    double set_sd;
    double failure_probability;          /* of one attempt */
    int retries;                         /* attempts after the first */
    enum on_failure on_failure;          /* of one of its tasks; overrides the workflow's */
    double timeout_s;                    /* executor: an attempt is ended after this; 0 = never */
    struct task_phases *phases;          /* NULL: it only computes for its duration */
    struct service_rule service;
    struct checkpoint_rule checkpoint;
    struct slowdown_rule slowdown;
    size_t n_command;                    /* executor: argv, may be empty */
    char **command;
};
/* One rank, and nothing else. */
extern const struct task_traits task_traits_none;

/* To write: the set's own. Other sets keep what they shared with it. Until sets are copied, or
 * their workflow is finished. */
struct task_traits *task_traits_own(struct task_set *set);
/* For another set: takes what `t` owns, or copies it. */
struct task_traits *task_traits_new(const struct task_traits *t);
struct task_traits *task_traits_copy(const struct task_traits *t);
/* Sets of a workflow that share theirs with none share those that are equal. O(sets) */
void task_traits_share_equal(struct workflow *w);
/* One owner more, and one less (NULL allowed), of a set's traits. */
const struct task_traits *task_traits_share(const struct task_traits *t);
void task_traits_free(const struct task_traits *t);

/* Finds those that are equal. Sets with phases or a command, and services, are not looked at. */
struct task_traits_pool;
struct task_traits_pool *task_traits_pool_new(void);
void task_traits_pool_free(struct task_traits_pool *pool);       /* NULL allowed */
/* Takes an owner of `t`, gives one of the same or of equal ones. */
const struct task_traits *task_traits_pool_share(struct task_traits_pool *pool,
                                                 const struct task_traits *t);

#endif
