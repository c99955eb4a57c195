/* From a placement to freed slots: launch, start-up, execution, detection, freeing,
 * notification. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/failures.h"
#include "sim/phases.h"
#include "sim/simulate_impl.h"

void execute_begin(struct simulator *s)
{
    int servers = s->drive.scenario.middleware->launch_servers;
    s->first_stop_s = INFINITY;
    s->booked_s = 0;
    s->servers_up = false;
    if (!s->server_free_s) {
        s->server_free_s = xcalloc((size_t)servers, sizeof *s->server_free_s);
        s->node_seen = xcalloc(s->drive.scenario.platform->n_nodes, sizeof *s->node_seen);
        s->notify_s = xcalloc(readiness_group_count(s->drive.readiness), sizeof *s->notify_s);
    }
    memset(s->server_free_s, 0, (size_t)servers * sizeof *s->server_free_s);
    memset(s->node_seen, 0, s->drive.scenario.platform->n_nodes * sizeof *s->node_seen);
    for (size_t g = 0; g < readiness_group_count(s->drive.readiness); g++)
        s->notify_s[g] = NAN;
    draw_ahead_begin(s->draws);
}

void execute_clear(struct simulator *s)
{
    free(s->server_free_s);
    free(s->node_seen);
    free(s->notify_s);
}

void execute_placed(void *simulator, const struct decision *decisions, size_t n)
{
    struct simulator *s = simulator;
    for (size_t i = 0; i < n; i++)
        s->out.wait_s[WAIT_QUEUE] += s->drive.engine.now_s;
    /* without middleware there is little to prefetch */
    for (size_t i = 0; i < n && !s->instant_end; i++) {
        draw_ahead_expect(s->draws, decisions[i].set, decisions[i].task);
        stations_expect(s->stations, decisions[i].set, decisions[i].task);
    }
}

static bool starts_cold(struct simulator *s, const struct attempt *a)
{
    const struct middleware *m = s->drive.scenario.middleware;
    uint32_t node = pool_grant_part(dispatch_pool(s->drive.dispatch), a->grant).node;
    if (m->cold_gpu_only && s->set_gpus[a->set] == 0)
        return false;
    switch (m->cold_rule) {
    case COLD_FIRST_ON_NODE: {
        bool first = !s->node_seen[node];
        s->node_seen[node] = true;
        return first;
    }
    case COLD_FIRST_WAVE: return a->launched_s < s->first_stop_s;
    case COLD_BURST: return s->cold_set[a->set];
    case COLD_NEVER: break;
    }
    return false;
}

/* With the first task that is placed the servers begin to come up. */
RARE static void bring_up(struct simulator *s)
{
    double up_s = s->drive.engine.now_s + stations_draw(s->stations, STATION_LAUNCH_UP, 0, 0, 0);
    for (int i = 0; i < s->drive.scenario.middleware->launch_servers; i++)
        s->server_free_s[i] = up_s;
    s->servers_up = true;
}

/* A serial server's turn: the earliest free one, ties to the lowest. *served_s: it begins with
 * the task. */
static double launch_time(struct simulator *s, const struct attempt *a, double *served_s)
{
    double *server = &s->server_free_s[0];
    if (!s->servers_up)
        bring_up(s);
    for (int i = 1; i < s->drive.scenario.middleware->launch_servers; i++)
        if (s->server_free_s[i] < *server)
            server = &s->server_free_s[i];
    double service = stations_draw(s->stations, STATION_LAUNCH, a->set, a->task, a->number);
    *served_s = fmax(*server, s->drive.engine.now_s);
    *server = *served_s + service;
    return *server;
}

static struct task_instants *watched(const struct simulator *s, const struct attempt *a)
{
    return s->instants ? &s->instants[s->drive.scenario.workflow->sets[a->set].first_task + a->task]
                       : NULL;
}

/* Of its execution what is not its own work. */
static double beside_work(const struct simulator *s, const struct attempt *a, bool cold)
{
    double offset =
        stations_draw(s->stations, STATION_EXECUTE_OFFSET, a->set, a->task, a->number);
    return cold ? offset +
                      stations_draw(s->stations, STATION_EXECUTE_COLD, a->set, a->task, a->number)
                : offset;
}

