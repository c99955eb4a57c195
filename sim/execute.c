/* From a placement to freed slots: launch, start-up, execution, detection, freeing, notification. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/simulate_impl.h"

enum { NOBODY = 0xffffff };

void execute_begin(struct simulator *s)
{
    int servers = s->scenario.middleware->launch_servers;
    s->n_running = 0;
    s->n_free_running = 0;
    s->launch_first = s->launch_last = NOBODY;
    s->n_live = 0;
    s->first_stop_s = INFINITY;
    if (!s->server_free_s) {
        s->server_free_s = xcalloc((size_t)servers, sizeof *s->server_free_s);
        s->node_seen = xcalloc(s->scenario.platform->n_nodes, sizeof *s->node_seen);
        s->notify_s = xcalloc(readiness_group_count(s->readiness), sizeof *s->notify_s);
    }
    memset(s->server_free_s, 0, (size_t)servers * sizeof *s->server_free_s);
    memset(s->node_seen, 0, s->scenario.platform->n_nodes * sizeof *s->node_seen);
    for (size_t g = 0; g < readiness_group_count(s->readiness); g++)
        s->notify_s[g] = NAN;
    draw_ahead_begin(s->draws);
}

void execute_clear(struct simulator *s)
{
    free(s->running);
    free(s->free_running);
    free(s->server_free_s);
    free(s->node_seen);
    free(s->notify_s);
}

void execute_expect(const struct simulator *s, const struct decision *d)
{
    draw_ahead_expect(s->draws, d->set, d->task);
    stations_expect(s->stations, d->set, d->task);
}

static uint32_t new_running(struct simulator *s)
{
    if (s->n_free_running > 0)
        return s->free_running[--s->n_free_running];
    xgrow_lines(&s->running, &s->running_room, s->n_running + 1, sizeof *s->running);
    event_queue_set_records(s->engine.queue, s->running, sizeof *s->running);
    return (uint32_t)s->n_running++;
}

static void forget_running(struct simulator *s, uint32_t r)
{
    s->running[r].live = false;
    if (s->n_free_running == s->free_running_room)
        xgrow(&s->free_running, &s->free_running_room, s->n_free_running + 1, sizeof *s->free_running);
    s->free_running[s->n_free_running++] = r;
}

static bool starts_cold(struct simulator *s, const struct running *r)
{
    const struct middleware *m = s->scenario.middleware;
    uint32_t node = pool_grant_part(dispatch_pool(s->dispatch), r->grant).node;
    if (m->cold_gpu_only && s->set_gpus[r->set] == 0)
        return false;
    switch (m->cold_rule) {
    case COLD_FIRST_ON_NODE: {
        bool first = !s->node_seen[node];
        s->node_seen[node] = true;
        return first;
    }
    case COLD_FIRST_WAVE: return r->launched_s < s->first_stop_s;
    case COLD_BURST: return s->cold_set[r->set];
    case COLD_NEVER: break;
    }
    return false;
}

/* A serial server's turn: the earliest free one, ties to the lowest. *served_s: it begins with the task. */
static double launch_time(struct simulator *s, const struct running *r, double *served_s)
{
    double *server = &s->server_free_s[0];
    for (int i = 1; i < s->scenario.middleware->launch_servers; i++)
        if (s->server_free_s[i] < *server)
            server = &s->server_free_s[i];
    double service = stations_draw(s->stations, STATION_LAUNCH, r->set, r->task, r->attempt);
    *served_s = fmax(*server, s->engine.now_s);
    *server = *served_s + service;
    return *server;
}

static struct task_moments *watched(const struct simulator *s, const struct running *r)
{
    return s->moments ? &s->moments[s->scenario.workflow->sets[r->set].first_task + r->task] : NULL;
}

