/* Nothing runs: each task takes the time it should, and the clock is the time of the next end. With
 * it the executor's loop makes the simulator's decisions, which tests prove; and `--dry-run` shows
 * what would start where. */
#include <math.h>
#include <signal.h>

#include "base/xalloc.h"
#include "drive/event_queue.h"
#include "validation/executor/executor.h"

struct scripted_task { double launched_s, end_s; bool fails, stopped, over; };

struct executor {
    double now_s;
    /* subject: the task's id; stale where the task was stopped before */
    struct event_queue *ends;
    struct scripted_task *tasks;         /* by id */
    size_t room;
};

static struct executor *scripted_open(const struct executor_setup *setup, struct error *err)
{
    (void)setup, (void)err;
    struct executor *e = xcalloc(1, sizeof *e);
    e->ends = event_queue_new();
    return e;
}

static double scripted_now(struct executor *e)
{
    return e->now_s;
}

static int scripted_start(struct executor *e, const struct executor_task *task, struct error *err)
{
    (void)err;
    xgrow(&e->tasks, &e->room, task->id + 1, sizeof *e->tasks);
    e->tasks[task->id] = (struct scripted_task){ .launched_s = e->now_s,
                                                 .end_s = e->now_s + task->duration_s,
                                                 .fails = task->fails };
    event_queue_push(e->ends,
                     (struct event){ .time_s = e->tasks[task->id].end_s, .subject = task->id });
    return 0;
}

static struct executor_event end_of(const struct executor *e, uint32_t id)
{
    const struct scripted_task *task = &e->tasks[id];
    struct executor_event ev = { .kind = EXECUTOR_ENDED, .id = id, .launched_s = task->launched_s,
                                 .started_s = task->launched_s, .stopped_s = e->now_s };
    ev.outcome = task->stopped ? EXECUTOR_SIGNAL : task->fails ? EXECUTOR_EXIT : EXECUTOR_OK;
    ev.code = task->stopped ? SIGTERM : task->fails;
    return ev;
}

static size_t scripted_wait(struct executor *e, double until_s, struct executor_event *events,
                            size_t room)
{
    size_t n = 0;
    struct event ev;
    while (n == 0 && event_queue_next_s(e->ends) <= until_s &&
           event_queue_next_s(e->ends) < INFINITY) {
        e->now_s = event_queue_next_s(e->ends);
        while (n < room && event_queue_pop_at(e->ends, e->now_s, &ev)) {
            struct scripted_task *task = &e->tasks[ev.subject];
            if (task->over || task->end_s != ev.time_s)
                continue;
            task->over = true;
            events[n++] = end_of(e, ev.subject);
        }
    }
    if (n == 0 && until_s < INFINITY)
        e->now_s = fmax(e->now_s, until_s);
    return n;
}

static void scripted_stop(struct executor *e, uint32_t id, bool force)
{
    (void)force;
    struct scripted_task *task = &e->tasks[id];
    if (task->over || task->stopped)
        return;
    task->stopped = true;
    task->end_s = e->now_s;
    event_queue_push(e->ends, (struct event){ .time_s = e->now_s, .subject = id });
}

static void scripted_close(struct executor *e)
{
    event_queue_free(e->ends);
    xfree(e->tasks, e);
}

const struct executor_ops executor_scripted = {
    .name = "scripted", .summary = "nothing runs, tasks take the time they should, without a clock",
    .open = scripted_open, .now = scripted_now, .start = scripted_start, .wait = scripted_wait,
    .stop = scripted_stop,
    .close = scripted_close,
};
