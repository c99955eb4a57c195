/* Steps of a Slurm allocation: each task is an srun, which is a child of ours and is not believed:
 * whether a task ran, when and how it ended is what its ranks have recorded. Slurm's commands are
 * run by slurm_commands.h, the srun is written by slurm_step.h. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/children.h"
#include "validation/executor/executor.h"
#include "validation/executor/leftovers.h"
#include "validation/executor/slurm_allocation.h"
#include "validation/executor/slurm_commands.h"
#include "validation/executor/slurm_impl.h"
#include "validation/executor/slurm_step.h"

/* How long steps of which no srun is left may take to end: when a run is closed, and before one is
 * resumed. Slurm itself gives what it kills 30 s by default (KillWait). */
enum { CLOSE_S = 10, LEFTOVERS_S = 60 };

void slurm_free_step(struct step *s)
{
    str_free_texts(s->argv);
    str_free_texts(s->environment);
    free(s->output);
    *s = (struct step){ 0 };
}

static void drop_sentences(struct executor *e)
{
    for (size_t i = 0; i < e->n_sentences; i++)
        free(e->sentences[i]);
    e->n_sentences = 0;
}

static void slurm_close(struct executor *e)
{
    if (e->children && children_count(e->children) > 0)
        slurm_end_steps(e->setup->run_id, CLOSE_S, e->setup->environment, NULL);
    children_free(e->children);
    slurm_allocation_clear(&e->allocation);
    for (size_t i = 0; i < e->room; i++)
        slurm_free_step(&e->steps[i]);
    drop_sentences(e);
    xfree(e->sentences, e->events, e->lost, e->steps, e);
}

/* First those that would start more steps, then the steps. */
static int end_leftovers(const struct executor_setup *setup, struct error *err)
{
    size_t n;
    return leftovers_end(setup->run_id, &n, err) ||
                   slurm_end_steps(setup->run_id, LEFTOVERS_S, setup->environment, err)
               ? -1
               : 0;
}

static struct executor *slurm_open(const struct executor_setup *setup, struct error *err)
{
    struct executor *e = xcalloc(1, sizeof *e);
    e->setup = setup;
    e->queue_first = e->queue_last = NOBODY;
    if (slurm_allocation_read(&e->allocation, setup->environment, err) ||
        slurm_allocation_holds(&e->allocation, setup->platform, err) ||
        (setup->resuming && end_leftovers(setup, err)) ||
        !(e->children = children_new(setup->zero_epoch_s, err))) {
        slurm_close(e);
        return NULL;
    }
    e->lost = xcalloc(e->allocation.n, sizeof *e->lost);
    e->health_due_s = children_now(e->children);
    return e;
}

static double slurm_now(struct executor *e)
{
    return children_now(e->children);
}

void slurm_add_event(struct executor *e, struct executor_event ev, char *why)
{
    if (why) {
        xgrow(&e->sentences, &e->sentence_room, e->n_sentences + 1, sizeof *e->sentences);
        e->sentences[e->n_sentences++] = why;
        ev.why = why;
    }
    xgrow(&e->events, &e->event_room, e->n_events + 1, sizeof *e->events);
    e->events[e->n_events++] = ev;
}

int slurm_launch(struct executor *e, uint32_t id, struct error *err)
{
    struct step *s = &e->steps[id];
    char *out = str_format("%s.out", s->output), *errors = str_format("%s.err", s->output);
    struct child_spec spec = { .id = id, .argv = s->argv, .environment = s->environment, .out = out,
                               .err = errors };
    slurm_step_forget_records(s->output, s->ranks);
    int status = children_spawn(e->children, &spec, err);
    xfree(errors, out);
    if (status == 0) {
        s->state = STEP_LIVE;
        s->launched_s = children_now(e->children);
        e->n_live++;
    }
    return status == CHILDREN_NO_ROOM ? EXECUTOR_NO_ROOM : status;
}

void slurm_enqueue(struct executor *e, uint32_t id)
{
    e->steps[id].state = STEP_QUEUED;
    if (e->queue_first == NOBODY)
        e->queue_first = id;
    else
        e->steps[e->queue_last].next = id;
    e->queue_last = id;
}

static int slurm_start(struct executor *e, const struct executor_task *task, struct error *err)
{
    size_t had = e->room;
    xgrow(&e->steps, &e->room, task->id + 1, sizeof *e->steps);
    memset(e->steps + had, 0, (e->room - had) * sizeof *e->steps);
    e->steps[task->id] = (struct step){
        .argv = slurm_step_argv(e->setup, &e->allocation, task),
        .environment = slurm_step_environment(e->setup, task),
        .output = xstrdup(task->output), .ranks = task->ranks, .next = NOBODY,
    };
    if (e->overlaps)
        slurm_step_overlap(&e->steps[task->id].environment);
    if (e->n_live >= SRUNS_AT_ONCE || e->queue_first != NOBODY) {
        slurm_enqueue(e, task->id);
        return 0;
    }
    int status = slurm_launch(e, task->id, err);
    if (status)
        slurm_free_step(&e->steps[task->id]);
    return status;
}

