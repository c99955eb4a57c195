#include "drive/engine.h"

#include <assert.h>
#include <math.h>

enum { LOOK_EVERY = 1024 };              /* events between two looks at `stop` */

static bool told_to_stop(const struct engine *e)
{
    return e->stop && atomic_load_explicit(e->stop, memory_order_relaxed);
}

static bool take_timer(struct engine *e, struct event *ev)
{
    *ev = e->timer;
    e->timer.time_s = INFINITY;
    return true;
}

static bool next_event(struct engine *e, struct event *ev)
{
    if (e->timer.time_s < INFINITY && e->timer.time_s <= event_queue_next_s(e->queue))
        return take_timer(e, ev);
    return event_queue_pop(e->queue, ev);
}

static bool next_event_now(struct engine *e, struct event *ev)
{
    if (e->timer.time_s == e->now_s)
        return take_timer(e, ev);
    return event_queue_pop_at(e->queue, e->now_s, ev);
}

static void run_virtual(struct engine *e, engine_event_fn *on_event, engine_settle_fn *settle,
                        void *context)
{
    struct event ev;
    for (unsigned n = 0; !e->stopped && next_event(e, &ev);) {
        assert(ev.time_s >= e->now_s);
        e->now_s = ev.time_s;
        do {
            if (++n % LOOK_EVERY == 0 && told_to_stop(e))
                return;
            on_event(context, ev);
        } while (next_event_now(e, &ev));
        settle(context);
    }
}

void engine_run(struct engine *e, engine_wait_fn *wait, engine_event_fn *on_event,
                engine_settle_fn *settle, void *context)
{
    struct event ev;
    if (!wait) {
        run_virtual(e, on_event, settle, context);
        return;
    }
    while (!e->stopped && wait(context)) {
        while (event_queue_next_s(e->queue) <= e->now_s && event_queue_pop(e->queue, &ev))
            on_event(context, ev);
        settle(context);
    }
}