static double executed(struct simulator *s, struct running *r, bool cold)
{
    double execute = r->attempt == 0 ? draw_ahead_at(s->draws, 0, r->set, r->task)
                                     : durations_at(s->durations, (int)r->set, r->task, r->attempt);
    double work = execute;
    if (!s->instant_end) {
        execute = execute * s->scenario.middleware->execute_slope +
                  stations_draw(s->stations, STATION_EXECUTE_OFFSET, r->set, r->task, r->attempt);
        if (cold)
            execute += stations_draw(s->stations, STATION_EXECUTE_COLD, r->set, r->task, r->attempt);
    }
    double share;
    r->fails = durations_fails(s->durations, (int)r->set, r->task, r->attempt, &share);
    if (watched(s, r))
        watched(s, r)->work_s = r->fails ? work * share : work;
    return r->fails ? execute * share : execute;
}

static void note_launch(const struct simulator *s, const struct running *r, double served_s, double detected_s)
{
    struct task_moments *m = watched(s, r);
    if (!m)
        return;
    m->at_s[MOMENT_SERVED] = served_s;
    m->at_s[MOMENT_LAUNCHED] = r->launched_s;
    m->at_s[MOMENT_DETECTED] = detected_s;
}

/* The server takes it up now: all that follows until the agent sees its end is known. */
static void launch(struct simulator *s, uint32_t index)
{
    struct running *r = &s->running[index];
    r->launched_s = r->started_s = s->engine.now_s;
    bool cold = false;
    double served_s = s->engine.now_s;
    if (!s->instant_end) {
        r->launched_s = launch_time(s, r, &served_s);
        cold = starts_cold(s, r);
        r->started_s = r->launched_s + stations_draw(s->stations, cold ? STATION_STARTUP_COLD : STATION_STARTUP_WARM, r->set,
                                                     r->task, r->attempt);
    }
    r->stopped_s = r->started_s + executed(s, r, cold);
    if (s->instant_end) {
        r->freed_s = r->stopped_s;
        note_launch(s, r, served_s, r->stopped_s);
        simulate_push(s, r->freed_s, EVENT_FREED, index);
        if (s->sink)
            record_task(s, r);
        return;
    }
    s->first_stop_s = fmin(s->first_stop_s, r->stopped_s);
    double detected_s = stations_tick(s->stations, POLL_DETECT,
                                      r->stopped_s + stations_draw(s->stations, STATION_DETECT, r->set, r->task, r->attempt));
    r->freed_s = stations_tick(s->stations, POLL_FREE,
                               detected_s + stations_draw(s->stations, STATION_FREE, r->set, r->task, r->attempt));
    note_launch(s, r, served_s, detected_s);
    s->n_live++;
    if (s->scenario.middleware->live_cap > 0)
        simulate_push(s, detected_s, EVENT_DETECTED, index);
    simulate_push(s, r->freed_s, EVENT_FREED, index);
    if (s->sink)
        record_task(s, r);
}

void execute_decision(struct simulator *s, const struct decision *d)
{
    uint32_t index = new_running(s);
    struct running *r = &s->running[index];
    *r = (struct running){ .set = d->set, .task = d->task, .attempt = d->attempt, .grant = d->grant,
                           .scheduled_s = s->engine.now_s, .launched_s = INFINITY, .started_s = INFINITY, .stopped_s = INFINITY,
                           .freed_s = INFINITY, .live = true, .next = NOBODY };
    s->out.wait_s[WAIT_QUEUE] += s->engine.now_s;
    int cap = s->scenario.middleware->live_cap;
    if (cap == 0 || s->n_live < cap) {
        launch(s, index);
        return;
    }
    if (s->launch_first == NOBODY)
        s->launch_first = index;
    else
        s->running[s->launch_last].next = index;
    s->launch_last = index;
}

void execute_on_detected(struct simulator *s, uint32_t running)
{
    (void)running;
    s->n_live--;
    uint32_t next = s->launch_first;
    if (next == NOBODY)
        return;
    s->launch_first = s->running[next].next;
    s->running[next].next = NOBODY;
    launch(s, next);
}

