#include "sim/engine.h"

#include <assert.h>

void engine_run(struct engine *e, engine_event_fn *on_event, engine_settle_fn *settle, void *context)
{
    struct event ev;
    while (!e->stopped && event_queue_pop(e->queue, &ev)) {
        assert(ev.time_s >= e->now_s);
        e->now_s = ev.time_s;
        do
            on_event(context, ev);
        while (event_queue_pop_at(e->queue, e->now_s, &ev));
        settle(context);
    }
}
