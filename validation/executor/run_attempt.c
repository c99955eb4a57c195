/* From a decision to an end: the launch queue, what is started, when it must end, and what is made of its end. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/run_impl.h"
#include "validation/executor/task_command.h"

enum {
    LAUNCHES_A_TURN = 16,                /* then what has ended meanwhile gets its turn */
    ROOM_BYTES = 1 << 16                 /* with less, tasks' records and output are not written */
};

static uint32_t unused_attempt(struct run *r)
{
    uint32_t id = r->unused;
    if (id != NOBODY) {
        r->unused = r->running[id].next;
        return id;
    }
    assert(r->n_running < NOBODY);
    xgrow(&r->running, &r->running_room, r->n_running + 1, sizeof *r->running);
    return (uint32_t)r->n_running++;
}

void run_attempt_new(struct run *r, const struct decision *d)
{
    uint32_t id = unused_attempt(r);
    r->running[id] = (struct attempt){ .set = d->set, .task = d->task, .number = d->attempt, .grant = d->grant,
                                       .scheduled_s = r->now_s, .deadline_s = INFINITY, .next = NOBODY };
    r->running[id].slots = grant_slots_of(dispatch_pool(r->dispatch), d->grant, &r->demands[d->set]);
    if (r->launch_first == NOBODY)
        r->launch_first = id;
    else
        r->running[r->launch_last].next = id;
    r->launch_last = id;
}

bool run_attempt_can_launch(const struct run *r)
{
    return r->launch_first != NOBODY && !r->stopping && !r->no_room && (r->plan->live_cap == 0 || r->n_live < r->plan->live_cap);
}

static void set_deadline(struct run *r, uint32_t id, double time_s)
{
    r->running[id].deadline_s = time_s;
    event_queue_push(r->deadlines, (struct event){ .time_s = time_s, .subject = id });
}

/* "FOLDER/tasks/3-simulation/17.0"; names keep their letters, digits, dots and dashes. */
static char *output_path(struct run *r, const struct attempt *a, struct error *err)
{
    const char *folder = r->plan->setup->folder;
    if (!folder)
        return xstrdup("");
    char *name = xstrdup(r->workflow->sets[a->set].name);
    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c))
            *c = '_';
    char *parent = str_format("%s/tasks/%u-%.100s", folder, a->set, name), *path = NULL;
    if (r->has_folder[a->set] || file_make_dirs(parent, err) == 0) {
        r->has_folder[a->set] = true;
        path = str_format("%s/%u.%u", parent, a->task, a->number);
    }
    free(name);
    free(parent);
    return path;
}

static int start(struct run *r, uint32_t id, const char *output, struct error *err)
{
    const struct attempt *a = &r->running[id];
    const struct slot_demand *d = &r->demands[a->set];
    struct executor_task task = { .id = id, .output = output, .n_parts = a->slots.n, .parts = a->slots.parts, .ranks = d->ranks,
                                  .slots = d->slots, .gpus = d->gpu_share > 0 ? 1 : d->gpus };
    double share;
    task.duration_s = durations_at(r->durations, (int)a->set, a->task, a->number);
    task.fails = durations_fails(r->durations, (int)a->set, a->task, a->number, &share);
    task.duration_s *= task.fails ? share : 1;
    struct task_command command = task_command_of(r->workflow, (int)a->set, a->task, a->number, r->plan->setup, r->plan->busy, &task);
    task.argv = command.argv;
    task.environment = command.environment;
    int status = r->plan->backend->start(r->executor, &task, err);
    if (status == 0 && r->plan->hooks.started)
        r->plan->hooks.started(r->plan->hooks.context, &(struct run_started){ .set = (int)a->set, .task = a->task,
                               .attempt = a->number, .time_s = r->now_s, .what = &task });
    task_command_clear(&command);
    return status;
}

static void forget(struct run *r, uint32_t id)
{
    grant_slots_clear(&r->running[id].slots);
    r->running[id].live = false;
    r->running[id].deadline_s = INFINITY;
    r->running[id].next = r->unused;
    r->unused = id;
}

