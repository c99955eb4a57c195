/* sim/simulate.h - from a scenario and a seed to what happens: one replica at a time, as often as one likes. */
#ifndef DAGCAST_SIM_SIMULATE_H
#define DAGCAST_SIM_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"

enum wait { WAIT_CLIENT, WAIT_AGENT, WAIT_QUEUE, WAIT_LAUNCH, WAIT_FREE, WAIT_NOTIFY, WAITS };    /* launch: with start-up; free: with detection */
const char *wait_name(enum wait w);

struct replica {                         /* one replica's figures; seconds since the session's start */
    double makespan_s;                   /* first task's start to last task's stop */
    double session_s;                    /* bootstrap + first submission + makespan + drain */
    double first_start_s, last_stop_s;
    double busy_slot_s, busy_gpu_s;      /* executing, summed over slots and GPUs */
    double held_slot_s, held_gpu_s;      /* given and not yet freed */
    double lost_slot_s;                  /* executed by attempts that failed or were killed */
    size_t n_done, n_failed, n_killed, n_cancelled, n_retries;
    bool complete;                       /* every task is done */
    bool in_time;                        /* it ended within the walltime */
    double wait_s[WAITS];                /* task-seconds spent in each */
};

struct simulator;                        /* one thread's workspace for one scenario: reusable, not shared */
struct simulator *simulator_new(const struct scenario *s, struct error *err);          /* everything refusable is refused here */
void simulator_free(struct simulator *s);
/* Runs replica number `replica`; `timeline` (NULL allowed) is cleared and filled. Deterministic. */
void simulator_run(struct simulator *s, uint32_t replica, struct timeline *timeline, struct replica *out);

/* From now on also what a timeline has no room for: one value a task of the workflow, that of its last attempt, in the caller's
 * arrays (each may be NULL). */
struct simulator_events {
    double *left_s;                      /* its bulk left the client */
    double *launched_s;                  /* the launcher was done with it */
    double *detected_s;                  /* the agent saw its end */
};
void simulator_observe(struct simulator *s, const struct simulator_events *events);

#endif
