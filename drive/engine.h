/* drive/engine.h - the clock and the loop; knows events, not tasks. */
#ifndef DAGCAST_DRIVE_ENGINE_H
#define DAGCAST_DRIVE_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "drive/event_queue.h"

struct engine {
    struct event_queue *queue;
    double now_s;                        /* never goes back */
    /* Beside the queue, in virtual time: one event that may be moved, by writing it. It goes before
     * the queue's events of its time. INFINITY: there is none. */
    struct event timer;
    /* set by a handler: the loop ends after this instant; false before it begins */
    bool stopped;
    /* set from outside: the loop ends within some thousand events; NULL allowed */
    const atomic_bool *stop;
};

typedef bool engine_wait_fn(void *context);
typedef void engine_event_fn(void *context, struct event ev);
typedef void engine_settle_fn(void *context);

/* Virtual time (`wait` NULL): until nothing is pending, a handler stops it or `stop` is set; all
 * events of one instant, in order, then `settle` once. An event pushed for the same instant while
 * it settles makes another round at that instant. Real time: `wait` sleeps until the first event is
 * due or until something else has happened, and sets now_s; then all events that are due, in order,
 * then `settle` once; until `wait` returns false or a handler stops it. */
void engine_run(struct engine *e, engine_wait_fn *wait, engine_event_fn *on_event,
                engine_settle_fn *settle, void *context);

#endif
