/* drive/driver.h - a session in progress, the same for a simulated and a real one.
 *
 * A task's way: ready (scheduling/readiness.h), held until its release, in the open bulk, with the
 * scheduler (scheduling/dispatch.h), an attempt on slots, its end: done, once more, or failed for
 * good. The driver makes these steps, counts them, and keeps what a record needs. It asks a `struct
 * world_ops` for the rest: the simulator's world has a virtual clock, stations and draws; the
 * executor's has processes and a journal. docs/life-of-a-task.md follows one task.
 *
 * Worlds (drive/world.h) read the driver's fields; only the driver writes them, except where a
 * comment says otherwise. */
#ifndef DAGCAST_DRIVE_DRIVER_H
#define DAGCAST_DRIVE_DRIVER_H

#include "base/arena.h"
#include "core/timeline.h"
#include "drive/arrivals.h"
#include "drive/cancel.h"
#include "drive/decide.h"
#include "drive/engine.h"
#include "drive/world.h"
#include "scheduling/dispatch.h"
#include "scheduling/growing.h"
#include "scheduling/readiness.h"

enum { NOBODY = 0xffffff };              /* no attempt */

/* Of a task, from its placement until its end is known; 40 bytes */
struct attempt {
    uint32_t set, task;
    uint32_t grant;                      /* of the pool; POOL_NONE: freed */
    uint8_t number;                      /* from 0 */
    bool fails;                          /* the world's: its end is a failure */
    bool live;                           /* placed, and its end is not known yet */
    bool cancelled;                      /* by a decision (drive/cancel.h) */
    double scheduled_s;
    double started_s, stopped_s;         /* the world's; INFINITY: not yet */
};

struct driver_counts {                   /* of tasks, for good, and of retries */
    size_t n_done, n_failed, n_killed, n_cancelled, n_retries;
    size_t n_lost;                       /* attempts that a node's failure ended */
    size_t n_again;                      /* failed, and not yet placed once more */
    size_t n_stopped;                    /* of those killed or cancelled: by a decision */
};

struct held;
struct resumed;
struct driver_submission {               /* private to drive/submit*.c and drive/bulk.c */
    struct bulk *bulks;                  /* bulks[0] is open: what the next bulk will hold */
    size_t n_bulks, bulk_room;
    uint32_t free_bulk;
    bool client_busy, unsorted;
    /* Most tasks submitted and not over; 0: no limit; the world sets it after driver_init() */
    size_t window;
    size_t bulk_most;                    /* tasks of a bulk; 0: no limit; likewise */
    size_t n_submitted;                  /* and not over */
    struct bulk kept;                    /* scratch, while something is cancelled */
    double delivered_s;                  /* when the bulk at hand was submitted */
    /* waits for the window, the oldest first; from next_later on */
    struct bulk later;
    size_t next_later;
    struct submission *due;              /* ready after a delay, by event subject */
    size_t n_due, due_room;
    uint32_t free_due;                   /* free list */
    struct held *held;
    size_t n_held, held_room;
    double began_s;                      /* after the first session: see driver_begin() */
    /* by set: when each of its tasks is released; NULL: at once, and in place of all */
    double **release_s;
    struct arena releases;               /* what these point to */
    int *group_place;                    /* order of submission of each group; NULL: its number */
    struct resumed *resumed;             /* NULL: nothing ran before */
};

struct driver_attempts {                 /* private to drive/attempt.c from `unused` on */
    /* Most that are live at once; 0: no cap; the world sets it after driver_init() */
    size_t live_cap;
    /* Likewise: the world asks when slots are free before or after that instant. */
    bool keeps_freed;
    double *freed_s;                     /* by id, then; the world's; INFINITY: not yet */
    size_t freed_room;
    struct attempt *at;                  /* by id */
    size_t n, room;
    size_t n_live;                       /* started and not ended */
    /* Free list, LIFO; apart, since the records are out of the cache */
    uint32_t *unused;
    size_t n_unused, unused_room;
    uint32_t first, last;                /* the launch queue, */
    uint32_t *next;                      /* ... by id; NULL until one waits there */
    size_t next_room;
    uint8_t *lost;                       /* of each task: attempts; NULL until one is */
    bool no_room;
};

struct driver_passes {                   /* private to drive/driver.c */
    bool retry_pending;
    double tick_s;                       /* when the pending tick is; INFINITY: there is none */
    double look_s;                       /* the same of the scheduler's look for what overtakes */
    /* Passes would place nothing since this one; NAN: they might */
    double idle_since_s;
    int idle_ticks;
    double busy_s;                       /* when the last event was that is no tick */
};

struct driver_records {                  /* private to drive/record.c */
    bool kept;
    struct arrivals *arrivals;
    uint64_t *recorded;                  /* a bit a task; NULL if each task will have a record */
    uint16_t *ids;                       /* scratch for slots */
};

/* Many members: the state of one session in progress, in one block for speed. */
struct driver {
    /* Set by the world after driver_init() */
    const struct world_ops *ops;
    const struct client_ops *client;     /* NULL: ready tasks go to the scheduler directly */
    void *world;
    /* The scheduler passes at ticks this far apart; those that place nothing are counted. 0: it
     * passes when something has changed. */
    double poll_s;