static double executed(struct simulator *s, struct attempt *a, bool cold)
{
    double execute = a->number == 0 ? draw_ahead_at(s->draws, 0, a->set, a->task)
                                    : durations_at(s->durations, (int)a->set, a->task, a->number);
    double work = execute;
    if (!s->instant_end)
        execute = execute * s->drive.scenario.middleware->execute_slope + beside_work(s, a, cold);
    double share;
    a->fails = durations_fails(s->durations, (int)a->set, a->task, a->number, &share);
    if (watched(s, a))
        watched(s, a)->work_s = a->fails ? work * share : work;
    return a->fails ? execute * share : execute;
}

static void note_launch(const struct simulator *s, const struct attempt *a, double served_s,
                        double detected_s)
{
    struct task_instants *m = watched(s, a);
    if (!m)
        return;
    m->at_s[INSTANT_SERVED] = served_s;
    m->at_s[INSTANT_LAUNCHED] = a->launched_s;
    m->at_s[INSTANT_DETECTED] = detected_s;
    m->at_s[INSTANT_BOOKED] = NAN;       /* unless the client comes to it */
}

/* The launcher lets it run from now on, or once a launch server is done with it: when its own work
 * begins is known. Returns whether it starts cold. */
static bool begin_work(struct simulator *s, struct attempt *a)
{
    double admitted_s = fmax(a->launched_s, s->drive.engine.now_s);
    bool cold = starts_cold(s, a);
    a->started_s = admitted_s + stations_draw(s->stations,
                                              cold ? STATION_STARTUP_COLD : STATION_STARTUP_WARM,
                                              a->set, a->task, a->number);
    if (watched(s, a))
        watched(s, a)->at_s[INSTANT_ADMITTED] = admitted_s;
    return cold;
}

/* From its end, which is known, to free slots. Returns when the agent sees the end. */
static double after_stop(struct simulator *s, struct attempt *a)
{
    s->first_stop_s = fmin(s->first_stop_s, a->stopped_s);
    double detected_s = stations_tick(
        s->stations, POLL_DETECT,
        a->stopped_s + stations_draw(s->stations, STATION_DETECT, a->set, a->task, a->number));
    a->freed_s = stations_tick(
        s->stations, POLL_FREE,
        detected_s + stations_draw(s->stations, STATION_FREE, a->set, a->task, a->number));
    return detected_s;
}

/* All that follows until its slots are free is known at its launch. */
static double through_middleware(struct simulator *s, struct attempt *a, double served_s)
{
    bool cold = begin_work(s, a);
    a->stopped_s = a->started_s + executed(s, a, cold);
    double detected_s = after_stop(s, a);
    note_launch(s, a, served_s, detected_s);
    return detected_s;
}

static void at_once(struct simulator *s, struct attempt *a)
{
    a->launched_s = a->started_s = s->drive.engine.now_s;
    a->freed_s = a->stopped_s = a->started_s + executed(s, a, false);
    note_launch(s, a, a->launched_s, a->stopped_s);
    if (watched(s, a))
        watched(s, a)->at_s[INSTANT_ADMITTED] = a->launched_s;
}

/* What a decision may cancel has no end that is sure before it is over. */
static bool records_late(const struct simulator *s, const struct attempt *a)
{
    return s->drive.cancels && !(s->phases && phases_has(s->phases, a->set));
}

/* When its end is seen and its slots are free is known. */
static void expect_end(struct simulator *s, uint32_t attempt, double detected_s)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    if (!s->instant_end && s->drive.attempts.live_cap > 0)
        driver_push(&s->drive, detected_s, EVENT_DETECTED, attempt);
    driver_push(&s->drive, a->freed_s, EVENT_FREED, attempt);
    if (s->sink && !records_late(s, a))
        stream_task(s, attempt);
}

