#include "validation/executor/run_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum {
    EVENTS_AT_ONCE = 64,
    LAUNCHES_A_TURN = 16 /* then the tasks that have ended meanwhile get their turn */
};

void run_say(const struct run *r, const char *format, ...)
{
    char sentence[1200];
    va_list arguments;
    if (!r->plan->hooks.say)
        return;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    r->plan->hooks.say(r->plan->hooks.context, sentence);
}

void run_stop(struct run *r, const struct error *why)
{
    if (why && !r->failed) {
        r->failure = *why;
        r->failed = true;
    }
    if (r->ending)
        return;
    r->ending = r->drive.stopping = true;
    run_attempt_stop_all(r, false);
}

static void on_interrupt(struct run *r, const char *why)
{
    if (why)
        run_say(r, "%s", why);
    if (r->out.interrupted)
        run_attempt_stop_all(r, true);       /* again: at once */
    r->out.interrupted = true;
    run_stop(r, NULL);
}

static void on_node_lost(struct run *r, uint32_t node)
{
    char *name = platform_node_name(r->plan->scenario->platform, node);
    run_say(r, "node %s is lost: nothing more is started there", name);
    free(name);
    dispatch_drain_node(r->drive.dispatch, node);
    r->drive.changed = true;
}

static void handle(struct run *r, const struct executor_event *ev)
{
    switch (ev->kind) {
    case EXECUTOR_ENDED: run_attempt_ended(r, ev); break;
    case EXECUTOR_NODE_LOST: on_node_lost(r, ev->id); break;
    case EXECUTOR_INTERRUPTED: on_interrupt(r, ev->why); break;
    case EXECUTOR_TOLD: run_say(r, "%s", ev->why); break;
    }
}

static double wake_s(const struct run *r)
{
    const struct driver *d = &r->drive;
    if (driver_can_launch(d) || (d->changed && !d->stopping))
        return d->engine.now_s;
    double journal_s = r->plan->journal ? journal_sync_due_s(r->plan->journal) : INFINITY;
    return fmin(event_queue_next_s(d->engine.queue), journal_s);
}

/* All that has happened by one instant. */
static void collect(struct run *r)
{
    struct executor_event events[EVENTS_AT_ONCE];
    double *now_s = &r->drive.engine.now_s, turn_s = r->plan->hooks.turn_s;
    double turn_due_s = turn_s > 0 ? *now_s + turn_s : INFINITY;
    size_t n =
        r->plan->backend->wait(r->executor, fmin(wake_s(r), turn_due_s), events, EVENTS_AT_ONCE);
    *now_s = r->plan->backend->now(r->executor);
    r->could_write = false;
    for (;;) {
        for (size_t i = 0; i < n; i++)
            handle(r, &events[i]);
        if (n < EVENTS_AT_ONCE)
            return;
        n = r->plan->backend->wait(r->executor, *now_s, events, EVENTS_AT_ONCE);
    }
}

static void write_journal(struct run *r)
{
    struct error err;
    struct journal *j = r->plan->journal;
    if (!j || r->failed)
        return;
    double now_s = r->drive.engine.now_s;
    if (journal_write(j, now_s, &err) ||
        (journal_sync_due_s(j) <= now_s && journal_sync(j, now_s, &err)))
        run_stop(r, &err);
}

static void tell_progress(const struct run *r)
{
    if (!r->plan->hooks.turned)
        return;
    const struct driver_counts *n = &r->drive.count;
    struct run_progress p = { .now_s = r->drive.engine.now_s,
                              .n_tasks = r->drive.scenario.workflow->n_tasks,
                              .n_done = n->n_done,
                              .n_failed = n->n_failed,
                              .n_cancelled = n->n_cancelled + n->n_killed,
                              .n_running = r->drive.attempts.n_live,
                              .timeline = r->timeline };
    r->plan->hooks.turned(r->plan->hooks.context, &p);
}

static bool is_over(const struct run *r)
{
    return readiness_complete(r->drive.readiness) ||
           (r->drive.stopping && (r->drive.attempts.n_live == 0 || run_hands_on(r)));
}

/* Nothing runs, nothing is to be started, and nothing will ever happen: nodes are lost, and the
 * others cannot hold what waits. */
static bool is_stuck(const struct run *r)
{
    const struct driver *d = &r->drive;
    return !d->stopping && d->attempts.n_live == 0 && wake_s(r) == INFINITY;
}