void slurm_never_ran(struct executor *e, uint32_t id, const char *why)
{
    slurm_add_event(e,
                    (struct executor_event){ .kind = EXECUTOR_ENDED,
                                             .id = id,
                                             .outcome = EXECUTOR_NEVER_RAN,
                                             .launched_s = NAN,
                                             .started_s = NAN,
                                             .stopped_s = NAN },
                    why ? xstrdup(why) : NULL);
}

/* While others live, the wait is for one of them; else for the machine. */
static void tell_no_room(struct executor *e, const char *why)
{
    if (e->n_live == 0 && !e->told_no_room)
        slurm_add_event(e, (struct executor_event){ .kind = EXECUTOR_TOLD },
                        str_format("%s; tasks wait until there is room", why));
    e->told_no_room = e->told_no_room || e->n_live == 0;
}

/* Without room the first one stays where it is: it is tried at each wait, so at least as often as
 * the health is asked for. */
static void launch_queued(struct executor *e)
{
    while (e->queue_first != NOBODY && e->n_live < SRUNS_AT_ONCE) {
        uint32_t id = (uint32_t)e->queue_first;
        struct error err = { "" };
        bool unwanted = e->steps[id].wanted_signal != 0;
        int status = unwanted ? 0 : slurm_launch(e, id, &err);
        if (status == EXECUTOR_NO_ROOM) {
            tell_no_room(e, err.text);
            return;
        }
        e->told_no_room = false;
        e->queue_first = e->steps[id].next;
        if (unwanted || status) {
            slurm_free_step(&e->steps[id]);
            slurm_never_ran(e, id, unwanted ? NULL : err.text);
        }
    }
}

/* Marks, for slurm_wait() to send all at once: a question to Slurm for each would take seconds. */
static void slurm_stop(struct executor *e, uint32_t id, bool force)
{
    if (id >= e->room || e->steps[id].state == STEP_NONE)
        return;
    e->steps[id].wanted_signal = force ? SIGKILL : SIGTERM;
    e->signals_wanted = true;
}

/* To the steps of `found` whose tasks want this signal; they want it no more. */
static void signal_steps(struct executor *e, const struct slurm_steps *found, int number,
                         const char *name)
{
    const char **ids = xcalloc(found->n + 1, sizeof *ids);
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++)
        if (found->steps[i].task < e->room &&
            e->steps[found->steps[i].task].wanted_signal == number)
            ids[n++] = found->steps[i].id;
    if (n > 0 && slurm_cancel(ids, n, name, e->setup->environment, NULL) == 0)
        for (size_t i = 0; i < found->n; i++)
            if (found->steps[i].task < e->room &&
                e->steps[found->steps[i].task].wanted_signal == number)
                e->steps[found->steps[i].task].wanted_signal = 0;
    free(ids);
}

/* An srun that has no step yet waits for one, or is about to end: it gets the signal itself. */
static void send_signals(struct executor *e)
{
    struct slurm_steps found;
    if (!e->signals_wanted)
        return;
    e->signals_wanted = false;
    if (slurm_steps_of_run(e->setup->run_id, e->setup->environment, &found, NULL) == 0) {
        signal_steps(e, &found, SIGTERM, "TERM");
        signal_steps(e, &found, SIGKILL, "KILL");
    }
    slurm_steps_clear(&found);
    for (size_t id = 0; id < e->room; id++) {
        struct step *s = &e->steps[id];
        if (s->state == STEP_LIVE && s->wanted_signal)
            children_signal(e->children, (uint32_t)id, s->wanted_signal);
        if (s->state == STEP_LIVE)
            s->wanted_signal = 0;
    }
}

static size_t give_out(struct executor *e, struct executor_event *events, size_t room)
{
    size_t n = e->n_events - e->first_event;
    n = n < room ? n : room;
    memcpy(events, e->events + e->first_event, n * sizeof *events);
    e->first_event += n;
    if (e->first_event == e->n_events)
        e->first_event = e->n_events = 0;
    return n;
}

static size_t slurm_wait(struct executor *e, double until_s, struct executor_event *events,
                         size_t room)
{
    struct child_event children[SLURM_EVENTS_AT_ONCE];
    if (e->n_events == 0)
        drop_sentences(e);
    do {
        send_signals(e);
        launch_queued(e);
        if (children_now(e->children) >= e->health_due_s)
            slurm_check_health(e);
        double soonest_s = e->n_events > 0 ? 0 : fmin(until_s, e->health_due_s);
        slurm_take_ends(e, children,
                        children_wait(e->children, soonest_s, children, SLURM_EVENTS_AT_ONCE));
    } while (e->n_events == 0 && children_now(e->children) < until_s);
    return give_out(e, events, room);
}

const struct executor_ops executor_slurm = {
    .name = "slurm", .summary = "steps of the Slurm allocation that dagcast runs in", .whole = true,
    .open = slurm_open, .now = slurm_now, .start = slurm_start, .wait = slurm_wait,
    .stop = slurm_stop, .close = slurm_close,
};
