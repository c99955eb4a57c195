#include "sim/simulate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "sim/blocks.h"
#include "sim/failures.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

void simulator_watch(struct simulator *s, struct task_instants *instants)
{
    s->instants = instants;
}

void simulator_stop_on(struct simulator *s, const atomic_bool *stop)
{
    s->drive.engine.stop = stop;
}

bool simulator_found(const struct simulator *s, struct outcomes *found)
{
    return s->drive.decide && decide_found(s->drive.decide, found);
}

bool simulator_is_full(const struct simulator *s)
{
    return s->drive.growing && growing_is_full(s->drive.growing);
}

const struct campaign_result *simulator_campaign(const struct simulator *s, size_t i)
{
    return decide_campaign(s->drive.decide, i);
}

const double *simulator_results(const struct simulator *s, size_t i, const bool **hit)
{
    return decide_results(s->drive.decide, i, hit);
}

static bool any_station(const struct simulator *s, enum station_parameter first,
                        enum station_parameter last)
{
    for (int p = (int)first; p <= (int)last; p++)
        if (stations_has(s->stations, (enum station_parameter)p))
            return true;
    return false;
}

static void size_up(struct simulator *s)
{
    s->class_of_set = dispatch_classes(s->drive.dispatch);
    s->books = stations_has(s->stations, STATION_CLOSE_TASK);
    s->has_power = !isnan(platform_idle_w(s->drive.scenario.platform));
    s->direct = !any_station(s, STATION_BOOTSTRAP, STATION_AGENT) &&
                !any_station(s, STATION_NEXT_TASK, STATION_NEXT_TASK) &&
                s->drive.scenario.middleware->period_s[POLL_AGENT] <= 0;
    const double *period = s->drive.scenario.middleware->period_s;
    s->instant_end = !any_station(s, STATION_LAUNCH, STATION_NOTIFY) && period[POLL_DETECT] <= 0 &&
                     period[POLL_FREE] <= 0 && period[POLL_NOTIFY] <= 0 &&
                     s->drive.scenario.middleware->live_cap == 0 &&
                     alone_only(&s->drive.scenario.middleware->alone) == ALONE_NEVER &&
                     s->drive.scenario.middleware->execute_slope == 1;
}

static void draw_durations(const void *source, size_t column, uint32_t set, uint32_t first,
                           uint32_t count, double *out)
{
    (void)column;
    durations_block(source, (int)set, first, count, 0, out);
}

static void draw_durations_of_sets(const void *source, size_t column, uint32_t first,
                                   uint32_t count, double *out)
{
    (void)column;
    durations_of_sets(source, (int)first, count, out);
}

static void on_event(void *world, struct event ev)
{
    struct simulator *s = world;
    switch (ev.rank) {
    case EVENT_WALLTIME:
        pilots_on_event(s->pilots, ev.subject - 1);
        break;
    case EVENT_NODE:
        if (s->failures)
            failures_on_node(s->failures, ev.subject);
        else
            blocks_on_event(s->blocks, ev.subject);
        break;
    case EVENT_FLOW: phases_on_flow(s->phases, ev); break;
    case EVENT_PHASE: phases_on_phase(s->phases, ev.subject); break;
    case EVENT_LAUNCHED: alone_on_launched(s, ev.subject); break;
    case EVENT_STOPPED: alone_on_stopped(s, ev.subject); break;
    case EVENT_FREED: execute_on_freed(s, ev.subject); break;
    case EVENT_NOTIFIED: execute_on_notified(s, ev.subject); break;
    case EVENT_BOOKED: execute_on_booked(s, ev.subject); break;
    case EVENT_DETECTED: execute_on_detected(s, ev.subject); break;
    case EVENT_BULK_LEFT: client_on_left(s, ev.subject); break;
    default: assert(!"the simulator pushes no other events");
    }
}

static double tick(void *world, bool again)
{
    const struct simulator *s = world;
    if (!again)
        return stations_tick(s->stations, POLL_SCHEDULE, s->drive.engine.now_s);
    return s->drive.poll_s > 0
               ? stations_tick_after(s->stations, POLL_SCHEDULE, s->drive.engine.now_s)
               : INFINITY;
}