/* Its end depends on what else happens until then. */
RARE static void start_phases(struct simulator *s, uint32_t attempt, double served_s)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    double share, extra_s = 0;
    if (s->instant_end)
        a->launched_s = a->started_s = served_s;
    else
        extra_s = beside_work(s, a, begin_work(s, a));
    a->fails = durations_fails(s->durations, (int)a->set, a->task, driver_tries(&s->drive, a),
                               &share);
    note_launch(s, a, served_s, NAN);
    if (watched(s, a) && s->instant_end)
        watched(s, a)->at_s[INSTANT_ADMITTED] = served_s;
    if (watched(s, a))
        watched(s, a)->work_s = extra_s;
    phases_start(s->phases, attempt, extra_s);
}

RARE void execute_ended(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    struct task_instants *m = watched(s, a);
    a->stopped_s = a->freed_s = s->drive.engine.now_s;
    double detected_s = s->instant_end ? a->stopped_s : after_stop(s, a);
    if (s->alone)
        alone_on_stopped(s, attempt);
    a = &s->drive.attempts.at[attempt];
    if (m) {
        m->at_s[INSTANT_DETECTED] = detected_s;
        m->work_s = a->stopped_s - a->started_s - m->work_s;
    }
    if (!s->instant_end) {
        expect_end(s, attempt, detected_s);
        return;
    }
    if (s->sink)
        stream_task(s, attempt);
    execute_on_freed(s, attempt);
}

static inline void account(struct simulator *s, const struct attempt *a, double stopped_s, double freed_s,
                           bool lost);

/* Its slots are gone, and what it did since its last checkpoint. */
RARE static enum fate lose_slots(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    uint32_t set = a->set;
    double now_s = s->drive.engine.now_s;
    s->known_s = a->stopped_s = a->freed_s = now_s;
    account(s, a, now_s, now_s, true);
    if (s->sink)
        stream_lost(s, attempt);
    driver_freed(&s->drive, attempt);
    enum fate fate = driver_lost(&s->drive, attempt);
    if (fate == FATE_FAILED)
        phases_task_over(s->phases, set, true);
    return fate;
}

RARE void execute_lost(struct simulator *s, uint32_t attempt)
{
    phases_lose(s->phases, attempt);
    driver_ended(&s->drive);
    lose_slots(s, attempt);
    if (s->drive.attempts.live_cap > 0)
        driver_launch(&s->drive, 1);
}

void execute_admit(struct simulator *s, uint32_t attempt, double served_s, double launched_s)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    if (s->failures && failures_strikes(s->failures, a)) {       /* while it waited for its launch */
        driver_ended(&s->drive);
        lose_slots(s, attempt);
        return;
    }
    a->launched_s = launched_s;
    if (s->phases && phases_has(s->phases, a->set))
        start_phases(s, attempt, served_s);
    else
        expect_end(s, attempt, through_middleware(s, a, served_s));
}

enum start_result execute_start(void *simulator, uint32_t attempt)
{
    struct simulator *s = simulator;
    struct attempt *a = &s->drive.attempts.at[attempt];
    double served_s;
    if (s->failures && failures_strikes(s->failures, a)) {
        lose_slots(s, attempt);
        return START_NEVER;
    }
    if (!s->instant_end) {
        double launched_s = launch_time(s, a, &served_s);
        if (s->alone)
            alone_launch(s, attempt, served_s, launched_s);
        else
            execute_admit(s, attempt, served_s, launched_s);
    } else if (s->phases && phases_has(s->phases, a->set)) {
        start_phases(s, attempt, s->drive.engine.now_s);
    } else {
        at_once(s, a);
        expect_end(s, attempt, a->stopped_s);
    }
    return START_STARTED;
}

void execute_on_detected(struct simulator *s)
{
    driver_ended(&s->drive);
    driver_launch(&s->drive, 1);
}