/* What the task did while it ran, up to `stopped_s`, and what it held up to `freed_s`. */
static void account(struct simulator *s, const struct running *r, double stopped_s, double freed_s, bool lost)
{
    struct replica *out = &s->out;
    double ran = stopped_s > r->started_s ? stopped_s - r->started_s : 0, held = freed_s - r->scheduled_s;
    double slots = s->set_slots[r->set], gpus = s->set_gpus[r->set];
    out->busy_slot_s += ran * slots;
    out->busy_gpu_s += ran * gpus;
    out->held_slot_s += held * slots;
    out->held_gpu_s += held * gpus;
    if (lost)
        out->lost_slot_s += ran * slots;
    if (r->started_s <= stopped_s) {
        out->first_start_s = r->started_s < out->first_start_s ? r->started_s : out->first_start_s;
        out->last_stop_s = stopped_s > out->last_stop_s ? stopped_s : out->last_stop_s;
        out->wait_s[WAIT_LAUNCH] += r->started_s - r->scheduled_s;
    }
}

/* The agent reports ends in bulks: one draw for all tasks of a stage (of a set, in asynchronous mode), or the last of many would
 * always be the slowest. */
static double notification(const struct simulator *s, const struct running *r)
{
    double given = stations_given(s->stations, STATION_NOTIFY, r->set, r->task);
    if (!isnan(given))
        return given;
    int group = readiness_group_of_set(s->readiness, (int)r->set);
    double *known = &s->notify_s[group];
    if (r->attempt == 0 && !isnan(*known))
        return *known;
    uint32_t first = (uint32_t)readiness_group(s->readiness, (size_t)group).sets[0];
    double drawn = stations_draw(s->stations, STATION_NOTIFY, first, 0, r->attempt);
    if (r->attempt == 0)
        *known = drawn;
    return drawn;
}

double execute_notified(const struct simulator *s, const struct running *r)
{
    return s->instant_end ? r->freed_s : stations_tick(s->stations, POLL_NOTIFY, r->freed_s + notification(s, r));
}

void execute_on_freed(struct simulator *s, uint32_t running)
{
    struct running *r = &s->running[running];
    double notified_s = execute_notified(s, r);
    account(s, r, r->stopped_s, r->freed_s, r->fails);
    s->out.wait_s[WAIT_FREE] += r->freed_s - r->stopped_s;
    s->out.wait_s[WAIT_NOTIFY] += notified_s - r->freed_s;
    if (s->scenario.middleware->live_cap == 0)
        s->n_live--;
    dispatch_freed(s->dispatch, r->grant);
    r->grant = POOL_NONE;
    s->dispatch_changed = true;
    if (notified_s > s->engine.now_s)
        simulate_push(s, notified_s, EVENT_NOTIFIED, running);
    else
        execute_on_notified(s, running);
}

void execute_on_notified(struct simulator *s, uint32_t running)
{
    struct running r = s->running[running];
    forget_running(s, running);
    s->known_s = s->engine.now_s;                /* the clock never goes back */
    simulate_task_over(s, r.set, r.task, r.attempt, r.fails);
}

enum task_status execute_status_at(const struct running *r, double walltime_s)
{
    if (r->started_s >= walltime_s)
        return TASK_CANCELLED;                   /* still at the launcher */
    if (r->stopped_s > walltime_s)
        return TASK_KILLED;
    return r->fails ? TASK_FAILED : TASK_DONE;
}

void execute_kill_all(struct simulator *s)
{
    double now = s->engine.now_s;
    for (size_t i = 0; i < s->n_running; i++) {
        struct running *r = &s->running[i];
        if (!r->live)
            continue;
        if (r->grant == POOL_NONE) {             /* over, but the client does not know yet */
            s->out.n_done += !r->fails;
            s->out.n_failed += r->fails;
            continue;
        }
        enum task_status status = execute_status_at(r, now);
        if (s->sink && r->launched_s == INFINITY)
            record_task(s, r);                   /* the others have been since their launch */
        if (status == TASK_CANCELLED)
            r->started_s = INFINITY;
        account(s, r, fmin(r->stopped_s, now), now, status != TASK_DONE);
        s->out.n_done += status == TASK_DONE;
        s->out.n_failed += status == TASK_FAILED;
        s->out.n_killed += status == TASK_KILLED;
        s->out.n_cancelled += status == TASK_CANCELLED;
    }
}