/* Sums and counts of a set belong to its description. */
static void renew(void *world, uint32_t set)
{
    struct simulator *s = world;
    durations_renew(s->durations, (int)set);
    draw_ahead_forget(s->draws, set);
    stations_renew(s->stations, set);
    s->cold_set[set] = false;
    if (s->notify_s)
        s->notify_s[set] = NAN;
}

static const struct world_ops virtual_world = {
    .event = on_event,
    .tick = tick,
    .placed = execute_placed,
    .start = execute_start,
    .stop = execute_kill_all,
    .cancel = execute_cancel,
    .renew = renew,
};

struct simulator *simulator_new(const struct scenario *scenario, struct error *err)
{
    struct simulator *s = xcalloc(1, sizeof *s);
    if (allocation_check(scenario, err) || blocks_check(scenario, err) ||
        driver_init(&s->drive, scenario, err)) {
        free(s);
        return NULL;
    }
    s->durations = durations_new(scenario->workflow);
    struct draw_source draws = { draw_durations, draw_durations_of_sets, s->durations };
    s->draws = draw_ahead_new(scenario->workflow, 1, &draws);
    s->stations = stations_new(scenario);
    s->phases = phases_new(s);
    s->failures = failures_new(s);
    s->blocks = blocks_new(s);
    s->pilots = pilots_new(s);
    s->chain = chain_new(scenario);
    size_up(s);
    s->alone = alone_new(scenario);
    s->drive.ops = &virtual_world;
    s->drive.client = s->phases ? &client_that_stages : &client_ops;
    s->drive.world = s;
    s->drive.attempts.live_cap = (size_t)scenario->middleware->live_cap;
    s->drive.submission.bulk_most = (size_t)scenario->middleware->bulk;
    s->drive.submission.window = middleware_window(scenario->middleware, scenario->platform);
    if (s->pilots)
        s->drive.scenario.walltime_s = 0; /* each has its own */
    s->drive.attempts.keeps_freed = s->phases || s->drive.cancels;
    s->drive.poll_s = fmax(0, scenario->middleware->period_s[POLL_SCHEDULE]);
    return s;
}

void simulator_free(struct simulator *s)
{
    if (!s)
        return;
    client_clear(s);
    execute_clear(s);
    alone_free(s->alone);
    draw_ahead_free(s->draws);
    durations_free(s->durations);
    stations_free(s->stations);
    phases_free(s->phases);
    failures_free(s->failures);
    blocks_free(s->blocks);
    pilots_free(s->pilots);
    chain_free(s->chain);
    stream_clear(s);
    driver_clear(&s->drive);
    free(s);
}

const struct job_span *simulator_jobs(const struct simulator *s, size_t *n)
{
    return chain_jobs(s->pilots ? NULL : s->chain, n);
}

const struct node_down *simulator_downs(const struct simulator *s, size_t *n)
{
    *n = 0;
    return s->failures ? failures_downs(s->failures, n) : NULL;
}

const struct job_span *simulator_each_job(const struct simulator *s, size_t *n)
{
    return s->pilots ? pilots_jobs(s->pilots, n) : chain_jobs(s->chain, n);
}

void simulator_stream(struct simulator *s, uint32_t replica, const struct record_sink *sink,
                      struct replica *out)
{
    if (s->chain)
        chain_stream(s, replica, sink, out);
    else
        simulate_session(s, replica, &(struct session_place){ .job = 0 }, sink, out);
}

static void append(void *context, const struct timeline *piece, size_t n)
{
    struct timeline *t = context;
    for (size_t i = 0; i < n; i++)
        timeline_add_copy(t, piece, i);
    t->session_start_s = piece->session_start_s;
    t->session_end_s = piece->session_end_s;
}

void simulator_run(struct simulator *s, uint32_t replica, struct timeline *timeline,
                   struct replica *out)
{
    const struct record_sink whole = { .take = append, .context = timeline };
    if (timeline)
        timeline_clear(timeline);
    simulator_stream(s, replica, timeline ? &whole : NULL, out);
}
