/* How a session begins and ends, its events, and the scheduler's passes. */
#include "drive/driver_impl.h"

#include <assert.h>
#include <math.h>

/* After so many passes in a row that place nothing while no other event is pending, none will. */
enum { MOST_IDLE_TICKS = 100000 };

int driver_init(struct driver *d, const struct scenario *s, struct error *err)
{
    if (!(d->dispatch = dispatch_new(s->workflow, s->platform, &s->scheduler, err)))
        return -1;
    d->scenario = *s;
    d->readiness = readiness_new(s->workflow, s->mode);
    readiness_on_failure(d->readiness, s->middleware->on_failure);
    d->engine.queue = event_queue_new();
    d->decide = decide_new(s->workflow);
    d->cancels = cancels_new(s->workflow, false);
    submit_init(d);
    attempt_init(d);
    return 0;
}

void driver_clear(struct driver *d)
{
    if (!d->dispatch)
        return;
    submit_clear(d);
    bulk_clear(d);
    attempt_clear(d);
    record_clear(d);
    readiness_free(d->readiness);
    decide_free(d->decide);
    cancels_free(d->cancels);
    dispatch_free(d->dispatch);
    event_queue_free(d->engine.queue);
}

void driver_begin(struct driver *d, uint32_t replica, double began_s)
{
    d->count = (struct driver_counts){ 0 };
    d->passes = (struct driver_passes){ .tick_s = INFINITY, .look_s = INFINITY,
                                        .idle_since_s = NAN };
    d->changed = d->stopping = d->stuck = d->records.kept = false;
    d->engine.now_s = 0;
    d->engine.stopped = false;
    d->engine.timer.time_s = INFINITY;
    event_queue_reset(d->engine.queue);
    readiness_reset(d->readiness);
    d->growing = d->scenario.workflow->realised ? d->scenario.workflow->realised->growing : NULL;
    dispatch_reset(d->dispatch, d->scenario.seed, replica);
    if (d->decide)
        decide_begin(d->decide, d->scenario.seed, replica);
    if (d->cancels)
        cancels_begin(d->cancels);
    submit_begin(d, replica, began_s);
    bulk_begin(d);
    attempt_begin(d);
}

/* Tasks that wait for another attempt have failed; those that never started are cancelled. */
static void on_walltime(struct driver *d)
{
    struct driver_counts *n = &d->count;
    if (readiness_complete(d->readiness))
        return;
    d->ops->stop(d->world);
    n->n_failed += n->n_again;
    size_t over = n->n_done + n->n_failed + n->n_killed;
    assert(over <= d->scenario.workflow->n_tasks);
    n->n_cancelled = d->scenario.workflow->n_tasks - over;
    d->stopping = d->engine.stopped = true;
}

void driver_give_up(struct driver *d)
{
    d->stuck = !readiness_complete(d->readiness);
    on_walltime(d);
}

/* Of an EVENT_TICK: the scheduler looks for what overtakes; 0: it polls. */
enum { TICK_LOOK = 1 };

/* Other than the one that is waited for: a later pass has put it off. */
static void on_tick(struct driver *d, const struct event *ev)
{
    double *pending_s = ev->subject == TICK_LOOK ? &d->passes.look_s : &d->passes.tick_s;
    if (ev->time_s != *pending_s)
        return;
    *pending_s = INFINITY;
    d->changed |= ev->subject == TICK_LOOK;
}

static void on_event(void *context, struct event ev)
{
    struct driver *d = context;
    d->passes.idle_ticks = ev.rank == EVENT_TICK ? d->passes.idle_ticks + 1 : 0;
    if (ev.rank != EVENT_TICK)
        d->passes.busy_s = ev.time_s;
    switch ((enum event_rank)ev.rank) {
    case EVENT_NODE:
    case EVENT_FLOW:
    case EVENT_PHASE:
    case EVENT_STOPPED:
    case EVENT_LAUNCHED:
    case EVENT_FREED:
    case EVENT_NOTIFIED:
    case EVENT_BOOKED:
    case EVENT_DETECTED:
    case EVENT_DEADLINE:
    case EVENT_BULK_LEFT: d->ops->event(d->world, ev); break;
    case EVENT_DUE: submit_on_due(d, ev.subject); break;
    case EVENT_RELEASED: submit_on_released(d, ev.subject); break;
    case EVENT_ARRIVED: bulk_on_arrived(d, ev.subject); break;
    case EVENT_TICK: on_tick(d, &ev); break;
    case EVENT_WALLTIME:
        if (ev.subject > 0)
            d->ops->event(d->world, ev);
        else
            on_walltime(d);
        break;
    }
}

