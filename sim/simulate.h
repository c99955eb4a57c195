/* sim/simulate.h - from a scenario and a seed to what happens: one replica at a time, as often as
 * one likes. */
#ifndef DAGCAST_SIM_SIMULATE_H
#define DAGCAST_SIM_SIMULATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "drive/decide.h"
#include "sim/task_instants.h"

struct replica_jobs { /* of a chain of jobs (core/scenario.h); else one that does not wait */
    size_t n;                            /* that ran */
    double queue_s; /* all waits in the queue, as long as no job runs */
    double held_s; /* for which the nodes were held: all sessions; side by side: the mean node */
    double solution_s;                   /* from the first request to the last stop */
    /* attempts that the end of a job cut and a later one took up */
    size_t n_cut;
};

/* of a job; from the first request on */
struct job_span { double requested_s, started_s, ended_s; };

/* Phases in which a task's time goes, inside its slots or outside. */
enum spent {
    SPENT_MOVING,                        /* through flows of the platform */
    SPENT_ASKING,                        /* services, from the request to its end */
    SPENT_SAVING,                        /* checkpoints */
    SPENTS
};

struct replica { /* one replica's figures; seconds since the session's start, of a chain since its
                    first request */
    double makespan_s;                   /* first task's start to last task's stop */
    double session_s;                    /* bootstrap + first submission + makespan + drain */
    /* the pilot's: the same up to its end; the session's where that is not known */
    double span_s;
    double first_start_s, last_stop_s;
    double busy_slot_s, busy_gpu_s;      /* executing, summed over slots and GPUs */
    double held_slot_s, held_gpu_s;      /* given and not yet freed */
    double lost_slot_s;                  /* executed by attempts that failed or were killed */
    /* energy of busy cores and GPUs, beside idle nodes; NAN: not known */
    double busy_j;
    /* Tasks by how their last attempt ended; together all of the workflow's. Cancelled: it never
     * started, because of a failure or of the walltime. A task that waits for another attempt when
     * the walltime comes has failed. */
    size_t n_done, n_failed, n_killed, n_cancelled;
    size_t n_lost;                       /* attempts that a node's failure ended */
    size_t n_retries;                    /* attempts beyond each task's first that were asked for */
    bool complete;                       /* every task is done */
    bool in_time;                        /* it ended within the walltime */
    double wait_s[WAITS];                /* task-seconds spent in each */
    double spent_s[SPENTS];              /* task-seconds, of phases that came to their end */
    struct replica_jobs jobs;
};

/* one thread's workspace for one scenario: reusable, not shared */
struct simulator;
/* everything refusable is refused here */
struct simulator *simulator_new(const struct scenario *s, struct error *err);
void simulator_free(struct simulator *s);
/* The runs that follow also note the instants of the workflow's tasks; NULL: no longer. Those of
 * tasks that never ran stay. */
void simulator_watch(struct simulator *s, struct task_instants *instants);
/* The jobs of the last replica, one after the other; NULL, *n 0: one that did not wait, or side by
 * side. */
const struct job_span *simulator_jobs(const struct simulator *s, size_t *n);
/* Each job of the last replica, in the order of their starts, where they are side by side; else as
 * simulator_jobs(). */
/* Nodes that failed in the last replica, each until it was back (INFINITY: never). */
struct node_down { uint32_t node; double from_s, to_s; };
const struct node_down *simulator_downs(const struct simulator *s, size_t *n);
const struct job_span *simulator_each_job(const struct simulator *s, size_t *n);
/* The runs that follow end early when *stop is set (by another thread or a signal handler): whoever
 * set it must not use such a run's figures or records. NULL: never. */
void simulator_stop_on(struct simulator *s, const atomic_bool *stop);
/* Runs replica number `replica`; `timeline` (NULL allowed) is cleared and filled, in the order of
 * timeline_sort(). Deterministic. */
void simulator_run(struct simulator *s, uint32_t replica, struct timeline *timeline,
                   struct replica *out);

/* Of a workflow that was realised (scheduling/realise.h): what the last run found out that time
 * decides; true: one outcome, set in `found`, and the run ended there. And what became of its
 * campaign number i. */
bool simulator_found(const struct simulator *s, struct outcomes *found);
const struct campaign_result *simulator_campaign(const struct simulator *s, size_t i);
/* Of a session that grows (scheduling/growing.h): more was in flight than there are places for, and
 * the run ended there. */
bool simulator_is_full(const struct simulator *s);
/* decide_results() */
const double *simulator_results(const struct simulator *s, size_t i, const bool **hit);

/* Who takes a replica's records while it runs. Each call brings the next records of the timeline,
 * in the same order: `piece`, always the same object, begins with them; what stands behind the
 * first n is not in order yet. The last call has its session_*_s set. */
struct record_sink {
    void (*take)(void *context, const struct timeline *piece, size_t n);
    void *context;
};
/* The same without a timeline: what is held of it grows with tasks that wait out of order or run,
 * and a bit a task where some may fail or be killed. */
void simulator_stream(struct simulator *s, uint32_t replica, const struct record_sink *sink,
                      struct replica *out);

#endif