/* W that the attempt draws beside what its nodes do when they are idle. */
RARE static double drawn_w(const struct simulator *s, const struct attempt *a)
{
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    const struct platform *p = s->drive.scenario.platform;
    double sum = 0;
    for (uint32_t g = a->grant; g != POOL_NONE; g = pool_grant_next(pool, g)) {
        struct grant_part part = pool_grant_part(pool, g);
        const struct node_shape *shape = platform_node(p, part.node);
        double gpus = bits_count(part.gpus), cores = (double)part.n_slots * shape->cores / shape->n_slots;
        gpus *= part.gpu_share > 0 ? (double)part.gpu_share / DEMAND_WHOLE_GPU : 1;
        sum += cores * shape->power.core_w + gpus * shape->power.gpu_w;
    }
    return sum;
}

/* What the task did while it ran, up to `stopped_s`, and what it held up to `freed_s`. */
static inline void account(struct simulator *s, const struct attempt *a, double stopped_s, double freed_s,
                           bool lost)
{
    struct replica *out = &s->out;
    double ran = stopped_s > a->started_s ? stopped_s - a->started_s : 0,
           held = freed_s - a->scheduled_s;
    double slots = s->set_slots[a->set], gpus = s->set_gpus[a->set];
    out->busy_slot_s += ran * slots;
    out->busy_gpu_s += ran * gpus;
    out->held_slot_s += held * slots;
    out->held_gpu_s += held * gpus;
    if (lost)
        out->lost_slot_s += ran * slots;
    if (s->has_power)
        out->busy_j += ran * drawn_w(s, a);
    if (a->started_s <= stopped_s && !s->drive.scenario.workflow->sets[a->set].service.serves) {
        out->first_start_s = a->started_s < out->first_start_s ? a->started_s : out->first_start_s;
        out->last_stop_s = stopped_s > out->last_stop_s ? stopped_s : out->last_stop_s;
        out->wait_s[WAIT_LAUNCH] += a->started_s - a->scheduled_s;
    }
}

/* The agent reports ends in bulks: one draw for all tasks of a stage (of a set, in asynchronous
 * mode), or the last of many would always be the slowest. */
static double notification(const struct simulator *s, const struct attempt *a)
{
    double given = stations_given(s->stations, STATION_NOTIFY, a->set, a->task);
    if (!isnan(given))
        return given;
    int group = readiness_group_of_set(s->drive.readiness, (int)a->set);
    double *known = &s->notify_s[group];
    if (a->number == 0 && !isnan(*known))
        return *known;
    uint32_t first = (uint32_t)readiness_group(s->drive.readiness, (size_t)group).sets[0];
    double drawn = stations_draw(s->stations, STATION_NOTIFY, first, 0, a->number);
    if (a->number == 0)
        *known = drawn;
    return drawn;
}

double execute_notified(const struct simulator *s, const struct attempt *a, double over_s)
{
    return s->instant_end ? over_s
                          : stations_tick(s->stations, POLL_NOTIFY, over_s + notification(s, a));
}

/* Nothing is left to be done for it at `over_s`, now or later. */
static void notify(struct simulator *s, uint32_t attempt, double notified_s)
{
    s->out.wait_s[WAIT_NOTIFY] += notified_s - s->drive.attempts.at[attempt].freed_s;
    if (notified_s > s->drive.engine.now_s)
        driver_push(&s->drive, notified_s, EVENT_NOTIFIED, attempt);
    else
        execute_on_notified(s, attempt);
}

RARE void execute_staged_out(struct simulator *s, uint32_t attempt)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    double notified_s = execute_notified(s, a, s->drive.engine.now_s);
    phases_note_notified(s->phases, a, notified_s);
    notify(s, attempt, notified_s);
}

/* Of a cancelled attempt the end that it would have had is still in the queue. */
static bool is_stale(const struct simulator *s, const struct attempt *a)
{
    return s->drive.cancels && (!a->live || a->grant == POOL_NONE || a->freed_s != s->drive.engine.now_s);
}

void execute_on_freed(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    if (is_stale(s, a))
        return;
    double notified_s = execute_notified(s, a, a->freed_s), stopped_s = fmin(a->stopped_s, a->freed_s);
    account(s, a, stopped_s, a->freed_s, a->fails || a->cancelled);
    s->out.wait_s[WAIT_FREE] += a->freed_s - stopped_s;
    if (s->sink && records_late(s, a))
        stream_task(s, attempt);
    bool phases = s->phases && phases_has(s->phases, a->set);
    if (s->drive.attempts.live_cap == 0)
        driver_ended(&s->drive);
    driver_freed(&s->drive, attempt);
    if (!phases || !phases_stage_out(s->phases, attempt))
        notify(s, attempt, notified_s);
}

