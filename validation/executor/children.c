#include "validation/executor/children.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <uv.h>

#include "base/now.h"
#include "base/xalloc.h"
#include "validation/executor/child_spawn.h"
#include "validation/executor/executor.h"

struct child {
    struct children *owner;
    uint32_t id;
    pid_t pid;
    int pidfd;
    double spawned_s;
    uv_poll_t watch;                     /* first to be closed, then the child is forgotten */
    struct child *next, **link;          /* among the running */
};

struct children {
    double offset_s;                     /* run's time = monotonic time + this */
    uv_loop_t loop;
    uv_timer_t timer;
    uv_signal_t interrupt, terminate, hang_up;
    struct child *running;
    size_t n_running;
    struct child_event *events;          /* not yet given out */
    size_t n_events, first_event, room;
};

double children_time_of(const struct children *c, double monotonic_s)
{
    return floor((monotonic_s + c->offset_s) / EXECUTOR_TICK_S) * EXECUTOR_TICK_S;
}

double children_now(const struct children *c)
{
    return children_time_of(c, now_monotonic_s());
}

static void add_event(struct children *c, struct child_event ev)
{
    xgrow(&c->events, &c->room, c->n_events + 1, sizeof *c->events);
    c->events[c->n_events++] = ev;
}

static void on_signal(uv_signal_t *watch, int number)
{
    (void)number;
    add_event(watch->data, (struct child_event){ .interrupted = true });
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer;                         /* the loop has turned: that is all it is for */
}

static bool is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

struct children *children_new(double zero_epoch_s, struct error *err)
{
    if (child_check_files(err))
        return NULL;
    struct children *c = xcalloc(1, sizeof *c);
    int status = uv_loop_init(&c->loop);
    if (status != 0) {
        error_set(err, "cannot watch processes: %s", uv_strerror(status));
        free(c);
        return NULL;
    }
    c->offset_s = now_epoch_s() - now_monotonic_s() - zero_epoch_s;
    uv_timer_init(&c->loop, &c->timer);
    uv_signal_init(&c->loop, &c->interrupt);
    uv_signal_init(&c->loop, &c->terminate);
    uv_signal_init(&c->loop, &c->hang_up);
    c->interrupt.data = c->terminate.data = c->hang_up.data = c;
    uv_signal_start(&c->interrupt, on_signal, SIGINT);
    uv_signal_start(&c->terminate, on_signal, SIGTERM);
    if (!is_ignored(SIGHUP))             /* nohup asks that a terminal's end be none of ours */
        uv_signal_start(&c->hang_up, on_signal, SIGHUP);
    return c;
}

static void on_closed(uv_handle_t *watch)
{
    struct child *child = watch->data;
    close(child->pidfd);
    free(child);
}

/* The leader is not reaped before the rest of its group is gone, so that the group's number cannot
 * be another's. */
static int reap(const struct child *child)
{
    siginfo_t info;
    int status = 0;
    while (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        continue;
    kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static void forget(struct child *child)
{
    *child->link = child->next;
    if (child->next)
        child->next->link = child->link;
    child->owner->n_running--;
    uv_close((uv_handle_t *)&child->watch, on_closed);
}

static void on_readable(uv_poll_t *watch, int poll_status, int poll_events)
{
    (void)poll_status, (void)poll_events;
    struct child *child = watch->data;
    double seen_s = children_now(child->owner);
    add_event(child->owner, (struct child_event){ .id = child->id,
                                                  .status = reap(child),
                                                  .spawned_s = child->spawned_s,
                                                  .seen_s = seen_s });
    forget(child);
}

static bool is_no_room(int error_number)
{
    return error_number == EAGAIN || error_number == EMFILE || error_number == ENFILE ||
           error_number == ENOMEM;
}

/* Without a watch on it the child cannot be kept. */
static int abandon(struct child *child, const char *why, struct error *err)
{
    kill(-child->pid, SIGKILL);
    reap(child);
    if (child->pidfd >= 0)
        close(child->pidfd);
    free(child);
    return error_set(err, "cannot watch a process: %s", why);
}

static int watch(struct children *c, struct child *child, struct error *err)
{
    child->pidfd = pidfd_open(child->pid, 0);
    if (child->pidfd < 0)
        return abandon(child, strerror(errno), err);
    int status = uv_poll_init(&c->loop, &child->watch, child->pidfd);
    if (status != 0)
        return abandon(child, uv_strerror(status), err);
    child->watch.data = child;
    uv_poll_start(&child->watch, UV_READABLE, on_readable);
    child->next = c->running;
    child->link = &c->running;
    if (child->next)
        child->next->link = &child->next;
    c->running = child;
    c->n_running++;
    return 0;
}

int children_spawn(struct children *c, const struct child_spec *spec, struct error *err)
{
    struct child *child = xcalloc(1, sizeof *child);
    child->owner = c;
    child->id = spec->id;
    child->spawned_s = children_now(c);
    int status = child_spawn(spec, &child->pid, err);
    if (status == 0)
        return watch(c, child, err);
    free(child);
    return is_no_room(status) ? CHILDREN_NO_ROOM : -1;
}

static size_t give_out(struct children *c, struct child_event *events, size_t room)
{
    size_t n = c->n_events - c->first_event;
    n = n < room ? n : room;
    if (n > 0)
        memcpy(events, c->events + c->first_event, n * sizeof *events);
    c->first_event += n;
    if (c->first_event == c->n_events)
        c->first_event = c->n_events = 0;
    return n;
}

size_t children_wait(struct children *c, double until_s, struct child_event *events, size_t room)
{
    uv_run(&c->loop, UV_RUN_NOWAIT);
    for (double left_s; c->n_events == 0 && (left_s = until_s - children_now(c)) > 0;) {
        if (left_s < INFINITY) {
            uv_update_time(&c->loop);
            uv_timer_start(&c->timer, on_timer, (uint64_t)fmin(ceil(left_s * 1e3), 1e9), 0);
        }
        uv_run(&c->loop, UV_RUN_ONCE);
        uv_timer_stop(&c->timer);
    }
    return give_out(c, events, room);
}

void children_signal(struct children *c, uint32_t id, int signal_number)
{
    for (struct child *child = c->running; child; child = child->next)
        if (child->id == id)
            kill(-child->pid, signal_number);
}

size_t children_count(const struct children *c)
{
    return c->n_running + c->n_events - c->first_event;
}

void children_free(struct children *c)
{
    if (!c)
        return;
    for (struct child *child = c->running; child; child = child->next)
        kill(-child->pid, SIGKILL);
    while (c->running) {
        reap(c->running);
        forget(c->running);
    }
    uv_close((uv_handle_t *)&c->timer, NULL);
    uv_close((uv_handle_t *)&c->interrupt, NULL);
    uv_close((uv_handle_t *)&c->terminate, NULL);
    uv_close((uv_handle_t *)&c->hang_up, NULL);
    uv_run(&c->loop, UV_RUN_DEFAULT);
    int status = uv_loop_close(&c->loop);
    assert(status == 0);
    (void)status;
    xfree(c->events, c);
}
