/* An attempt at the backend: its start, its deadline, its end, its record, and the sentences
 * about them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/run_impl.h"
#include "validation/executor/task_command.h"

enum { ROOM_BYTES = 1 << 16 };           /* with less, tasks' records and output are not written */

static const struct task_set *set_of(const struct run *r, const struct attempt *a)
{
    return &r->drive.scenario.workflow->sets[a->set];
}

static void set_deadline(struct run *r, uint32_t id, double time_s)
{
    r->handed[id].deadline_s = time_s;
    driver_push(&r->drive, time_s, EVENT_DEADLINE, id);
}

/* Names keep their letters, digits, dots and dashes. */
char *run_task_folder(const struct run *r, uint32_t set)
{
    const char *folder = r->plan->setup->folder;
    const struct workflow *w = r->drive.scenario.workflow;
    if (!folder)
        return NULL;
    char *name = xstrdup(w->sets[set].name);
    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c))
            *c = '_';
    char *path = w->realised ? str_format("%s/tasks/%.100s", folder, name)
                             : str_format("%s/tasks/%u-%.100s", folder, set, name);
    free(name);
    return path;
}

/* "FOLDER/tasks/3-simulation/17.0" */
static char *output_path(struct run *r, const struct attempt *a, struct error *err)
{
    char *parent = run_task_folder(r, a->set), *path = NULL;
    if (!parent)
        return xstrdup("");
    if (r->has_folder[a->set] || file_make_dirs(parent, err) == 0) {
        r->has_folder[a->set] = true;
        path = str_format("%s/%u.%u", parent, a->task, a->number);
    }
    free(parent);
    return path;
}

static int start(struct run *r, uint32_t id, const char *output, struct error *err)
{
    const struct attempt *a = &r->drive.attempts.at[id];
    struct slot_demand d =
        platform_slots(r->drive.scenario.platform, &set_of(r, a)->traits->demand);
    struct grant_slots slots = grant_slots_of(dispatch_pool(r->drive.dispatch), a->grant, &d);
    struct executor_task task = { .id = id,
                                  .output = output,
                                  .n_parts = slots.n,
                                  .parts = slots.parts,
                                  .ranks = d.ranks,
                                  .slots = d.slots,
                                  .gpus = d.gpu_share > 0 ? 1 : d.gpus };
    double share;
    task.duration_s = durations_at(r->durations, (int)a->set, a->task, a->number);
    task.fails = durations_fails(r->durations, (int)a->set, a->task, a->number, &share);
    task.duration_s *= task.fails ? share : 1;
    const struct attempt_of which = { r->drive.scenario.workflow, (int)a->set, a->task, a->number };
    struct task_command command =
        task_command_of(&which, r->plan->setup, r->plan->busy, &task);
    task.argv = command.argv;
    task.environment = command.environment;
    int status = r->plan->backend->start(r->executor, &task, err);
    if (status == 0 && r->plan->hooks.started)
        r->plan->hooks.started(r->plan->hooks.context,
                               &(struct run_started){ .set = (int)a->set,
                                                      .task = a->task,
                                                      .attempt = a->number,
                                                      .time_s = r->drive.engine.now_s,
                                                      .what = &task });
    task_command_clear(&command);
    grant_slots_clear(&slots);
    return status;
}

/* Its record, in the timeline and in the journal. */
static void record(struct run *r, const struct attempt *a, const struct executor_event *ev,
                   enum attempt_outcome outcome)
{
    struct timeline_record t = driver_record(&r->drive, a, r->drive.engine.now_s);
    t.notified_s = t.freed_s;
    size_t i = driver_add_record(&r->drive, r->timeline, &t,
                                 attempt_outcome_status(outcome), a);
    timeline_set_at(r->timeline, i, INSTANT_LAUNCHED, ev->launched_s);
    run_add_phases(r, a, i);
    if (r->plan->journal)
        run_journal_add_end(journal_batch(r->plan->journal), r->timeline, i,
                            &(struct attempt_end){ .task = t.task,
                                                   .attempt = a->number,
                                                   .outcome = outcome,
                                                   .code = ev->code,
                                                   .own_times = ev->own_times });
}

