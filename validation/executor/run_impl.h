/* validation/executor/run_impl.h - the state of a run: the real world that a driver
 * (drive/driver.h) asks.
 *
 * Shared by its parts: an attempt's start (run_attempt.c), its end and the sentence about it
 * (run_attempt_end.c), and the turns (run.c). */
#ifndef DAGCAST_VALIDATION_EXECUTOR_RUN_IMPL_H
#define DAGCAST_VALIDATION_EXECUTOR_RUN_IMPL_H

#include <stddef.h>

#include "core/durations.h"
#include "drive/driver.h"
#include "scheduling/pool.h"
#include "validation/executor/executor.h"
#include "validation/executor/run.h"

/* A grant of the pool as lists of ids, for a backend. */
struct grant_slots { size_t n; struct executor_part *parts; uint16_t *ids; };
struct grant_slots grant_slots_of(const struct pool *pool, uint32_t grant,
                                  const struct slot_demand *d);
void grant_slots_clear(struct grant_slots *g);

struct handed {                          /* what the backend has of an attempt */
    bool live, timed_out;                /* live: started and not ended */
    bool stray;                          /* no task any more since a decision: its end is ignored */
    double deadline_s;                   /* when it is asked to end, or ended; INFINITY: never */
};

/* Many members: the state of one real session. */
struct run {
    struct driver drive;
    const struct run_plan *plan;
    struct executor *executor;
    struct durations *durations;
    struct timeline *timeline;
    struct handed *handed;               /* by attempt */
    size_t n_handed, handed_room;
    /* the user knows that the machine has no room for another process */
    bool told_no_room;
    /* ... that a task has decided what is not decided at run time */
    bool told_unheard;
    bool *has_folder;                    /* of each set: its folder for output is there */
    /* the run's folder had room when this turn's first attempt failed */
    bool could_write;
    struct error failure;                /* why it stops, if that is an error */
    bool failed;
    bool ending;                         /* what runs was asked to end */
    struct run_outcome out;
};

static inline const struct task_set *run_set_of(const struct run *r, const struct attempt *a)
{
    return &r->drive.scenario.workflow->sets[a->set];
}

/* run_attempt.c */
enum start_result run_attempt_start(void *run, uint32_t attempt);
void run_attempt_deadline(struct run *r, struct event ev);
/* a decision has cancelled it: asks it to end */
void run_attempt_cancel(void *run, uint32_t attempt);
void run_attempt_stop_all(struct run *r, bool force);
void run_attempt_clear(struct run *r);
/* A file of an attempt: "FOLDER/tasks/3-simulation/17.0.err" with the suffix ".err". NULL: the run
 * has no folder. New. */
char *run_attempt_path(const struct run *r, uint32_t set, uint32_t task, unsigned number,
                       const char *suffix);

/* run_attempt_end.c */
void run_attempt_ended(struct run *r, const struct executor_event *ev);
/* All that an attempt's end means. */
void run_attempt_settle(struct run *r, uint32_t id, const struct executor_event *ev,
                        enum attempt_outcome outcome);

/* run_carried.c */
struct carried_attempt {
    uint32_t id, task, number;
    char *set;                           /* its name: numbers change */
    double submitted_s, arrived_s, scheduled_s;
    bool cancelled;
    struct handed handed;
    struct grant_slots slots;
};
/* Something was decided, and nothing else ends the run: the next segment begins at once. */
bool run_hands_on(const struct run *r);
void run_carry(struct run *r);           /* to the plan's `carried` */
/* After driver_resume(): the same in the next segment; those whose task is no more are ended. */
void run_take_up(struct run *r);

/* run_said.c */
bool run_said(void *run, uint32_t set, uint32_t task, struct decision_said *out);
void run_tell_sets(struct run *r);
/* what was decided, to the plan's `known` and the journal */
void run_tell_found(struct run *r);

/* run_phases.c: to the record of an attempt that is done, which was added last */
void run_add_phases(struct run *r, const struct attempt *a, size_t record);

/* run.c */
void run_stop(struct run *r, const struct error *why);   /* in good order; why NULL: not an error */
void run_say(const struct run *r, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
