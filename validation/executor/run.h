/* validation/executor/run.h - executes a workflow: the simulator's decisions, a backend's clock and
 * tasks.
 *
 * The loop turns whenever something has happened. All events of a turn have the same instant, reach
 * the scheduler before one pass, and go to the journal in one write; the starts that follow from
 * them, in another. So a run can be replayed exactly: the instant at which each task was submitted,
 * placed and freed is known. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_RUN_H
#define DAGCAST_VALIDATION_EXECUTOR_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "validation/executor/executor.h"
#include "validation/executor/journal.h"

struct run_started {                     /* a task that was given to the backend */
    int set;
    uint32_t task;
    unsigned attempt;
    double time_s;
    const struct executor_task *what;
};
struct run_progress {
    double now_s;
    size_t n_tasks, n_done, n_failed, n_cancelled;       /* for good */
    size_t n_running;                    /* given to the backend; what is left waits */
    const struct timeline *timeline;     /* all attempts that have ended */
};
struct run_hooks {                       /* any of the functions may be NULL */
    void *context;
    /* what the user should know now: a task failed, a node is lost */
    void (*say)(void *context, const char *sentence);
    void (*started)(void *context, const struct run_started *s);
    /* before every turn and at the end, */
    void (*turned)(void *context, const struct run_progress *p);
    /* ... of which there is one at least that often, though nothing happens; 0: there need not
     * be */
    double turn_s;
};

/* What runs when a decision ends a segment of a run: it goes on in the next. Zeroed at first. */
struct run_carried {
    struct executor *executor;           /* NULL: none is open */
    uint32_t n_ids;                      /* of attempts so far */
    size_t n;
    struct carried_attempt *at;
};

struct run_plan {
    /* workflow, platform, mode, scheduler, seed; of its middleware on_failure only */
    const struct scenario *scenario;
    const struct executor_ops *backend;
    const struct executor_setup *setup;
    struct journal *journal;             /* NULL: none is kept */
    /* tasks without a command keep their slots busy, else they sleep */
    bool busy;
    /* at the first task that has failed for good; else only what depends on it is cancelled */
    bool stop_on_failure;
    size_t live_cap;                     /* most tasks at the backend at once; 0: no cap */
    /* the scheduler's idle interval; 0: it is not asked again while nothing happens */
    double retry_s;
    double grace_s;                      /* between asking a task to end and ending it */
    /* by the user, before the backend looked out for that: nothing is begun; NULL: nobody knows */
    const atomic_bool *interrupted;
    /* of a workflow that was realised: decisions so far; those of this run are added. NULL: of
     * others */
    struct outcomes *known;
    /* From segment to segment, where decisions end them: the same executor goes on, with what it
     * runs. NULL: the executor is closed, after what runs has ended. */
    struct run_carried *carried;
    struct run_hooks hooks;
};

struct run_outcome {
    size_t n_done, n_failed;             /* for good: no attempt follows */
    /* never started, because a task that they depend on has failed for good */
    size_t n_cancelled;
    /* ended, or never started, because a decision has cancelled them */
    size_t n_stopped;
    size_t n_retries;
    /* every task is done, has failed, or was cancelled because another has failed */
    bool complete;
    /* complete before anything was begun: the journal is as it was */
    bool nothing_left;
    bool interrupted, stopped;           /* by the user; after a failure */
    /* something was decided that the workflow has not: realise it with what is known, and go on */
    bool decided;
};

/* `timeline`: of the scenario's workflow and platform; what it holds already (of a journal, in its
 * order) is not run again. Filled with every attempt's record and, when the run is complete, one of
 * each cancelled task; not sorted. -1: the scheduler or the backend refuses, or the journal cannot
 * be written: what ran was ended, and the journal holds all that was done. */
int run_workflow(const struct run_plan *plan, struct timeline *timeline, struct run_outcome *out,
                 struct error *err);
/* Ends what still runs where no segment follows. */
void run_carried_end(const struct run_plan *plan);

#endif