/* One turn, up to what has happened; the driver decides on that. */
static bool turn(void *run)
{
    struct run *r = run;
    struct error err;
    write_journal(r);                    /* of the last turn */
    if (is_over(r))
        return false;
    driver_launch(&r->drive, LAUNCHES_A_TURN);
    write_journal(r);                    /* what was started, before a sleep that may be long */
    tell_progress(r);
    if (is_stuck(r)) {
        error_set(&err, "%zu tasks wait, and no node is left that can hold one of them",
                  dispatch_waiting(r->drive.dispatch));
        run_stop(r, &err);
        return false;
    }
    collect(r);
    return true;
}

static void on_event(void *run, struct event ev)
{
    run_attempt_deadline(run, ev);
}

/* It passes when something has changed, and after an idle interval if it wants that. */
static double tick(void *run, bool again)
{
    const struct run *r = run;
    double now_s = r->drive.engine.now_s;
    if (!again)
        return now_s;
    return r->plan->retry_s > 0 ? now_s + r->plan->retry_s : INFINITY;
}

static const struct world_ops real_world = {
    .wait = turn, .event = on_event, .tick = tick, .start = run_attempt_start,
    .cancel = run_attempt_cancel, .said = run_said
};

static int begin(struct run *r, struct error *err)
{
    const struct scenario *s = r->plan->scenario;
    if (driver_init(&r->drive, s, err))
        return -1;
    if (r->drive.decide && !r->drive.cancels)
        r->drive.cancels = cancels_new(s->workflow, true);
    r->drive.ops = &real_world;
    r->drive.world = r;
    r->drive.attempts.live_cap = r->plan->live_cap;
    driver_begin(&r->drive, 0, 0);
    driver_keep_records(&r->drive, true);
    driver_resume(&r->drive, r->timeline);
    r->durations = durations_new(s->workflow);
    durations_begin(r->durations, s->seed, 0);
    r->has_folder = xcalloc(s->workflow->n_sets, sizeof *r->has_folder);
    run_take_up(r);
    bool continues = r->executor != NULL;
    if (!continues && !(r->executor = r->plan->backend->open(r->plan->setup, err)))
        return -1;
    r->drive.engine.now_s = r->plan->backend->now(r->executor);
    if (r->drive.decide)
        decide_know(r->drive.decide, r->plan->known);
    driver_start(&r->drive);
    r->out.nothing_left = readiness_complete(r->drive.readiness);
    if (r->plan->journal && !r->out.nothing_left && !continues)
        run_journal_add_begin(journal_batch(r->plan->journal), r->drive.engine.now_s);
    run_tell_sets(r);
    return 0;
}

static void clear(struct run *r)
{
    if (r->executor)
        r->plan->backend->close(r->executor);
    run_attempt_clear(r);
    durations_free(r->durations);
    driver_clear(&r->drive);
}

/* After the last turn: what is left to write, and tasks that will never run have a record too. */
static void finish(struct run *r)
{
    const struct driver_counts *n = &r->drive.count;
    tell_progress(r);
    run_tell_found(r);
    write_journal(r);
    if (r->plan->journal && !r->failed &&
        journal_sync(r->plan->journal, r->drive.engine.now_s, &r->failure))
        r->failed = true;
    r->out.n_done = n->n_done;
    r->out.n_failed = n->n_failed;
    r->out.n_cancelled = n->n_cancelled + n->n_killed - n->n_stopped;
    r->out.n_stopped = n->n_stopped;
    r->out.n_retries = n->n_retries;
    r->out.complete = readiness_complete(r->drive.readiness);
    for (uint32_t next = 0;
         r->out.complete && !r->failed && driver_add_cancelled(&r->drive, r->timeline, &next);)
        ;
}

int run_workflow(const struct run_plan *plan, struct timeline *timeline, struct run_outcome *out,
                 struct error *err)
{
    struct run r = { .plan = plan, .timeline = timeline };
    int status = begin(&r, err);
    if (status == 0) {
        if (plan->interrupted && atomic_load(plan->interrupted))
            on_interrupt(&r, NULL);
        driver_run(&r.drive);
        finish(&r);
        if (r.out.decided && plan->carried)
            run_carry(&r);
        if (r.failed)
            status = error_set(err, "%s", r.failure.text);
        *out = r.out;
    }
    clear(&r);
    return status;
}
