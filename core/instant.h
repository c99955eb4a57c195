/* core/instant.h - the instants of a task on its way through the middleware, and the legs between
 * them: the only table of both.
 *
 * Timelines, their CSV and the journal record some of the instants (core/timeline.h), the simulator
 * can note all. Each second between the first and the last belongs to one leg: leg l lasts from
 * instant l to instant l + 1. Waits, explanations, attributions, calibration and plots name legs,
 * or several as one. (RADICAL's sessions know finer events: traces/session.h says which are
 * instants.) */
#ifndef DAGCAST_CORE_INSTANT_H
#define DAGCAST_CORE_INSTANT_H

enum instant {                           /* in the order in which a task passes them */
    INSTANT_DUE,                         /* what it waited for is closed (or the session began) */
    INSTANT_READY,                       /* and it is released: the client has it */
    INSTANT_OPENED,                      /* the client begins to create it */
    INSTANT_SUBMITTED,                   /* the client begins to submit it */
    INSTANT_LEFT,                        /* its bulk leaves the client */
    INSTANT_ARRIVED,                     /* the agent's scheduler has it */
    INSTANT_SCHEDULED,                   /* slots are given to it */
    INSTANT_SERVED,                      /* a launch server begins with it */
    INSTANT_LAUNCHED,                    /* and is done with it: start-up follows */
    /* nothing that the launcher keeps apart from it runs any more */
    INSTANT_ADMITTED,
    INSTANT_STARTED,                     /* its own work begins */
    INSTANT_STOPPED,                     /* and ends */
    INSTANT_DETECTED,                    /* the agent sees the end */
    INSTANT_FREED,                       /* its slots are usable again */
    INSTANT_NOTIFIED,                    /* the client hears of it */
    INSTANT_BOOKED,                      /* and has booked it: what waited for it may follow */
    INSTANTS
};
const char *instant_key(enum instant i);                  /* "submitted" */

enum leg {                               /* leg l: from instant l to instant l + 1 */
    LEG_RELEASE, LEG_CLIENT_QUEUE, LEG_OPEN, LEG_CLIENT, LEG_AGENT, LEG_QUEUE, LEG_LAUNCH_QUEUE,
    LEG_LAUNCH, LEG_ALONE, LEG_STARTUP, LEG_EXECUTE, LEG_DETECT, LEG_FREE, LEG_NOTIFY, LEG_BOOK,
    LEGS
};
const char *leg_key(enum leg l);                          /* "launch_queue": for JSON */
const char *leg_label(enum leg l);                        /* for people */

enum wait { /* legs of one room that a simulation sums up: all but the execution */
            WAIT_CLIENT,
            WAIT_AGENT,
            WAIT_QUEUE,
            WAIT_LAUNCH,
            WAIT_FREE,
            WAIT_NOTIFY,
            WAITS
};
const char *wait_key(enum wait w);                        /* "launch" */
const char *wait_label(enum wait w);                      /* "launch and start-up" */
enum instant wait_from(enum wait w);
enum instant wait_to(enum wait w);

#endif
