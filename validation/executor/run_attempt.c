/* An attempt at the backend: its files, its start and its deadline. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/run_impl.h"
#include "validation/executor/task_command.h"

static void set_deadline(struct run *r, uint32_t id, double time_s)
{
    r->handed[id].deadline_s = time_s;
    driver_push(&r->drive, time_s, EVENT_DEADLINE, id);
}

/* "FOLDER/tasks/3-simulation"; of a workflow that decides "FOLDER/tasks/simulation.2", whose
 * numbers may change. Names keep their letters, digits, dots and dashes. NULL: there is no
 * folder. */
static char *task_folder(const struct run *r, uint32_t set)
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

char *run_attempt_path(const struct run *r, uint32_t set, uint32_t task, unsigned number,
                       const char *suffix)
{
    char *folder = task_folder(r, set);
    char *path = folder ? str_format("%s/%u.%u%s", folder, task, number, suffix) : NULL;
    free(folder);
    return path;
}

static char *output_path(struct run *r, const struct attempt *a, struct error *err)
{
    char *folder = task_folder(r, a->set);
    if (!folder)
        return xstrdup("");
    r->has_folder[a->set] = r->has_folder[a->set] || file_make_dirs(folder, err) == 0;
    free(folder);
    return r->has_folder[a->set] ? run_attempt_path(r, a->set, a->task, a->number, "") : NULL;
}

static int start(struct run *r, uint32_t id, const char *output, struct error *err)
{
    const struct attempt *a = &r->drive.attempts.at[id];
    struct slot_demand d =
        platform_slots(r->drive.scenario.platform, &run_set_of(r, a)->traits->demand);
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
    double timeout_s = run_set_of(r, &r->drive.attempts.at[id])->traits->timeout_s;
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
    run_attempt_settle(r, id, &never, ATTEMPT_NEVER_RAN);
    return START_NEVER;
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
