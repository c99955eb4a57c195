/* Ends before their time: lost with a node or a job, cancelled, cut at the walltime. */
#include <math.h>

#include "base/compiler.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

RARE enum fate execute_lose_slots(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    uint32_t set = a->set;
    double now_s = s->drive.engine.now_s;
    if (s->alone)
        alone_gone(s, attempt);
    if (s->pilots && pilots_cut(s->pilots, a))
        pilots_count(s->pilots, a);
    s->known_s = a->stopped_s = now_s;
    execute_account(s, a, now_s, now_s, true);
    if (s->sink)
        stream_lost(s, attempt, now_s);
    driver_freed(&s->drive, attempt);
    enum fate fate = driver_lost(&s->drive, attempt);
    if (s->phases && fate == FATE_FAILED)
        phases_task_over(s->phases, set, true);
    return fate;
}

RARE void execute_lost(struct simulator *s, uint32_t attempt)
{
    phases_lose(s->phases, attempt);
    driver_ended(&s->drive);
    execute_lose_slots(s, attempt);
    if (s->drive.attempts.live_cap > 0)
        driver_launch(&s->drive, 1);
}

/* It stops now, or never starts; what follows takes as long as after any end. */
void execute_cancel(void *simulator, uint32_t attempt)
{
    struct simulator *s = simulator;
    struct attempt *a = &s->drive.attempts.at[attempt];
    double now_s = s->drive.engine.now_s, detected_s = now_s, freed_s = now_s;
    bool started = a->started_s <= now_s;
    if (!s->instant_end) {
        double detect_s = stations_draw(s->stations, STATION_DETECT, a->set, a->task, a->number);
        double free_s = stations_draw(s->stations, STATION_FREE, a->set, a->task, a->number);
        detected_s = stations_tick(s->stations, POLL_DETECT, now_s + detect_s);
        freed_s = stations_tick(s->stations, POLL_FREE, detected_s + free_s);
    }
    a->started_s = started ? a->started_s : INFINITY;
    a->stopped_s = started ? now_s : INFINITY;
    if (s->phases && phases_has(s->phases, a->set))
        phases_cancel(s->phases, attempt);
    if (s->alone)
        alone_gone(s, attempt);
    if (freed_s < s->drive.attempts.freed_s[attempt]) {
        s->drive.attempts.freed_s[attempt] = freed_s;
        if (!s->instant_end && s->drive.attempts.live_cap > 0)
            execute_expect_detected(s, attempt, detected_s);
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
    if (s->phases)
        phases_keep_resumed(s->phases);
    for (size_t i = 0; i < s->drive.attempts.n; i++) {
        struct attempt *a = &s->drive.attempts.at[i];
        if (!a->live)
            continue;
        if (a->grant == POOL_NONE) {             /* over, but the client does not know yet */
            count->n_done += !a->fails;
            count->n_failed += a->fails;
            if (s->phases)
                phases_keep_staging(s->phases, (uint32_t)i, true);
            continue;
        }
        enum task_status status = execute_status_at(a, now);
        if (s->sink && (a->stopped_s == INFINITY || execute_records_late(s, a)))
            stream_task(s, (uint32_t)i, INFINITY);       /* the others have been already */
        if (status == TASK_CANCELLED)
            a->started_s = INFINITY;
        if (status == TASK_KILLED && s->phases && phases_has(s->phases, a->set))
            phases_keep(s->phases, (uint32_t)i);
        if (status == TASK_DONE && s->phases)
            phases_keep_staging(s->phases, (uint32_t)i, false);
        execute_account(s, a, fmin(a->stopped_s, now), now, status != TASK_DONE);
        count->n_done += status == TASK_DONE;
        count->n_failed += status == TASK_FAILED;
        count->n_killed += status == TASK_KILLED;
    }
}
