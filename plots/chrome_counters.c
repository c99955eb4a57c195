/* Counters of what tasks hold: cores and GPUs in use, running tasks. */
#include <math.h>

#include "plots/chrome_trace_impl.h"

void trace_write_step(struct json_out *o, const char *name, uint32_t pid, double at_s,
                      const char *of, double level)
{
    trace_event(o, name);
    json_out_text(o, "ph", "C");
    json_out_whole(o, "ts", trace_us(at_s));
    json_out_whole(o, "pid", pid);
    json_out_open(o, "args", '{');
    json_out_number(o, of, level);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void write_counter(struct trace_counter *c, struct json_out *o)
{
    if (!isnan(c->at_s))
        trace_write_step(o, c->name, c->pid, c->at_s, c->name, (double)c->level / DEMAND_WHOLE_GPU);
}

/* To the step at time_s: the one before is complete. */
static void step_to(struct trace_counter *c, struct json_out *o, double time_s)
{
    if (c->at_s == time_s)
        return;
    write_counter(c, o);
    c->at_s = time_s;
}

/* Everything that stops before `before_s` has. */
static void stop_until(struct trace_counter *c, struct json_out *o, double before_s)
{
    while (c->stops.n > 0 && c->stops.items[0].key < before_s) {
        struct heap_item stop = min_heap_pop(&c->stops);
        step_to(c, o, stop.key);
        c->level -= (int64_t)stop.value;
    }
}

void trace_counter_add(struct trace_counter *c, struct json_out *o, const struct usage *u,
                       double amount)
{
    int64_t by = llround(amount * DEMAND_WHOLE_GPU);
    if (u->started_s >= u->stopped_s)
        return;
    stop_until(c, o, u->started_s);
    step_to(c, o, u->started_s);
    c->level += by;
    min_heap_push(&c->stops, (struct heap_item){ u->stopped_s, (uint64_t)by });
}

void trace_counter_end(struct trace_counter *c, struct json_out *o)
{
    stop_until(c, o, INFINITY);
    write_counter(c, o);
    trace_counter_clear(c);
}

void trace_counter_clear(struct trace_counter *c)
{
    c->at_s = NAN;
    min_heap_clear(&c->stops);
}
