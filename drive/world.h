/* drive/world.h - what a driver (drive/driver.h) asks of the world where its session runs, and of
 * the client between a ready task and the scheduler. */
#ifndef DAGCAST_DRIVE_WORLD_H
#define DAGCAST_DRIVE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drive/decide.h"
#include "drive/event_queue.h"
#include "scheduling/dispatch.h"
#include "scheduling/readiness.h"

/* At equal times in this order; all before the scheduler's pass. The driver's own: due, released,
 * arrived, tick, walltime. Subjects: an attempt (stopped to deadline), a bulk (left, arrived), the
 * world's (node, flow, phase; walltime: of one of its pilots, plus 1). */
enum event_rank {
    EVENT_NODE, EVENT_FLOW, EVENT_PHASE, EVENT_STOPPED, EVENT_FREED, EVENT_NOTIFIED, EVENT_BOOKED,
    EVENT_DETECTED, EVENT_LAUNCHED, EVENT_DEADLINE, EVENT_BULK_LEFT, EVENT_DUE, EVENT_RELEASED,
    EVENT_ARRIVED, EVENT_TICK, EVENT_WALLTIME,
};

/* Tasks of one set on their way from ready to the scheduler */
struct submission {
    uint32_t set, first, count, attempt;
    int place;                           /* of the group, in the order of submission */
};

struct bulk {                            /* what the client submits at once */
    struct submission *parts;
    size_t n, room;
    double submitted_s;                  /* a world that creates tasks first puts it off */
    uint32_t next;                       /* in the list of free bulks */
};
size_t bulk_tasks(const struct bulk *b);

/* STARTED: driver_ended() will follow. NO_ROOM: not now; the attempt waits, first in the launch
 * queue, until another has ended. NEVER: the world has called driver_over() or driver_drop()
 * already. */
enum start_result { START_STARTED, START_NO_ROOM, START_NEVER };

struct world_ops {                       /* what is different where the session runs */
    /* Real time: launches (driver_launch()), sleeps until the first pending event or until
     * something has happened, sets engine.now_s and tells the driver. False: the session is over.
     * NULL: virtual time, which jumps from event to event; attempts are then launched as they are
     * placed. */
    bool (*wait)(void *world);
    void (*event)(void *world, struct event ev);         /* one of the world's own is due */
    enum start_result (*start)(void *world, uint32_t attempt);
    /* The walltime is over: count what runs; NULL if there is no walltime */
    void (*stop)(void *world);
    /* When the scheduler looks next: if it polls, at or after now; `again`: after now, because a
     * pass wants a retry, INFINITY: never. */
    double (*tick)(void *world, bool again);
    /* These have slots now, and are started next or wait to be launched. NULL: the world does
     * nothing then. */
    void (*placed)(void *world, const struct decision *decisions, size_t n);
    /* A decision has cancelled this launched attempt: its end follows soon. NULL: the world runs no
     * workflow that cancels. */
    void (*cancel)(void *world, uint32_t attempt);
    /* What a task of a workflow that decides has said, now that it is over. False: nothing. NULL:
     * tasks say nothing here. */
    bool (*said)(void *world, uint32_t set, uint32_t task, struct decision_said *out);
    /* Another set of the same description stands there from now on, in a session that grows. NULL:
     * the world runs none. */
    void (*renew)(void *world, uint32_t set);
};

/* WITHDRAWN, DROPPED: cancelled while it was in the open bulk, or waited for the scheduler. */
enum submission_step { STEP_DUE, STEP_READY, STEP_ARRIVED, STEP_WITHDRAWN, STEP_DROPPED };
struct client_ops {                      /* the middleware between a ready task and the scheduler */
    /* From ready to due: one a group */
    double (*delay)(void *world, const struct ready_run *run);
    void (*note)(void *world, const struct submission *part, enum submission_step step);
    /* True: the world has taken the open bulk by driver_take_bulk(). It pushes EVENT_ARRIVED for
     * it, and calls driver_client_idle() when the client may submit again. False: the bulk is there
     * at once. */
    bool (*carry)(void *world, const struct bulk *open);
    /* These tasks are with the agent now. True: the world stages them before the scheduler has
     * them, and calls driver_staged() for each. NULL: it never does. */
    bool (*stage)(void *world, const struct submission *part, double submitted_s);
    /* An earlier session has done the task. True: the world stages it out further, and calls
     * driver_known_done() when that is over. NULL: it never does. */
    bool (*resume)(void *world, uint32_t set, uint32_t task);
};

#endif