/* The client's turn for this end: one after another, in the order in which it heard of them. */
void execute_on_notified(struct simulator *s, uint32_t attempt)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    double now_s = s->drive.engine.now_s;
    if (!s->books) {
        execute_on_booked(s, attempt);
        return;
    }
    s->booked_s = fmax(s->booked_s, now_s) +
                  stations_draw(s->stations, STATION_CLOSE_TASK, a->set, a->task, a->number);
    s->out.wait_s[WAIT_NOTIFY] += s->booked_s - now_s;
    driver_push(&s->drive, s->booked_s, EVENT_BOOKED, attempt);
}

void execute_on_booked(struct simulator *s, uint32_t attempt)
{
    struct task_instants *m = watched(s, &s->drive.attempts.at[attempt]);
    uint32_t set = s->drive.attempts.at[attempt].set;
    s->known_s = s->drive.engine.now_s;          /* the clock never goes back */
    if (m)
        m->at_s[INSTANT_BOOKED] = s->known_s;
    enum fate fate = driver_over(&s->drive, attempt);
    if (s->phases && fate != FATE_AGAIN)
        phases_task_over(s->phases, set, fate == FATE_FAILED);
}

/* It stops now, or never starts; what follows takes as long as after any end. */
void execute_cancel(void *simulator, uint32_t attempt)
{
    struct simulator *s = simulator;
    struct attempt *a = &s->drive.attempts.at[attempt];
    double now_s = s->drive.engine.now_s, freed_s = now_s;
    bool started = a->started_s <= now_s;
    if (!s->instant_end) {
        double detect_s = stations_draw(s->stations, STATION_DETECT, a->set, a->task, a->number);
        double free_s = stations_draw(s->stations, STATION_FREE, a->set, a->task, a->number);
        freed_s = stations_tick(s->stations, POLL_FREE, stations_tick(s->stations, POLL_DETECT, now_s + detect_s) + free_s);
    }
    a->started_s = started ? a->started_s : INFINITY;
    a->stopped_s = started ? now_s : INFINITY;
    if (freed_s < a->freed_s) {
        a->freed_s = freed_s;
        driver_push(&s->drive, freed_s, EVENT_FREED, attempt);
    }
}

enum task_status execute_status_at(const struct attempt *a, double walltime_s)
{
    if (a->started_s >= walltime_s)
        return TASK_CANCELLED;                   /* still at the launcher */
    if (a->stopped_s > walltime_s)
        return TASK_KILLED;
    return a->fails ? TASK_FAILED : TASK_DONE;
}

void execute_kill_all(void *simulator)
{
    struct simulator *s = simulator;
    struct driver_counts *count = &s->drive.count;
    double now = s->drive.engine.now_s;
    s->known_s = now;
    for (size_t i = 0; i < s->drive.attempts.n; i++) {
        struct attempt *a = &s->drive.attempts.at[i];
        if (!a->live)
            continue;
        if (a->grant == POOL_NONE) {             /* over, but the client does not know yet */
            count->n_done += !a->fails;
            count->n_failed += a->fails;
            continue;
        }
        enum task_status status = execute_status_at(a, now);
        if (s->sink && (a->stopped_s == INFINITY || records_late(s, a)))
            stream_task(s, (uint32_t)i);         /* the others have been since it was known */
        if (status == TASK_CANCELLED)
            a->started_s = INFINITY;
        if (status == TASK_KILLED && s->phases && phases_has(s->phases, a->set))
            phases_keep(s->phases, (uint32_t)i);
        account(s, a, fmin(a->stopped_s, now), now, status != TASK_DONE);
        count->n_done += status == TASK_DONE;
        count->n_failed += status == TASK_FAILED;
        count->n_killed += status == TASK_KILLED;
    }
}
