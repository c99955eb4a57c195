/* What an end brings: freed slots and the sums of them, and the client's news. */
#include <math.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

/* W that the attempt draws beside what its nodes do when they are idle. */
RARE static double drawn_w(const struct simulator *s, const struct attempt *a)
{
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    const struct platform *p = s->drive.scenario.platform;
    double sum = 0;
    struct grant_part part;
    for (struct grant_walk w = { a->grant, 0 }; pool_next_node(pool, &w, &part);) {
        const struct node_shape *shape = platform_node(p, part.node);
        double gpus = bits_count(part.gpus),
               cores = (double)part.n_slots * shape->cores / shape->n_slots;
        gpus *= part.gpu_share > 0 ? (double)part.gpu_share / DEMAND_WHOLE_GPU : 1;
        sum += cores * shape->power.core_w + gpus * shape->power.gpu_w;
    }
    return sum;
}

/* What the task did while it ran, up to `stopped_s`, and what it held up to `freed_s`. */
static inline void sum_up(struct simulator *s, const struct attempt *a, double stopped_s,
                          double freed_s, bool lost)
{
    struct replica *out = &s->out;
    double ran = stopped_s > a->started_s ? stopped_s - a->started_s : 0,
           held = freed_s - a->scheduled_s;
    /* the grant is at hand, what is kept of the set is often not */
    size_t demand_class = pool_grant_class(dispatch_pool(s->drive.dispatch), a->grant);
    struct occupied by = simulate_occupied_by_class(s, demand_class);
    out->busy_slot_s += ran * by.slots;
    out->busy_gpu_s += ran * by.gpus;
    out->held_slot_s += held * by.slots;
    out->held_gpu_s += held * by.gpus;
    if (lost)
        out->lost_slot_s += ran * by.slots;
}

static inline void note_run(struct simulator *s, const struct attempt *a, double stopped_s)
{
    struct replica *out = &s->out;
    out->first_start_s = a->started_s < out->first_start_s ? a->started_s : out->first_start_s;
    out->last_stop_s = stopped_s > out->last_stop_s ? stopped_s : out->last_stop_s;
    out->wait_s[WAIT_LAUNCH] += a->started_s - a->scheduled_s;
}

void execute_account(struct simulator *s, const struct attempt *a, double stopped_s, double freed_s,
                     bool lost)
{
    sum_up(s, a, stopped_s, freed_s, lost);
    if (s->has_power && stopped_s > a->started_s)
        s->out.busy_j += (stopped_s - a->started_s) * drawn_w(s, a);
    if (a->started_s <= stopped_s &&
        !s->drive.scenario.workflow->sets[a->set].traits->service.serves)
        note_run(s, a, stopped_s);
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

/* Nothing is left to be done for it at `notified_s`, now or later. */
static void notify(struct simulator *s, uint32_t attempt, double freed_s, double notified_s)
{
    s->out.wait_s[WAIT_NOTIFY] += notified_s - freed_s;
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
    notify(s, attempt, s->drive.attempts.freed_s[attempt], notified_s);
}

/* Of a cancelled attempt the end that it would have had is still in the queue. */
static bool is_stale(const struct simulator *s, uint32_t attempt)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    return s->drive.cancels && (!a->live || a->grant == POOL_NONE ||
                                s->drive.attempts.freed_s[attempt] != s->drive.engine.now_s);
}

bool execute_is_plain(const struct simulator *s)
{
    return s->instant_end && !s->failures && !s->phases && !s->pilots && !s->drive.cancels &&
           !s->sink && !s->books && !s->has_power && !s->instants &&
           s->drive.scenario.workflow->n_services == 0;
}

OUT_OF_LINE static void on_freed(struct simulator *s, uint32_t attempt)
{
    struct attempt *a = &s->drive.attempts.at[attempt];
    if (is_stale(s, attempt))
        return;
    double freed_s = s->drive.engine.now_s, notified_s = execute_notified(s, a, freed_s),
           stopped_s = earlier_of(a->stopped_s, freed_s);
    execute_account(s, a, stopped_s, freed_s, a->fails || a->cancelled);
    s->out.wait_s[WAIT_FREE] += freed_s - stopped_s;
    if (s->sink && execute_records_late(s, a))
        stream_task(s, attempt, freed_s);
    bool phases = s->phases && phases_has(s->phases, a->set);
    if (s->drive.attempts.live_cap == 0)
        driver_ended(&s->drive);
    driver_freed(&s->drive, attempt);
    if (!phases || !phases_stage_out(s->phases, attempt))
        notify(s, attempt, freed_s, notified_s);
}

void execute_on_freed(struct simulator *s, uint32_t attempt)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    if (!s->plain) {
        on_freed(s, attempt);
        return;
    }
    sum_up(s, a, a->stopped_s, a->stopped_s, a->fails);
    note_run(s, a, a->stopped_s);
    driver_ended(&s->drive);
    driver_freed(&s->drive, attempt);
    s->known_s = s->drive.engine.now_s;
    driver_over(&s->drive, attempt);
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
    s->booked_s = later_of(s->booked_s, now_s) +
                  stations_draw(s->stations, STATION_CLOSE_TASK, a->set, a->task, a->number);
    s->out.wait_s[WAIT_NOTIFY] += s->booked_s - now_s;
    driver_push(&s->drive, s->booked_s, EVENT_BOOKED, attempt);
}

void execute_on_booked(struct simulator *s, uint32_t attempt)
{
    uint32_t set = s->drive.attempts.at[attempt].set;
    s->known_s = s->drive.engine.now_s;          /* the clock never goes back */
    if (s->instants)
        execute_note_booked(s, &s->drive.attempts.at[attempt], s->known_s);
    enum fate fate = driver_over(&s->drive, attempt);
    if (s->phases && fate != FATE_AGAIN)
        phases_task_over(s->phases, set, fate == FATE_FAILED);
}

/* Of a cancelled attempt the end that it would have had is still in the queue, and may fall on that
 * of another attempt, by then, of its number. */
void execute_expect_detected(struct simulator *s, uint32_t attempt, double detected_s)
{
    if (s->drive.cancels) {
        xgrow(&s->detected_s, &s->detected_room, attempt + 1, sizeof *s->detected_s);
        s->detected_s[attempt] = detected_s;
    }
    driver_push(&s->drive, detected_s, EVENT_DETECTED, attempt);
}

void execute_on_detected(struct simulator *s, uint32_t attempt)
{
    if (s->drive.cancels) {
        if (s->detected_s[attempt] != s->drive.engine.now_s)
            return;
        s->detected_s[attempt] = NAN;    /* once */
    }
    driver_ended(&s->drive);
    driver_launch(&s->drive, 1);
}