/* Its record, in the timeline and in the journal. */
static void record(struct run *r, const struct attempt *a, const struct executor_event *ev, enum attempt_outcome outcome)
{
    uint32_t number = r->workflow->sets[a->set].first_task + a->task;
    struct timeline_record t = { .task = number, .submitted_s = r->submitted_s[number], .arrived_s = r->submitted_s[number],
                                 .scheduled_s = a->scheduled_s, .started_s = ev->started_s, .stopped_s = ev->stopped_s,
                                 .freed_s = r->now_s, .notified_s = r->now_s };
    size_t i = timeline_add(r->timeline, &t, outcome == ATTEMPT_OK ? TASK_DONE : TASK_FAILED, a->number);
    grant_slots_record(&a->slots, &r->demands[a->set], r->timeline);
    if (!isnan(ev->launched_s))
        timeline_set_launched(r->timeline, i, ev->launched_s);
    if (r->plan->journal)
        run_journal_add_end(journal_batch(r->plan->journal), r->timeline, i,
                            &(struct attempt_end){ .task = number, .attempt = a->number, .outcome = outcome, .code = ev->code,
                                                   .own_times = ev->own_times });
}

static void say_why(const struct run *r, const struct attempt *a, enum attempt_outcome outcome, int code, const char *sentence)
{
    const struct task_set *set = &r->workflow->sets[a->set];
    struct str text = { 0 };
    switch (outcome) {
    case ATTEMPT_EXIT: str_addf(&text, "ended with exit status %d", code); break;
    case ATTEMPT_SIGNAL: str_addf(&text, "was killed by signal %d (%s)", code, strsignal(code)); break;
    case ATTEMPT_TIMEOUT: str_addf(&text, "was ended after its timeout of %g s", set->timeout_s); break;
    case ATTEMPT_NEVER_RAN: str_addf(&text, "%s", sentence ? sentence : "never ran, and its launcher does not say why"); break;
    case ATTEMPT_OK: case ATTEMPT_OUTCOMES: break;
    }
    if ((int)a->number < set->retries)
        run_say(r, "task %u of %s %s; attempt %u of %d follows", a->task, set->name, text.text, a->number + 2, set->retries + 1);
    else
        run_say(r, "task %u of %s %s", a->task, set->name, text.text);
    str_clear(&text);
}

/* All that an attempt's end means; `a` is gone from the running already. */
static void settle_end(struct run *r, const struct attempt *a, enum attempt_outcome outcome)
{
    const struct task_set *set = &r->workflow->sets[a->set];
    dispatch_freed(r->dispatch, a->grant);
    r->changed = true;
    if (outcome == ATTEMPT_OK) {
        run_submit_task_over(r, a->set, a->task, true);
    } else if ((int)a->number < set->retries) {
        run_submit_again(r, a->set, a->task, a->number + 1);
    } else {
        run_submit_task_over(r, a->set, a->task, false);
        if (r->plan->stop_on_failure) {
            r->out.stopped = true;
            run_stop(r, NULL);
        }
    }
}

/* Asks once a turn: what a turn finds has the same instant. */
static bool can_write(struct run *r, struct error *err)
{
    const char *folder = r->plan->setup->folder;
    if (!r->could_write && folder && file_check_room(folder, ROOM_BYTES, err))
        return false;
    r->could_write = true;
    return true;
}

/* We have ended it, or the run's folder cannot be written any more: that is no end of the task, and a resumed run starts it again. */
static bool says_nothing(struct run *r, enum attempt_outcome outcome)
{
    struct error err;
    if (outcome == ATTEMPT_OK)
        return false;
    if (!r->stopping && !can_write(r, &err))
        run_stop(r, &err);
    return r->stopping;
}

/* Its slots are free, and it never was. */
static void drop(struct run *r, uint32_t id)
{
    dispatch_freed(r->dispatch, r->running[id].grant);
    forget(r, id);
}

/* A backend that cannot start it. */
static void never_started(struct run *r, uint32_t id, const struct error *why)
{
    if (says_nothing(r, ATTEMPT_NEVER_RAN)) {
        drop(r, id);
        return;
    }
    struct attempt a = r->running[id];
    struct executor_event ev = { .id = id, .launched_s = NAN, .started_s = NAN, .stopped_s = NAN };
    record(r, &a, &ev, ATTEMPT_NEVER_RAN);
    say_why(r, &a, ATTEMPT_NEVER_RAN, 0, why->text);
    forget(r, id);
    settle_end(r, &a, ATTEMPT_NEVER_RAN);
}