    struct scenario scenario;
    struct engine engine;                /* now_s: the world's, if it has wait() */
    struct readiness *readiness;
    struct dispatch *dispatch;
    struct growing *growing;             /* NULL: all of the session is written out */
    struct decide *decide;               /* NULL: nothing is decided while it runs */
    struct cancels *cancels;             /* NULL: no decision cancels anything */
    /* The scheduler has something to decide on; the world may set it */
    bool changed;
    /* Nothing new is placed or launched; the world may set it */
    bool stopping;
    bool stuck;                          /* because nothing was pending, and tasks were left */
    struct driver_counts count;
    struct driver_submission submission;
    struct driver_attempts attempts;
    struct driver_passes passes;
    struct driver_records records;
};

/* `d` is zeroed. -1: the scheduler refuses the scenario. */
int driver_init(struct driver *d, const struct scenario *s, struct error *err);
void driver_clear(struct driver *d);     /* a zeroed one too */
/* All as before the session, which begins `began_s` after the first one: releases count from that.
 */
void driver_begin(struct driver *d, uint32_t replica, double began_s);
/* Tasks whose ends the timeline holds (of an earlier run, in its order) are not run again; before
 * driver_start(), after driver_keep_records(). */
void driver_resume(struct driver *d, const struct timeline *t);
/* The same of ends by task: it is done, or so many of its attempts have failed; and, for decisions,
 * when the client knew of its last end (NULL: not known). */
void driver_resume_ends(struct driver *d, const bool *done, const uint8_t *failed,
                        const double *known_s);
/* What an earlier session over the same nodes left running goes on in this one. */
struct driver_running {
    uint32_t id, set, task, number;      /* id: of the attempt, which it keeps */
    double submitted_s, arrived_s, scheduled_s;
    bool cancelled;
    size_t n_parts;
    const struct pool_part *parts;       /* what it holds */
};
/* After driver_resume(), before driver_start(). `n_ids`: ids below are not given to others, but
 * those that are in `list`, or that driver_return_id() gives back. */
void driver_adopt(struct driver *d, const struct driver_running *list, size_t n, uint32_t n_ids);
void driver_return_id(struct driver *d, uint32_t id);
/* Submits what is ready at the start, and makes the first pass */
void driver_start(struct driver *d);
/* The client knows of a task that client_ops.resume() has taken. */
void driver_known_done(struct driver *d, uint32_t set, uint32_t task);
/* Until nothing is pending, or wait() says that it is over */
void driver_run(struct driver *d);

static inline void driver_push(struct driver *d, double time_s, enum event_rank rank,
                               uint32_t subject)
{
    event_queue_push(d->engine.queue,
                     (struct event){ .time_s = time_s, .rank = rank, .subject = subject });
}

/* Nothing is pending: if tasks are left, what runs is killed and the rest cancelled. */
void driver_give_up(struct driver *d);

/* Attempts: placed, launched, ended, freed, over. */
/* Those that wait to be launched, as far as the cap allows */
void driver_launch(struct driver *d, size_t most);
bool driver_can_launch(const struct driver *d);
/* A started attempt makes room for another. */
static inline void driver_ended(struct driver *d)
{
    d->attempts.n_live--;
    d->attempts.no_room = false;
}
/* Its slots are free. */
static inline void driver_freed(struct driver *d, uint32_t attempt)
{
    struct attempt *a = &d->attempts.at[attempt];
    dispatch_freed(d->dispatch, a->grant);
    a->grant = POOL_NONE;
    d->changed = true;
}
enum fate { FATE_DONE, FATE_AGAIN, FATE_FAILED, FATE_STOPPED };
/* Its end is known; it is gone */
enum fate driver_over(struct driver *d, uint32_t attempt);
/* Its node is lost, and it with it; its slots are freed. It is started again without using up
 * retries, unless that was so MOST_LOST times. */
enum { MOST_LOST = 200 };
enum fate driver_lost(struct driver *d, uint32_t attempt);
/* Attempts of its task before it that ended by themselves: what names its draws. */
uint32_t driver_tries(const struct driver *d, const struct attempt *a);
/* As if it had never been placed; the driver is stopping */
void driver_drop(struct driver *d, uint32_t attempt);

/* The client. */
/* The open one; it lives until it has arrived */
uint32_t driver_take_bulk(struct driver *d);
void driver_client_idle(struct driver *d);
/* One task that the world has staged goes to the scheduler; `submitted_s`: as stage() got it. */
void driver_staged(struct driver *d, const struct submission *one, double submitted_s);

/* Records. `some_lack`: some task may end without an attempt; driver_add_cancelled() then
 * records those. */
void driver_keep_records(struct driver *d, bool some_lack);              /* after driver_begin() */
/* From submission to freed slots, as far as they are known; once an attempt. */
struct timeline_record driver_record(struct driver *d, const struct attempt *a, double freed_s);
/* Adds it, with the slots of the attempt's grant; returns its index. */
size_t driver_add_record(struct driver *d, struct timeline *t, const struct timeline_record *r,
                         enum task_status status, const struct attempt *a);
/* Adds one of the tasks from *next on that have no record, and moves *next behind it. False:
 * there is none. */
bool driver_add_cancelled(struct driver *d, struct timeline *t, uint32_t *next);

#endif
