/* validation/executor/run_impl.h - the state of a run, shared by its parts: from ready to the scheduler
 * (run_submit.c), from a decision to an end (run_attempt.c), and the loop (run.c). */
#ifndef DAGCAST_VALIDATION_EXECUTOR_RUN_IMPL_H
#define DAGCAST_VALIDATION_EXECUTOR_RUN_IMPL_H

#include "core/durations.h"
#include "scheduling/dispatch.h"
#include "scheduling/readiness.h"
#include "drive/event_queue.h"
#include "validation/executor/grant_slots.h"
#include "validation/executor/run.h"

enum { NOBODY = 0xffffff };

struct part {                            /* tasks on their way to the scheduler */
    uint32_t set, first, count, attempt;
    int group;
};
struct held { uint32_t set, task; };     /* ready, not yet released */

struct attempt {                         /* from its placement to its end */
    uint32_t set, task, number, grant;
    struct grant_slots slots;
    double scheduled_s;
    double deadline_s;                   /* when it is asked to end, or ended; INFINITY: never */
    bool live, timed_out;                /* live: at the backend */
    uint32_t next;                       /* in the launch queue, or in the list of unused */
};

struct run {
    const struct run_plan *plan;
    const struct workflow *workflow;
    struct executor *executor;
    struct dispatch *dispatch;
    struct readiness *readiness;
    struct durations *durations;
    struct slot_demand *demands;         /* of each set */
    struct timeline *timeline;
    double now_s;                        /* of this turn */

    /* submission */
    uint8_t *known;                      /* of each task, from the journal: enum known_end */
    uint8_t *attempts;                   /* of each task: that have failed */
    struct part *open;                   /* ready: goes to the scheduler at the end of the turn */
    size_t n_open, open_room;
    uint32_t *over;                      /* tasks whose end is known and was not yet told to readiness */
    size_t n_over, over_room;
    struct held *held;
    size_t n_held, held_room;
    struct event_queue *releases;        /* subject: held */
    double **release_s;                  /* of each task of a set; NULL: at once */
    double *submitted_s;                 /* of each task */

    /* attempts */
    struct attempt *running;             /* by id */
    size_t n_running, running_room;
    uint32_t unused, launch_first, launch_last;
    size_t n_live;
    bool no_room, told_no_room;          /* nothing more can be started until something ends; the user knows */
    struct event_queue *deadlines;       /* subject: id; stale where it differs from the attempt's own */
    bool *has_folder;                    /* of each set: its folder for output is there */
    bool could_write;                    /* the run's folder had room when this turn's first attempt failed */

    bool changed;                        /* the scheduler has something to decide on */
    double retry_due_s;                  /* when it wants to be asked again; INFINITY */
    bool stopping;                       /* nothing new is started */
    struct error failure;                /* why, where it is an error */
    bool failed;
    struct run_outcome out;
};
enum known_end { KNOWN_NOT, KNOWN_DONE, KNOWN_FAILED };

/* run_submit.c */
void run_submit_prepare(struct run *r);
void run_submit_runs(struct run *r, const struct ready_run *runs, size_t n);
void run_submit_again(struct run *r, uint32_t set, uint32_t task, uint32_t attempt);
void run_submit_due(struct run *r);          /* what is released by now */
void run_submit_deliver(struct run *r);      /* all that is open, to the scheduler */
void run_submit_task_over(struct run *r, uint32_t set, uint32_t task, bool done);
void run_submit_clear(struct run *r);

/* run_attempt.c */
void run_attempt_new(struct run *r, const struct decision *d);
void run_attempt_launch(struct run *r);      /* the next ones in the queue, as far as the cap allows */
bool run_attempt_can_launch(const struct run *r);
void run_attempt_ended(struct run *r, const struct executor_event *ev);
void run_attempt_deadlines(struct run *r);   /* those that are due by now */
void run_attempt_stop_all(struct run *r, bool force);
void run_attempt_clear(struct run *r);

/* run.c */
void run_stop(struct run *r, const struct error *why);   /* in good order; why NULL: not an error */
void run_say(const struct run *r, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
