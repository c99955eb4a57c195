#include "sim/simulate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/simulate_impl.h"

enum { MOST_IDLE_TICKS = 100000 };               /* passes in a row over waiting tasks while nothing else is pending: a bug */

static const char *const wait_names[WAITS] = { "client", "agent", "queue", "launch", "free", "notify" };

const char *wait_name(enum wait w)
{
    return wait_names[w];
}

void simulate_push(struct simulator *s, double time_s, enum event_rank rank, uint32_t subject)
{
    event_queue_push(s->engine.queue, (struct event){ .time_s = time_s, .rank = rank, .subject = subject });
}

void simulator_watch(struct simulator *s, struct task_moments *moments)
{
    s->moments = moments;
}

void simulator_stop_on(struct simulator *s, const atomic_bool *stop)
{
    s->engine.stop = stop;
}

static bool told_to_stop(const struct simulator *s)
{
    return s->engine.stop && atomic_load(s->engine.stop);
}

void simulate_note(struct simulator *s, const struct submission *part, enum moment which)
{
    if (!s->moments)
        return;
    struct task_moments *of = s->moments + s->scenario.workflow->sets[part->set].first_task + part->first;
    for (uint32_t t = 0; t < part->count; t++) {
        of[t].at_s[which] = s->engine.now_s;
        of[t].attempt = part->attempt;
    }
}

static bool any_station(const struct simulator *s, enum station_parameter first, enum station_parameter last)
{
    for (int p = (int)first; p <= (int)last; p++)
        if (stations_has(s->stations, (enum station_parameter)p))
            return true;
    return false;
}

/* Of a group: its pipeline, or in asynchronous mode its set; -1: neither. */
static int submitter(const struct simulator *s, size_t g)
{
    struct readiness_group group = readiness_group(s->readiness, g);
    return s->scenario.mode == MODE_ASYNCHRONOUS ? group.sets[0] : group.pipeline;
}

/* Order of submission of each group: pipelines (sets) in the asked order (file order by default), then the group's place in the file. */
static void place_groups(struct simulator *s)
{
    size_t n = readiness_group_count(s->readiness), n_submitters = 1;
    const int *order = s->scenario.pipeline_order;
    s->group_place = xcalloc(n, sizeof *s->group_place);
    for (size_t g = 0; g < n; g++) {
        s->group_place[g] = (int)g;
        n_submitters = (size_t)(submitter(s, g) + 2) > n_submitters ? (size_t)(submitter(s, g) + 2) : n_submitters;
    }
    if (!order)
        return;
    size_t *rank = xcalloc(n_submitters, sizeof *rank), *before = xcalloc(n_submitters + 1, sizeof *before);
    for (size_t i = 1; i < n_submitters; i++)
        rank[order[i - 1] + 1] = i;                      /* rank 0: groups of no submitter */
    for (size_t g = 0; g < n; g++)
        before[rank[submitter(s, g) + 1] + 1]++;
    for (size_t i = 1; i <= n_submitters; i++)
        before[i] += before[i - 1];
    for (size_t g = 0; g < n; g++)
        s->group_place[g] = (int)before[rank[submitter(s, g) + 1]]++;
    free(rank);
    free(before);
}

static void size_up(struct simulator *s)
{
    const struct workflow *w = s->scenario.workflow;
    s->set_slots = xcalloc(w->n_sets, sizeof *s->set_slots);
    s->set_gpus = xcalloc(w->n_sets, sizeof *s->set_gpus);
    for (size_t i = 0; i < w->n_sets; i++) {
        struct slot_demand d = platform_slots(s->scenario.platform, &w->sets[i].demand);
        s->set_slots[i] = (double)d.ranks * d.slots;
        s->set_gpus[i] = d.ranks * (d.gpus + (double)d.gpu_share / DEMAND_WHOLE_GPU);
    }
    s->direct = !any_station(s, STATION_BOOTSTRAP, STATION_AGENT) && s->scenario.middleware->period_s[POLL_AGENT] <= 0;
    const double *period = s->scenario.middleware->period_s;
    s->instant_end = !any_station(s, STATION_LAUNCH, STATION_NOTIFY) && period[POLL_DETECT] <= 0 && period[POLL_FREE] <= 0 &&
                     period[POLL_NOTIFY] <= 0 && s->scenario.middleware->live_cap == 0 &&
                     s->scenario.middleware->execute_slope == 1;
}

