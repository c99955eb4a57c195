/* From a placement to an end that is known: start-up, execution, detection. */
#include <math.h>

#include "base/compiler.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sim/failures.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

void execute_begin(struct simulator *s)
{
    size_t groups = readiness_group_count(s->drive.readiness);
    s->first_stop_s = INFINITY;
    s->booked_s = 0;
    execute_launch_begin(s);
    if (!s->notify_s && !s->instant_end)
        s->notify_s = xcalloc(groups, sizeof *s->notify_s);
    for (size_t g = 0; s->notify_s && g < groups; g++)
        s->notify_s[g] = NAN;
    draw_ahead_begin(s->draws);
}

void execute_clear(struct simulator *s)
{
    execute_launch_clear(s);
    xfree(s->detected_s, s->notify_s);
}

void execute_placed(void *simulator, const struct decision *decisions, size_t n)
{
    struct simulator *s = simulator;
    double now_s = s->drive.engine.now_s;
    for (size_t i = 0; i < n; i++)
        for (uint32_t left = decisions[i].count; left > 0; left--)
            s->out.wait_s[WAIT_QUEUE] += now_s;
    /* without middleware there is little to prefetch; of the tasks of one decision the first */
    for (size_t i = 0; i < n && !s->instant_end; i++) {
        draw_ahead_expect(s->draws, decisions[i].set, decisions[i].task);
        stations_expect(s->stations, decisions[i].set, decisions[i].task);
    }
}

size_t execute_task(const struct simulator *s, const struct attempt *a)
{
    return s->drive.scenario.workflow->sets[a->set].first_task + a->task;
}

/* Tells who watches an instant of the task, unless it is that of its record. */
static void note_instant(const struct simulator *s, const struct attempt *a, enum instant which,
                         double at_s, double recorded_s)
{
    if (s->instants)
        task_instants_note(s->instants, execute_task(s, a), 1, which,
                           at_s == recorded_s ? INSTANT_AS_RECORDED : at_s);
}

static void note_work(const struct simulator *s, const struct attempt *a, double work_s)
{
    task_instants_note_work(s->instants, execute_task(s, a), work_s);
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

static double own_work(struct simulator *s, const struct attempt *a)
{
    return a->number == 0 ? draw_ahead_at(s->draws, 0, a->set, a->task)
                          : durations_at(s->durations, (int)a->set, a->task, a->number);
}

/* Of one that is launched and ends at once. */
static double executed_alone(struct simulator *s, struct attempt *a)
{
    double share, work = own_work(s, a);
    a->fails = durations_fails(s->durations, (int)a->set, a->task, a->number, &share);
    return a->fails ? work * share : work;
}

static double executed(struct simulator *s, struct attempt *a, bool cold)
{
    double share, work = own_work(s, a);
    double execute =
        work * s->drive.scenario.middleware->execute_slope + beside_work(s, a, cold);
    a->fails = durations_fails(s->durations, (int)a->set, a->task, a->number, &share);
    if (s->instants)
        note_work(s, a, a->fails ? work * share : work);
    return a->fails ? execute * share : execute;
}

static void note_launch(const struct simulator *s, const struct attempt *a,
                        const struct launch *l, double detected_s)
{
    if (!s->instants)
        return;
    note_instant(s, a, INSTANT_SERVED, l->served_s, a->scheduled_s);
    note_instant(s, a, INSTANT_LAUNCHED, l->launched_s, a->scheduled_s);
    note_instant(s, a, INSTANT_DETECTED, detected_s, a->stopped_s);
    execute_note_booked(s, a, NAN);      /* unless the client comes to it */
}

void execute_note_booked(const struct simulator *s, const struct attempt *a, double at_s)
{
    bool as_recorded = !s->books && !s->chain;   /* a chain's records end with their job */
    task_instants_note(s->instants, execute_task(s, a), 1, INSTANT_BOOKED,
                       as_recorded ? INSTANT_AS_RECORDED : at_s);
}

/* The launcher lets it run from now on, or once a launch server is done with it: when its own work
 * begins is known. Returns whether it starts cold. */
static bool begin_work(struct simulator *s, struct attempt *a, double launched_s)
{
    double admitted_s = later_of(launched_s, s->drive.engine.now_s);
    bool cold = execute_starts_cold(s, a, launched_s);
    a->started_s = admitted_s + stations_draw(s->stations,
                                              cold ? STATION_STARTUP_COLD : STATION_STARTUP_WARM,
                                              a->set, a->task, a->number);
    note_instant(s, a, INSTANT_ADMITTED, admitted_s, a->scheduled_s);
    return cold;
}

/* What follows its end, which is known: the agent sees it, the slots are free. */
struct after_stop { double detected_s, freed_s; };

static struct after_stop after_stop(struct simulator *s, const struct attempt *a)
{
    struct after_stop after;
    s->first_stop_s = earlier_of(s->first_stop_s, a->stopped_s);
    after.detected_s = stations_tick(
        s->stations, POLL_DETECT,
        a->stopped_s + stations_draw(s->stations, STATION_DETECT, a->set, a->task, a->number));
    after.freed_s = stations_tick(
        s->stations, POLL_FREE,
        after.detected_s + stations_draw(s->stations, STATION_FREE, a->set, a->task, a->number));
    return after;
}

/* All that follows until its slots are free is known at its launch. */
static struct after_stop through_middleware(struct simulator *s, struct attempt *a,
                                            const struct launch *l)
{
    bool cold = begin_work(s, a, l->launched_s);
    a->stopped_s = a->started_s + executed(s, a, cold);
    struct after_stop after = after_stop(s, a);
    note_launch(s, a, l, after.detected_s);
    return after;
}

static struct after_stop at_once(struct simulator *s, struct attempt *a)
{
    double now_s = s->drive.engine.now_s;
    a->started_s = now_s;
    a->stopped_s = now_s + executed_alone(s, a);
    note_launch(s, a, &(struct launch){ now_s, now_s }, a->stopped_s);
    note_instant(s, a, INSTANT_ADMITTED, now_s, a->scheduled_s);
    return (struct after_stop){ a->stopped_s, a->stopped_s };
}

bool execute_records_late(const struct simulator *s, const struct attempt *a)
{
    (void)a;
    return s->drive.cancels != NULL;
}

/* When its end is seen and its slots are free is known. */
static void expect_end(struct simulator *s, uint32_t attempt, struct after_stop after)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    if (s->drive.attempts.keeps_freed)
        s->drive.attempts.freed_s[attempt] = after.freed_s;
    if (!s->instant_end && s->drive.attempts.live_cap > 0)
        execute_expect_detected(s, attempt, after.detected_s);
    driver_push(&s->drive, after.freed_s, EVENT_FREED, attempt);
    if (s->sink && !execute_records_late(s, a))
        stream_task(s, attempt, after.freed_s);
}