static void tick_at(struct driver *d, double time_s)
{
    if (d->passes.tick_s == time_s)
        return;
    d->passes.tick_s = time_s;
    driver_push(d, time_s, EVENT_TICK, 0);
}

/* Passes that would place nothing, at the ticks since the last pass, are counted, not made. */
static void count_idle_passes(struct driver *d)
{
    if (isnan(d->passes.idle_since_s))
        return;
    double ticks = round((d->engine.now_s - d->passes.idle_since_s) / d->poll_s);
    if (ticks > 1)
        dispatch_count_idle(d->dispatch, (size_t)ticks - 1);
}

static void want_retry(struct driver *d)
{
    double again_s = d->ops->tick(d->world, true);
    if (again_s == INFINITY)
        return;
    d->passes.retry_pending = true;
    tick_at(d, again_s);
}

static void look_at(struct driver *d, double time_s)
{
    if (d->passes.look_s == time_s)
        return;
    d->passes.look_s = time_s;
    if (time_s < INFINITY)
        driver_push(d, time_s, EVENT_TICK, TICK_LOOK);
}

static inline void place(struct driver *d, const struct decision *decision)
{
    struct decision next = *decision;
    attempt_place(d, decision);
    for (uint32_t left = decision->count; left > 1; left--) {
        next.task++;
        next.grant++;
        attempt_place(d, &next);
    }
}

/* No other event is pending, and a task that can never start blocks the others: looks for what
 * may overtake it would go on for ever. A scheduler that polls stops by itself: there it is a bug.
 */
static bool ticks_in_vain(const struct driver *d)
{
    bool in_vain = !d->ops->wait && d->passes.idle_ticks >= MOST_IDLE_TICKS &&
                   event_queue_size(d->engine.queue) == 0;
    assert(!in_vain || d->scenario.scheduler.overtake_every.s > 0);
    return in_vain;
}

static void pass(struct driver *d)
{
    struct driver_passes *p = &d->passes;
    size_t n;
    bool retry;
    count_idle_passes(d);
    const struct decision *decisions = dispatch_pass(d->dispatch, d->engine.now_s, &n, &retry);
    d->changed = p->retry_pending = false;
    if (d->ops->placed && n > 0)
        d->ops->placed(d->world, decisions, n);
    for (size_t i = 0; i < n; i++)
        place(d, &decisions[i]);
    if (n > 0)
        p->idle_ticks = 0;
    if (ticks_in_vain(d)) {
        d->engine.now_s = p->busy_s;
        d->engine.stopped = true;
        return;
    }
    bool idle = retry && d->poll_s > 0 && dispatch_is_idle(d->dispatch);
    p->idle_since_s = idle ? d->engine.now_s : NAN;
    if (retry && !idle)
        want_retry(d);
    if (d->scenario.scheduler.overtake_every.s > 0)
        look_at(d, dispatch_look_s(d->dispatch));
}

/* A scheduler that polls sees what has changed at its next tick; one that does not, at once. */
static void settle(void *context)
{
    struct driver *d = context;
    if (d->stopping)
        return;
    if (d->submission.resumed)
        submit_settle_known(d);
    if (d->stopping)                     /* what is known has decided otherwise */
        return;
    if (d->submission.bulks[0].n > 0 || d->submission.later.n > 0)
        bulk_settle(d);
    if (!d->changed && !(d->passes.retry_pending && d->passes.tick_s == INFINITY))
        return;
    double pass_s = d->poll_s > 0 ? d->ops->tick(d->world, false) : d->engine.now_s;
    if (pass_s <= d->engine.now_s)
        pass(d);
    else
        tick_at(d, pass_s);
}

void driver_start(struct driver *d)
{
    size_t n;
    if (d->scenario.walltime_s > 0 && d->ops->stop)
        driver_push(d, d->scenario.walltime_s, EVENT_WALLTIME, 0);
    const struct ready_run *runs = readiness_start(d->readiness, &n);
    if (d->growing)
        driver_take_fresh(d);
    submit_ready(d, runs, n);
    readiness_taken(d->readiness);
    settle(d);
}

static bool wait(void *context)
{
    const struct driver *d = context;
    return d->ops->wait(d->world);
}

void driver_run(struct driver *d)
{
    engine_run(&d->engine, d->ops->wait ? wait : NULL, on_event, settle, d);
}