static void draw_durations(const void *source, size_t column, uint32_t set, uint32_t first, uint32_t count, double *out)
{
    (void)column;
    durations_block(source, (int)set, first, count, 0, out);
}

struct simulator *simulator_new(const struct scenario *scenario, struct error *err)
{
    struct dispatch *dispatch = dispatch_new(scenario->workflow, scenario->platform, &scenario->scheduler, err);
    if (!dispatch)
        return NULL;
    struct simulator *s = xcalloc(1, sizeof *s);
    s->scenario = *scenario;
    s->dispatch = dispatch;
    s->readiness = readiness_new(scenario->workflow, scenario->mode);
    readiness_on_failure(s->readiness, scenario->middleware->on_failure);
    s->durations = durations_new(scenario->workflow);
    s->draws = draw_ahead_new(scenario->workflow, 1, draw_durations, s->durations);
    s->stations = stations_new(scenario);
    s->engine.queue = event_queue_new();
    size_up(s);
    place_groups(s);
    return s;
}

void simulator_free(struct simulator *s)
{
    if (!s)
        return;
    submit_clear(s);
    execute_clear(s);
    readiness_free(s->readiness);
    dispatch_free(s->dispatch);
    draw_ahead_free(s->draws);
    durations_free(s->durations);
    stations_free(s->stations);
    event_queue_free(s->engine.queue);
    free(s->set_slots);
    free(s->set_gpus);
    free(s->group_place);
    record_clear(s);
    free(s);
}

void simulate_task_over(struct simulator *s, uint32_t set, uint32_t task, uint32_t attempt, bool failed)
{
    size_t n = 0, cancelled = 0;
    const struct ready_run *runs;
    if (!failed) {
        s->out.n_done++;
        runs = readiness_done(s->readiness, set, task, &n);
    } else if ((int)attempt < s->scenario.workflow->sets[set].retries) {
        s->out.n_retries++;
        s->n_again++;
        submit_retry(s, set, task, attempt + 1);
        return;
    } else {
        s->out.n_failed++;
        runs = readiness_failed(s->readiness, set, task, &cancelled, &n);
        s->out.n_cancelled += cancelled;
    }
    if (n > 0)
        submit_ready(s, runs, n);
}

static void on_walltime(struct simulator *s)
{
    if (readiness_complete(s->readiness))
        return;
    execute_kill_all(s);
    s->out.n_failed += s->n_again;
    size_t over = s->out.n_done + s->out.n_failed + s->out.n_killed;
    assert(over <= s->scenario.workflow->n_tasks);
    s->out.n_cancelled = s->scenario.workflow->n_tasks - over;
    s->out.in_time = false;
    s->known_s = s->engine.now_s;
    s->engine.stopped = true;
}

static void on_event(void *context, struct event ev)
{
    struct simulator *s = context;
    s->idle_ticks = ev.rank == EVENT_TICK ? s->idle_ticks + 1 : 0;
    switch ((enum event_rank)ev.rank) {
    case EVENT_FREED: execute_on_freed(s, ev.subject); break;
    case EVENT_NOTIFIED: execute_on_notified(s, ev.subject); break;
    case EVENT_DETECTED: execute_on_detected(s, ev.subject); break;
    case EVENT_BULK_LEFT: submit_on_left(s, ev.subject); break;
    case EVENT_DUE: submit_on_due(s, ev.subject); break;
    case EVENT_RELEASED: submit_on_released(s, ev.subject); break;
    case EVENT_ARRIVED: submit_on_arrived(s, ev.subject); break;
    case EVENT_TICK: s->tick_pending = false; break;
    case EVENT_WALLTIME: on_walltime(s); break;
    }
}

/* Passes in vain, at the ticks since the last one that was made, are counted and not made. */
static void count_idle_passes(struct simulator *s)
{
    double period = s->scenario.middleware->period_s[POLL_SCHEDULE];
    if (isnan(s->idle_since_s) || period <= 0)
        return;
    double ticks = round((s->engine.now_s - s->idle_since_s) / period);
    if (ticks > 1)
        dispatch_count_idle(s->dispatch, (size_t)ticks - 1);
}

