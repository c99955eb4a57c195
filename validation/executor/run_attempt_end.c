/* The end of an attempt: its record, what it means for the task, and the sentence about it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "validation/executor/run_impl.h"

/* with less, tasks' records and output are not written */
enum { ROOM_BYTES = 1 << 16 };

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
    char *path = run_attempt_path(r, a->set, a->task, a->number, ".err");
    if (path && stat(path, &st) == 0 && st.st_size > 0)
        str_addf(text, "; see %s", path);
    free(path);
}

static void say_why(const struct run *r, const struct attempt *a, enum attempt_outcome outcome,
                    int code, const char *sentence)
{
    const struct task_set *set = run_set_of(r, a);
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
    char *path = r->told_unheard || r->drive.decide
                     ? NULL
                     : run_attempt_path(r, a->set, a->task, a->number, ".decision");
    if (path && file_exists(path)) {
        run_say(r,
                "task %u of %s has written a decision, but nothing of this workflow is decided at "
                "run time: it changes nothing; see docs/decisions.md",
                a->task, run_set_of(r, a)->name);
        r->told_unheard = true;
    }
    free(path);
}

void run_attempt_settle(struct run *r, uint32_t id, const struct executor_event *ev,
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
    run_attempt_settle(r, ev->id, ev, outcome_of(r, ev));
}
