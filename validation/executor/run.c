#include "validation/executor/run_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum { EVENTS_AT_ONCE = 64 };

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
    if (r->stopping)
        return;
    r->stopping = true;
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
    dispatch_drain_node(r->dispatch, node);
    r->changed = true;
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
    if (run_attempt_can_launch(r) || r->changed)
        return r->now_s;
    double journal_s = r->plan->journal ? journal_sync_due_s(r->plan->journal) : INFINITY;
    double soonest_s = fmin(event_queue_next_s(r->deadlines), journal_s);
    if (!r->stopping)
        soonest_s = fmin(soonest_s, fmin(event_queue_next_s(r->releases), r->retry_due_s));
    return soonest_s;
}

/* All that has happened by one instant. */
static void collect(struct run *r)
{
    struct executor_event events[EVENTS_AT_ONCE];
    double turn_s = r->plan->hooks.turn_s, turn_due_s = turn_s > 0 ? r->now_s + turn_s : INFINITY;
    size_t n = r->plan->backend->wait(r->executor, fmin(wake_s(r), turn_due_s), events, EVENTS_AT_ONCE);
    r->now_s = r->plan->backend->now(r->executor);
    r->could_write = false;
    for (;;) {
        for (size_t i = 0; i < n; i++)
            handle(r, &events[i]);
        if (n < EVENTS_AT_ONCE)
            return;
        n = r->plan->backend->wait(r->executor, r->now_s, events, EVENTS_AT_ONCE);
    }
}

static void pass(struct run *r)
{
    size_t n;
    bool retry;
    const struct decision *decisions = dispatch_pass(r->dispatch, r->now_s, &n, &retry);
    r->changed = false;
    r->retry_due_s = retry && r->plan->retry_s > 0 ? r->now_s + r->plan->retry_s : INFINITY;
    for (size_t i = 0; i < n; i++)
        run_attempt_new(r, &decisions[i]);
}

static void decide(struct run *r)
{
    if (r->stopping)
        return;
    run_submit_due(r);
    run_submit_deliver(r);
    if (r->changed || r->retry_due_s <= r->now_s)
        pass(r);
}

static void write_journal(struct run *r)
{
    struct error err;
    struct journal *j = r->plan->journal;
    if (!j || r->failed)
        return;
    if (journal_write(j, r->now_s, &err) || (journal_sync_due_s(j) <= r->now_s && journal_sync(j, r->now_s, &err)))
        run_stop(r, &err);
}

static void tell_progress(const struct run *r)
{
    if (!r->plan->hooks.turned)
        return;
    struct run_progress p = { .now_s = r->now_s, .n_tasks = r->workflow->n_tasks, .n_done = r->out.n_done,
                              .n_failed = r->out.n_failed, .n_cancelled = r->out.n_cancelled, .n_running = r->n_live,
                              .timeline = r->timeline };
    r->plan->hooks.turned(r->plan->hooks.context, &p);
}

/* Nothing runs, nothing is to be started, and nothing will ever happen: nodes are lost, and the others cannot hold what waits. */
static bool is_stuck(const struct run *r)
{
    return !r->stopping && r->n_live == 0 && r->launch_first == NOBODY && !r->changed && wake_s(r) == INFINITY;
}

static void loop(struct run *r)
{
    while (!readiness_complete(r->readiness) && !(r->stopping && r->n_live == 0)) {
        run_attempt_launch(r);
        write_journal(r);                    /* what was started, before a sleep that may be long */
        tell_progress(r);
        if (is_stuck(r)) {
            struct error err;
            error_set(&err, "%zu tasks wait, and no node is left that can hold one of them", dispatch_waiting(r->dispatch));
            run_stop(r, &err);
            continue;
        }
        collect(r);
        run_attempt_deadlines(r);
        decide(r);
        write_journal(r);
    }
}

/* Tasks that will never run have a record too. */
static void record_cancelled(struct run *r)
{
    bool *ended = xcalloc(r->workflow->n_tasks, sizeof *ended);
    for (size_t i = 0; i < r->timeline->n; i++)
        ended[r->timeline->records[i].task] = true;
    for (uint32_t task = 0; task < r->workflow->n_tasks; task++) {
        struct timeline_record t = { .task = task, .submitted_s = NAN, .arrived_s = NAN, .scheduled_s = NAN, .started_s = NAN,
                                     .stopped_s = NAN, .freed_s = NAN, .notified_s = NAN };
        if (!ended[task])
            timeline_add(r->timeline, &t, TASK_CANCELLED, 0);
    }
    free(ended);
}

static int begin(struct run *r, struct error *err)
{
    const struct scenario *s = r->plan->scenario;
    const struct workflow *w = s->workflow;
    if (!(r->dispatch = dispatch_new(w, s->platform, &s->scheduler, err)))
        return -1;
    r->readiness = readiness_new(w, s->mode);
    readiness_on_failure(r->readiness, s->middleware->on_failure);
    r->durations = durations_new(w);
    durations_begin(r->durations, s->seed, 0);
    dispatch_reset(r->dispatch, s->seed, 0);
    r->demands = xcalloc(w->n_sets, sizeof *r->demands);
    for (size_t i = 0; i < w->n_sets; i++)
        r->demands[i] = platform_slots(s->platform, &w->sets[i].demand);
    r->has_folder = xcalloc(w->n_sets, sizeof *r->has_folder);
    r->deadlines = event_queue_new();
    run_submit_prepare(r);
    if (!(r->executor = r->plan->backend->open(r->plan->setup, err)))
        return -1;
    r->now_s = r->plan->backend->now(r->executor);
    size_t n;
    const struct ready_run *runs = readiness_start(r->readiness, &n);
    run_submit_runs(r, runs, n);
    decide(r);
    r->out.nothing_left = readiness_complete(r->readiness);
    if (r->plan->journal && !r->out.nothing_left)
        run_journal_add_begin(journal_batch(r->plan->journal), r->now_s);
    return 0;
}

static void clear(struct run *r)
{
    if (!r->dispatch)
        return;
    if (r->executor)
        r->plan->backend->close(r->executor);
    run_submit_clear(r);
    run_attempt_clear(r);
    free(r->demands);
    durations_free(r->durations);
    readiness_free(r->readiness);
    dispatch_free(r->dispatch);
}

int run_workflow(const struct run_plan *plan, struct timeline *timeline, struct run_outcome *out, struct error *err)
{
    struct run r = { .plan = plan, .workflow = plan->scenario->workflow, .timeline = timeline, .unused = NOBODY,
                     .launch_first = NOBODY, .launch_last = NOBODY, .retry_due_s = INFINITY };
    int status = begin(&r, err);
    if (status == 0) {
        if (plan->interrupted && atomic_load(plan->interrupted))
            on_interrupt(&r, NULL);
        loop(&r);
        tell_progress(&r);
        write_journal(&r);
        if (plan->journal && !r.failed && journal_sync(plan->journal, r.now_s, &r.failure))
            r.failed = true;
        r.out.complete = readiness_complete(r.readiness);
        if (r.out.complete && !r.failed)
            record_cancelled(&r);
        if (r.failed)
            status = error_set(err, "%s", r.failure.text);
        *out = r.out;
    }
    clear(&r);
    return status;
}