static void pass(struct simulator *s)
{
    size_t n;
    bool retry;
    count_idle_passes(s);
    const struct decision *decisions = dispatch_pass(s->dispatch, s->engine.now_s, &n, &retry);
    s->dispatch_changed = false;
    for (size_t i = 0; i < n && !s->instant_end; i++)
        execute_expect(s, &decisions[i]);
    for (size_t i = 0; i < n; i++) {
        s->n_again -= decisions[i].attempt > 0;
        execute_decision(s, &decisions[i]);
    }
    if (n > 0)
        s->idle_ticks = 0;
    assert(s->idle_ticks < MOST_IDLE_TICKS || event_queue_size(s->engine.queue) > 0);
    s->idle_since_s = retry && dispatch_is_idle(s->dispatch) ? s->engine.now_s : NAN;
    if (!retry || s->tick_pending || s->scenario.middleware->period_s[POLL_SCHEDULE] <= 0 || !isnan(s->idle_since_s))
        return;
    simulate_push(s, stations_tick_after(s->stations, POLL_SCHEDULE, s->engine.now_s), EVENT_TICK, 0);
    s->tick_pending = s->retry_pending = true;
}

/* A scheduler that polls sees what has changed at its next tick; one that does not, at once. */
static void settle(void *context)
{
    struct simulator *s = context;
    if (s->engine.stopped)
        return;
    submit_settle(s);
    if (!s->dispatch_changed && !(s->retry_pending && !s->tick_pending))
        return;
    double tick_s = stations_tick(s->stations, POLL_SCHEDULE, s->engine.now_s);
    if (tick_s <= s->engine.now_s) {
        s->retry_pending = false;
        pass(s);
    } else if (!s->tick_pending) {
        simulate_push(s, tick_s, EVENT_TICK, 0);
        s->tick_pending = true;
    }
}

static void begin(struct simulator *s, uint32_t replica, const struct record_sink *sink)
{
    const struct scenario *scenario = &s->scenario;
    s->replica = replica;
    s->out = (struct replica){ .first_start_s = INFINITY, .last_stop_s = -INFINITY, .in_time = true };
    s->known_s = 0;
    s->n_again = 0;
    s->dispatch_changed = s->tick_pending = s->retry_pending = false;
    s->idle_ticks = 0;
    s->idle_since_s = NAN;
    s->engine.now_s = 0;
    s->engine.stopped = false;
    event_queue_reset(s->engine.queue);
    readiness_reset(s->readiness);
    dispatch_reset(s->dispatch, scenario->seed, replica);
    durations_begin(s->durations, scenario->seed, replica);
    stations_begin(s->stations, scenario->seed, replica);
    record_begin(s, sink);
    submit_begin(s);
    execute_begin(s);
}

static void finish(struct simulator *s)
{
    struct replica *out = &s->out;
    bool ran = out->first_start_s < INFINITY;
    if (!ran)
        out->first_start_s = out->last_stop_s = NAN;
    out->makespan_s = ran ? out->last_stop_s - out->first_start_s : 0;
    out->complete = out->n_done == s->scenario.workflow->n_tasks;
    double drain = out->in_time ? stations_draw(s->stations, STATION_DRAIN, 0, 0, 0) : 0, limit = s->scenario.walltime_s;
    out->session_s = s->known_s + drain;
    out->in_time = out->in_time && (limit <= 0 || out->session_s <= limit);
    for (int w = 0; w < WAITS; w++)
        out->wait_s[w] = fmax(0, out->wait_s[w]);        /* differences of large sums: what rounding leaves of nothing */
    if (s->sink && !told_to_stop(s))
        record_end(s);
}

void simulator_stream(struct simulator *s, uint32_t replica, const struct record_sink *sink, struct replica *out)
{
    begin(s, replica, sink);
    if (s->scenario.walltime_s > 0)
        simulate_push(s, s->scenario.walltime_s, EVENT_WALLTIME, 0);
    size_t n;
    const struct ready_run *runs = readiness_start(s->readiness, &n);
    submit_ready(s, runs, n);
    settle(s);
    engine_run(&s->engine, on_event, settle, s);
    assert(readiness_complete(s->readiness) || !s->out.in_time || told_to_stop(s));
    finish(s);
    *out = s->out;
}

static void append(void *context, const struct timeline *piece, size_t n)
{
    struct timeline *t = context;
    for (size_t i = 0; i < n; i++)
        timeline_add_copy(t, piece, i);
    t->session_start_s = piece->session_start_s;
    t->session_end_s = piece->session_end_s;
}

void simulator_run(struct simulator *s, uint32_t replica, struct timeline *timeline, struct replica *out)
{
    const struct record_sink whole = { .take = append, .context = timeline };
    if (timeline)
        timeline_clear(timeline);
    simulator_stream(s, replica, timeline ? &whole : NULL, out);
}