/* "; see FOLDER/tasks/0-a/0.0.err", if the attempt has written there. */
static void add_where(const struct run *r, const struct attempt *a, struct str *text)
{
    struct stat st;
    char *parent = run_task_folder(r, a->set),
         *path = parent ? str_format("%s/%u.%u.err", parent, a->task, a->number) : NULL;
    if (path && stat(path, &st) == 0 && st.st_size > 0)
        str_addf(text, "; see %s", path);
    xfree(path, parent);
}

static void say_why(const struct run *r, const struct attempt *a, enum attempt_outcome outcome,
                    int code, const char *sentence)
{
    const struct task_set *set = set_of(r, a);
    struct str text = { 0 };
    switch (outcome) {
    case ATTEMPT_EXIT: str_addf(&text, "ended with exit status %d", code); break;
    case ATTEMPT_SIGNAL:
        str_addf(&text, "was killed by signal %d (%s)", code, strsignal(code));
        break;
    case ATTEMPT_TIMEOUT:
        str_addf(&text, "was ended after its timeout of %g s", set->traits->timeout_s);
        break;
    case ATTEMPT_NEVER_RAN:
        str_addf(&text, "%s", sentence ? sentence : "never ran, and its launcher does not say why");
        break;
    case ATTEMPT_NODE_LOST: str_add(&text, "was lost with its node"); break;
    case ATTEMPT_OK: case ATTEMPT_CANCELLED: case ATTEMPT_OUTCOMES: break;
    }
    if (outcome == ATTEMPT_NODE_LOST)
        run_say(r, "task %u of %s %s; it is started again", a->task, set->name, text.text);
    else if ((int)driver_tries(&r->drive, a) < set->traits->retries)
        run_say(r, "task %u of %s %s; attempt %u of %d follows", a->task, set->name, text.text,
                a->number + 2, set->traits->retries + 1);
    else {
        if (outcome != ATTEMPT_NEVER_RAN)
            add_where(r, a, &text);
        run_say(r, "task %u of %s %s", a->task, set->name, text.text);
    }
    str_clear(&text);
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

/* We have ended it, or the run's folder cannot be written any more: that is no end of the task,
 * and a resumed run starts it again. */
static bool says_nothing(struct run *r, enum attempt_outcome outcome)
{
    struct error err;
    if (outcome == ATTEMPT_OK || outcome == ATTEMPT_CANCELLED)
        return false;
    if (!r->drive.stopping && !can_write(r, &err))
        run_stop(r, &err);
    return r->drive.stopping;
}

/* A part of it lay on a node that is drained or down. */
static bool on_lost_node(const struct run *r, const struct attempt *a)
{
    const struct pool *pool = dispatch_pool(r->drive.dispatch);
    struct grant_part part;
    for (struct grant_walk w = { a->grant, 0 }; pool_next_node(pool, &w, &part);)
        if (pool_is_drained(pool, part.node))
            return true;
    return false;
}

/* A decision in a workflow that decides nothing at run time. */
static void note_unheard(struct run *r, const struct attempt *a)
{
    char *parent = r->told_unheard || r->drive.decide ? NULL : run_task_folder(r, a->set);
    char *path = parent ? str_format("%s/%u.%u.decision", parent, a->task, a->number) : NULL;
    if (path && file_exists(path)) {
        run_say(r,
                "task %u of %s has written a decision, but nothing of this workflow is decided at "
                "run time: it changes nothing; see docs/decisions.md",
                a->task, set_of(r, a)->name);
        r->told_unheard = true;
    }
    xfree(path, parent);
}

/* All that an attempt's end means. */
static void settle_end(struct run *r, uint32_t id, const struct executor_event *ev,
                       enum attempt_outcome outcome)
{
    if (says_nothing(r, outcome)) {
        driver_drop(&r->drive, id);
        return;
    }
    struct attempt *a = &r->drive.attempts.at[id];
    if (outcome != ATTEMPT_OK && outcome != ATTEMPT_TIMEOUT && outcome != ATTEMPT_CANCELLED &&
        on_lost_node(r, a))
        outcome = ATTEMPT_NODE_LOST;
    a->started_s = ev->started_s;
    a->stopped_s = ev->stopped_s;
    a->fails = outcome != ATTEMPT_OK;
    record(r, a, ev, outcome);
    if (outcome == ATTEMPT_OK)
        note_unheard(r, a);
    if (a->fails && outcome != ATTEMPT_CANCELLED)
        say_why(r, a, outcome, ev->code, ev->why);
    driver_freed(&r->drive, id);
    if (outcome == ATTEMPT_NODE_LOST)
        driver_lost(&r->drive, id);
    else if (driver_over(&r->drive, id) == FATE_FAILED && r->plan->stop_on_failure) {
        r->out.stopped = true;
        run_stop(r, NULL);
    }
}

/* The machine has no room for another process: the attempt waits for another to end. If none
 * runs, the run stops. */
static enum start_result no_room(struct run *r, uint32_t id, const struct error *why)
{
    size_t n_live = r->drive.attempts.n_live;
    if (n_live == 0) {
        run_stop(r, why);
        driver_drop(&r->drive, id);
        return START_NEVER;
    }
    if (!r->told_no_room)
        run_say(r, "%s; with %zu tasks running, the others wait for one to end", why->text, n_live);
    r->told_no_room = true;
    return START_NO_ROOM;
}

static void hand_over(struct run *r, uint32_t id)
{
    double timeout_s = set_of(r, &r->drive.attempts.at[id])->traits->timeout_s;
    xgrow(&r->handed, &r->handed_room, id + 1, sizeof *r->handed);
    while (r->n_handed <= id)
        r->handed[r->n_handed++] = (struct handed){ .live = false };
    r->handed[id] = (struct handed){ .live = true, .deadline_s = INFINITY };
    if (timeout_s > 0)
        set_deadline(r, id, r->plan->backend->now(r->executor) + timeout_s);
}

enum start_result run_attempt_start(void *run, uint32_t id)
{
    struct run *r = run;
    struct error err = { "" };
    const struct attempt *a = &r->drive.attempts.at[id];
    char *output = output_path(r, a, &err);
    int status = output ? start(r, id, output, &err) : -1;
    free(output);
    if (status == EXECUTOR_NO_ROOM)
        return no_room(r, id, &err);
    if (r->plan->journal)
        run_journal_add_start(journal_batch(r->plan->journal), (int)a->set, a->task, a->number,
                              r->drive.engine.now_s);
    if (status == 0) {
        hand_over(r, id);
        return START_STARTED;
    }
    const struct executor_event never = {
        .id = id, .launched_s = NAN, .started_s = NAN, .stopped_s = NAN, .why = err.text
    };
    settle_end(r, id, &never, ATTEMPT_NEVER_RAN);
    return START_NEVER;
}

/* A task that was done before a decision could end it is done. */
static enum attempt_outcome outcome_of(struct run *r, const struct executor_event *ev)
{
    const struct handed *h = &r->handed[ev->id];
    struct attempt *a = &r->drive.attempts.at[ev->id];
    a->cancelled = a->cancelled && ev->outcome != EXECUTOR_OK;
    if (a->cancelled)
        return ATTEMPT_CANCELLED;
    if (ev->outcome != EXECUTOR_OK && h->timed_out)
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
    if (r->handed[ev->id].stray) {
        r->handed[ev->id].stray = false;
        driver_return_id(&r->drive, ev->id);
        return;
    }
    r->handed[ev->id].live = false;
    driver_ended(&r->drive);
    settle_end(r, ev->id, ev, outcome_of(r, ev));
}

void run_attempt_deadline(struct run *r, struct event ev)
{
    struct handed *h = &r->handed[ev.subject];
    if (!h->live || h->deadline_s != ev.time_s)
        return;                          /* of an attempt that has ended, or put off */
    bool cancelled = r->drive.attempts.at[ev.subject].cancelled;
    bool asked = h->timed_out || cancelled || r->drive.stopping;
    h->timed_out = h->timed_out || !(cancelled || r->drive.stopping);
    r->plan->backend->stop(r->executor, ev.subject, asked);
    if (!asked)
        set_deadline(r, ev.subject, r->drive.engine.now_s + r->plan->grace_s);
}

void run_attempt_cancel(void *run, uint32_t id)
{
    struct run *r = run;
    r->plan->backend->stop(r->executor, id, false);
    set_deadline(r, id, r->drive.engine.now_s + r->plan->grace_s);
}

void run_attempt_stop_all(struct run *r, bool force)
{
    for (uint32_t id = 0; id < r->n_handed; id++) {
        if (!r->handed[id].live)
            continue;
        r->plan->backend->stop(r->executor, id, force);
        if (!force)
            set_deadline(r, id, r->drive.engine.now_s + r->plan->grace_s);
    }
}

void run_attempt_clear(struct run *r)
{
    xfree(r->handed, r->has_folder);
}