/* The machine has no room for another process. While others run it waits, first in the queue, for one of them to end; else the run
 * stops. */
static void put_back(struct run *r, uint32_t id, const struct error *why)
{
    if (r->n_live == 0) {
        run_stop(r, why);
        drop(r, id);
        return;
    }
    if (!r->told_no_room)
        run_say(r, "%s; with %zu tasks running, the others wait for one to end", why->text, r->n_live);
    r->no_room = r->told_no_room = true;
    r->running[id].next = r->launch_first;
    r->launch_first = id;
    if (r->running[id].next == NOBODY)
        r->launch_last = id;
}

static void launch(struct run *r, uint32_t id)
{
    struct error err = { "" };
    struct attempt *a = &r->running[id];
    char *output = output_path(r, a, &err);
    int status = output ? start(r, id, output, &err) : -1;
    free(output);
    if (status == EXECUTOR_NO_ROOM) {
        put_back(r, id, &err);
        return;
    }
    if (r->plan->journal)
        run_journal_add_start(journal_batch(r->plan->journal), (int)a->set, a->task, a->number, r->now_s);
    if (status) {
        never_started(r, id, &err);
        return;
    }
    a->live = true;
    r->n_live++;
    double timeout_s = r->workflow->sets[a->set].timeout_s;
    if (timeout_s > 0)
        set_deadline(r, id, r->plan->backend->now(r->executor) + timeout_s);
}

void run_attempt_launch(struct run *r)
{
    for (int n = 0; n < LAUNCHES_A_TURN && run_attempt_can_launch(r); n++) {
        uint32_t id = r->launch_first;
        r->launch_first = r->running[id].next;
        launch(r, id);
    }
}

static enum attempt_outcome outcome_of(const struct attempt *a, const struct executor_event *ev)
{
    if (ev->outcome != EXECUTOR_OK && a->timed_out)
        return ATTEMPT_TIMEOUT;
    switch (ev->outcome) {
    case EXECUTOR_OK: return ATTEMPT_OK;
    case EXECUTOR_EXIT: return ATTEMPT_EXIT;
    case EXECUTOR_SIGNAL: return ATTEMPT_SIGNAL;
    case EXECUTOR_NEVER_RAN: break;
    }
    return ATTEMPT_NEVER_RAN;
}

void run_attempt_ended(struct run *r, const struct executor_event *ev)
{
    struct attempt a = r->running[ev->id];
    enum attempt_outcome outcome = outcome_of(&a, ev);
    r->n_live--;
    r->no_room = false;
    r->running[ev->id].live = false;
    if (says_nothing(r, outcome)) {
        drop(r, ev->id);
        return;
    }
    record(r, &a, ev, outcome);
    if (outcome != ATTEMPT_OK)
        say_why(r, &a, outcome, ev->code, ev->why);
    forget(r, ev->id);
    settle_end(r, &a, outcome);
}

void run_attempt_deadlines(struct run *r)
{
    struct event ev;
    while (event_queue_next_s(r->deadlines) <= r->now_s && event_queue_pop(r->deadlines, &ev)) {
        struct attempt *a = &r->running[ev.subject];
        if (!a->live || a->deadline_s != ev.time_s)
            continue;
        bool asked = a->timed_out || r->stopping;
        a->timed_out = a->timed_out || !r->stopping;
        r->plan->backend->stop(r->executor, ev.subject, asked);
        if (!asked)
            set_deadline(r, ev.subject, r->now_s + r->plan->grace_s);
    }
}

void run_attempt_stop_all(struct run *r, bool force)
{
    for (uint32_t id = 0; id < r->n_running; id++) {
        if (!r->running[id].live)
            continue;
        r->plan->backend->stop(r->executor, id, force);
        if (!force)
            set_deadline(r, id, r->now_s + r->plan->grace_s);
    }
}

void run_attempt_clear(struct run *r)
{
    for (uint32_t id = 0; id < r->n_running; id++)
        grant_slots_clear(&r->running[id].slots);
    event_queue_free(r->deadlines);
    free(r->running);
    free(r->has_folder);
}