/* Its end depends on what else happens until then. */
RARE static void start_phases(struct simulator *s, uint32_t attempt, const struct launch *l)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    double share, extra_s = 0;
    if (s->instant_end)
        a->started_s = l->served_s;
    else
        extra_s = beside_work(s, a, begin_work(s, a, l->launched_s));
    a->fails = durations_fails(s->durations, (int)a->set, a->task, driver_tries(&s->drive, a),
                               &share);
    note_launch(s, a, l, NAN);
    if (s->instant_end)
        note_instant(s, a, INSTANT_ADMITTED, l->served_s, a->scheduled_s);
    if (s->instants)
        note_work(s, a, extra_s);
    phases_start(s->phases, attempt, extra_s);
}

RARE void execute_ended(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    double now_s = s->drive.engine.now_s;
    a->stopped_s = now_s;
    struct after_stop after =
        s->instant_end ? (struct after_stop){ now_s, now_s } : after_stop(s, a);
    s->drive.attempts.freed_s[attempt] = after.freed_s;
    if (s->alone)
        alone_on_stopped(s, attempt);
    a = &s->drive.attempts.at[attempt];
    note_instant(s, a, INSTANT_DETECTED, after.detected_s, a->stopped_s);
    if (s->instants)
        note_work(s, a,
                  a->stopped_s - a->started_s -
                      task_instants_work(s->instants, execute_task(s, a)));
    if (!s->instant_end) {
        expect_end(s, attempt, after);
        return;
    }
    if (s->sink && !execute_records_late(s, a))
        stream_task(s, attempt, now_s);
    execute_on_freed(s, attempt);
}

/* While it waited for its launch its nodes went. */
static inline bool is_struck(const struct simulator *s, const struct attempt *a)
{
    return (s->failures && failures_strikes(s->failures, a)) ||
           (s->pilots && pilots_cut(s->pilots, a));
}

static void admit(struct simulator *s, uint32_t attempt, const struct launch *l)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    if (s->phases && phases_has(s->phases, a->set))
        start_phases(s, attempt, l);
    else
        expect_end(s, attempt, through_middleware(s, a, l));
}

void execute_admit(struct simulator *s, uint32_t attempt, const struct launch *l)
{
    if (!is_struck(s, &s->drive.attempts.at[attempt])) {
        admit(s, attempt, l);
        return;
    }
    driver_ended(&s->drive);
    execute_lose_slots(s, attempt);
}

OUT_OF_LINE static enum start_result start(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    double now_s = s->drive.engine.now_s;
    if (is_struck(s, a)) {
        execute_lose_slots(s, attempt);
        return START_NEVER;
    }
    if (!s->instant_end) {
        struct launch launch = execute_launch(s, a);
        if (s->alone)
            alone_launch(s, attempt, &launch);
        else
            admit(s, attempt, &launch);
    } else if (s->phases && phases_has(s->phases, a->set)) {
        start_phases(s, attempt, &(struct launch){ now_s, now_s });
    } else {
        expect_end(s, attempt, at_once(s, a));
    }
    return START_STARTED;
}

enum start_result execute_start(void *simulator, uint32_t attempt)
{
    struct simulator *s = simulator;
    struct attempt *a = &s->drive.attempts.at[attempt];
    if (!s->plain)
        return start(s, attempt);
    a->started_s = s->drive.engine.now_s;
    a->stopped_s = a->started_s + executed_alone(s, a);
    driver_push(&s->drive, a->stopped_s, EVENT_FREED, attempt);
    return START_STARTED;
}
