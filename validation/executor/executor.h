/* validation/executor/executor.h - a backend: how tasks become processes.
 *
 * validation/executor/run.c decides and knows no process; it asks this of a backend. One backend is
 * one file of this folder and one row in executor.c.
 *
 * The caller starts tasks and waits for events. Times are seconds since the run's zero, which lies
 * before the first call and stays the same when a run is resumed. Where a clock measures them, they
 * are multiples of EXECUTOR_TICK_S, so that sums and differences are exact. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_EXECUTOR_H
#define DAGCAST_VALIDATION_EXECUTOR_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/platform.h"

#define EXECUTOR_TICK_S 0x1p-20          /* about a microsecond */

struct executor_setup {                  /* outlives the executor */
    const struct platform *platform;
    /* of the run, absolute, exists; NULL for backends without files */
    const char *folder;
    /* random text, the DAGCAST_RUN of every process of the run: see validation/executor/leftovers.h
     */
    const char *run_id;
    char *const *environment;            /* NULL-terminated "NAME=value": what tasks inherit */
    double zero_epoch_s;                 /* Unix time of second 0 */
    /* open() first ends all that an executor that was killed has left of this run */
    bool resuming;
    bool bind;                           /* slots are this machine's cores: bind tasks to them */
    const char *task_program;            /* path of dagcast-task */
};

struct executor_part {                   /* what a task was given on one node */
    uint32_t node;
    int ranks;                           /* of the task's, here */
    size_t n_slots, n_gpus;
    /* ids, ascending. Ranks that share a GPU are parts of their own, on one node */
    const uint16_t *slots, *gpus;
};

struct executor_task { /* one attempt; all it points to may go when start() has returned */
    /* the caller's name for it, unique among those that have not ended */
    uint32_t id;
    /* NULL-terminated; argv[0] without '/' is searched for in PATH */
    char *const *argv;
    char *const *environment; /* NULL-terminated "NAME=value": what differs from the setup's; it has
                                 DAGCAST_RUN, and names OUTPUT.times as DAGCAST_TIMES, where
                                 dagcast-task leaves its times (task_times.h) */
    /* path: standard output goes to OUTPUT.out, error to OUTPUT.err */
    const char *output;
    size_t n_parts;
    const struct executor_part *parts;   /* in the order of the ranks */
    int ranks, slots;                    /* slots: of one rank */
    int32_t gpus;                        /* of one rank; 1 where it shares one */
    /* what it should take; only the scripted backend believes it */
    double duration_s;
    bool fails;                          /* the scripted backend lets it fail at its end */
};

enum executor_event_kind {
    EXECUTOR_ENDED,                      /* a task is over and nothing of it runs any more */
    /* no more tasks for this node, please; those on it report their own ends */
    EXECUTOR_NODE_LOST,
    EXECUTOR_INTERRUPTED,                /* the user wants an end; again: at once */
    EXECUTOR_TOLD                        /* nothing has ended; `why` is what the user should know */
};
enum executor_outcome {
    EXECUTOR_OK,
    EXECUTOR_EXIT, /* exit status `code`, not 0 */
    EXECUTOR_SIGNAL, /* killed by signal `code` */
    EXECUTOR_NEVER_RAN /* the launcher failed, whatever it says: the task has left no record of its
                          own */
};
struct executor_event {
    enum executor_event_kind kind;
    uint32_t id;                         /* of the task; of EXECUTOR_NODE_LOST: the node */
    enum executor_outcome outcome;
    int code;
    double launched_s;                   /* handed to the launcher */
    /* as the task recorded it, else as the backend saw it (NAN where it never ran), */
    double started_s, stopped_s;
    bool own_times;                      /* ... which this tells apart */
    /* NULL, or words about it for the user, valid until the next call of wait() */
    const char *why;
};

enum { EXECUTOR_NO_ROOM = 1 };

struct executor;                         /* a backend's state */
struct executor_ops {
    const char *name, *summary;
    /* every rank needs a core of its own, and no two share a GPU: see executor_check() */
    bool whole;
    struct executor *(*open)(const struct executor_setup *setup, struct error *err);
    double (*now)(struct executor *e);   /* never goes back */
    /* Returns once the task runs or waits at a launcher. -1: it cannot be started; the sentence
     * says why; no event follows. EXECUTOR_NO_ROOM: the same, but for want of processes, open files
     * or memory: it can be when another has ended. A backend that has taken a task (0) and finds no
     * room for it later keeps it, and tries again. */
    int (*start)(struct executor *e, const struct executor_task *task, struct error *err);
    /* Sleeps until something has happened or until `until_s` (INFINITY: for ever); fills at most
     * `room` events, returns how many. */
    size_t (*wait)(struct executor *e, double until_s, struct executor_event *events, size_t room);
    /* asks the task to end (SIGTERM), or ends it (SIGKILL) */
    void (*stop)(struct executor *e, uint32_t id, bool force);
    void (*close)(struct executor *e);   /* ends what still runs */
};

extern const struct executor_ops executor_local, executor_slurm, executor_scripted;

const struct executor_ops *executor_at(size_t i);        /* NULL past the end */
const struct executor_ops *executor_find(const char *name);               /* NULL: none */

/* -1 and a sentence: a task set wants what the backend cannot give. */
struct workflow;
int executor_check(const struct executor_ops *ops, const struct platform *p,
                   const struct workflow *w, struct error *err);

#endif
