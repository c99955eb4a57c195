/* validation/run_state.h - where a run is at an instant: which of its tasks wait, run, are over. */
#ifndef DAGCAST_VALIDATION_RUN_STATE_H
#define DAGCAST_VALIDATION_RUN_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "traces/session.h"

enum task_phase_of_run {
    RUN_UNSEEN,                          /* nothing is known of it yet */
    RUN_WAITING,                         /* the scheduler has it */
    RUN_RUNNING,
    RUN_DONE,
    RUN_FAILED,                          /* for good, or cancelled */
    RUN_PHASES
};

struct run_task {
    enum task_phase_of_run phase;
    double started_s, stopped_s;         /* its own work; NAN: not yet */
    double freed_s, notified_s;          /* NAN: not yet, or not recorded */
};

struct run_state {
    double now_s;                        /* seconds of the run's clock, as the times of its tasks */
    uint32_t n;
    struct run_task *tasks;              /* by number within the workflow */
    size_t count[RUN_PHASES];
    /* of those that failed: ended, or never begun, by a decision */
    size_t n_cancelled;
    double first_start_s;                /* NAN: nothing has started */
};
/* All tasks unseen. */
struct run_state run_state_new(uint32_t n, double now_s);
void run_state_clear(struct run_state *st);
/* fills `count` and `first_start_s` from the tasks */
void run_state_count(struct run_state *st);

/* A session as it was at `now_s`: nothing later is known. INFINITY: at its last record. */
struct run_state run_state_of_session(const struct session *s, double now_s);
/* the last instant that the session recorded; NAN: none */
double run_state_last_s(const struct session *s);

#endif
