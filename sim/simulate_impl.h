/* sim/simulate_impl.h - the state of one simulated replica, shared by the parts of its life: submission (submit.c: client and
 * agent), execution (execute.c: launch to freed slots), what is told of it (record.c), and the wiring (simulate.c). */
#ifndef DAGCAST_SIM_SIMULATE_IMPL_H
#define DAGCAST_SIM_SIMULATE_IMPL_H

#include "core/durations.h"
#include "drive/arrivals.h"
#include "drive/engine.h"
#include "scheduling/dispatch.h"
#include "scheduling/readiness.h"
#include "sim/draw_ahead.h"
#include "sim/simulate.h"
#include "sim/stations.h"

enum event_rank {                        /* at equal times in this order; all before the scheduler's pass */
    EVENT_FREED, EVENT_NOTIFIED, EVENT_DETECTED, EVENT_BULK_LEFT, EVENT_DUE, EVENT_RELEASED, EVENT_ARRIVED, EVENT_TICK,
    EVENT_WALLTIME
};

struct running {                         /* one task from its placement until the client knows of its end */
    uint32_t set, task, attempt, grant;
    double scheduled_s, launched_s, started_s, stopped_s, freed_s;
    bool fails, live;
    uint32_t next;                       /* in the launch queue */
};

struct submission {                      /* tasks on their way from ready to the scheduler */
    uint32_t set, first, count, attempt;
    int place;                           /* of the group, in the order of submission */
};

struct bulk {                            /* what the client submits at once */
    struct submission *parts;
    size_t n, room;
    double submitted_s;
    uint32_t next;                       /* in the list of free bulks */
};

struct held {                            /* tasks ready but not yet released, soonest first */
    struct submission part;              /* of which tasks[next ...] are still held */
    uint32_t *tasks;                     /* in order of release; NULL: ascending as they are */
    size_t next;
};

struct simulator {
    struct scenario scenario;
    struct readiness *readiness;
    struct dispatch *dispatch;
    struct durations *durations;
    struct draw_ahead *draws;            /* of durations */
    struct stations *stations;
    struct engine engine;
    uint32_t replica;
    bool direct;                         /* no client, no agent: what is ready has arrived */
    bool instant_end;                    /* no detection, freeing or notification */
    double *set_slots, *set_gpus;        /* that one task of each set occupies, for the sums */
    int *group_place;                    /* order of submission of each group */

    /* submission */
    struct bulk *bulks;                  /* bulks[0] is open: what the next bulk will hold */
    size_t n_bulks, bulk_room;
    uint32_t free_bulk;
    bool client_busy, first_bulk_done, open_unsorted;
    struct submission *due;              /* ready after a delay, by event subject */
    size_t n_due, due_room;
    struct held *held;
    size_t n_held, held_room;
    double **release_s;                  /* when each task of a set is released; NULL: at once */
    bool *cold_set;                      /* COLD_BURST: its bulk starts cold */
    int cold_bulks_seen;

    /* execution */
    struct running *running;
    size_t n_running, running_room;
    uint32_t *free_running;              /* records that nobody uses, the last freed last; apart, since they are out of the cache */
    size_t n_free_running, free_running_room;
    uint32_t launch_first, launch_last;
    double *server_free_s;               /* of each launch server */
    int n_live;
    double first_stop_s;
    bool *node_seen;
    bool dispatch_changed, tick_pending, retry_pending;
    int idle_ticks;
    double idle_since_s;                 /* passes would be in vain since this one; NAN: they would not */
    double *notify_s;                    /* of each group's first attempts; NAN: not drawn yet */

    /* results */
    const struct record_sink *sink;      /* not owned; NULL: not recorded */
    struct timeline *piece;              /* records that the sink does not have yet; NULL, as what follows, until something is recorded */
    size_t piece_full;                   /* it is time to hand some on */
    struct arrivals *arrivals;
    uint64_t *recorded;                  /* a bit a task; NULL where none can be cancelled */
    uint16_t *ids;                       /* scratch for slots */
    struct task_moments *moments;        /* not owned; NULL: nobody watches */
    struct replica out;
    size_t n_again;                      /* tasks that have failed and wait to be placed once more */
    double known_s;                      /* when the client knew of the last task */
};

/* submit.c */
void submit_begin(struct simulator *s);
void submit_clear(struct simulator *s);
void submit_ready(struct simulator *s, const struct ready_run *runs, size_t n);
void submit_retry(struct simulator *s, uint32_t set, uint32_t task, uint32_t attempt);
void submit_settle(struct simulator *s);                 /* end of an instant: an idle client takes what is open */
void submit_on_left(struct simulator *s, uint32_t bulk);
void submit_on_arrived(struct simulator *s, uint32_t bulk);
void submit_on_due(struct simulator *s, uint32_t due);
void submit_on_released(struct simulator *s, uint32_t held);

/* execute.c */
void execute_begin(struct simulator *s);
void execute_clear(struct simulator *s);
void execute_expect(const struct simulator *s, const struct decision *d);                /* it comes soon: what it needs is fetched */
void execute_decision(struct simulator *s, const struct decision *d);
void execute_on_detected(struct simulator *s, uint32_t running);
void execute_on_freed(struct simulator *s, uint32_t running);
void execute_on_notified(struct simulator *s, uint32_t running);
void execute_kill_all(struct simulator *s);              /* the walltime is over */
double execute_notified(const struct simulator *s, const struct running *r);             /* when the client knows; its freed_s is known */
/* What the walltime makes of a task whose slots are not free by then. */
enum task_status execute_status_at(const struct running *r, double walltime_s);

/* record.c; all but the first two only while there is a sink */
void record_begin(struct simulator *s, const struct record_sink *sink);                  /* NULL: nothing is recorded */
void record_clear(struct simulator *s);
void record_arrived(struct simulator *s, const struct bulk *b);
void record_task(struct simulator *s, const struct running *r);          /* at its launch, or when it is killed before */
void record_end(struct simulator *s);                    /* s->out is complete */

/* simulate.c */
void simulate_push(struct simulator *s, double time_s, enum event_rank rank, uint32_t subject);
void simulate_note(struct simulator *s, const struct submission *part, enum moment which);       /* that it is now, if somebody watches */
void simulate_task_over(struct simulator *s, uint32_t set, uint32_t task, uint32_t attempt, bool failed);

#endif
