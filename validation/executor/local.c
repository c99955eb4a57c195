/* Processes of this machine: on its own cores, bound to them; or, for tasks that only sleep, on a
 * platform of any size. */
#include <hwloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/this_machine.h"
#include "validation/executor/children.h"
#include "validation/executor/executor.h"
#include "validation/executor/leftovers.h"
#include "validation/executor/task_command.h"
#include "validation/executor/task_times.h"

enum { EVENTS_AT_ONCE = 64 };

struct executor {
    const struct executor_setup *setup;
    struct children *children;
    struct own_topology own_cores;       /* only where tasks are bound: a slot is a core of it */
    hwloc_cpuset_t own;                  /* what this process itself was bound to */
    char **outputs;                      /* by id, of tasks that run */
    size_t room;
};

/* On a topology that is not this machine's (HWLOC_XMLFILE) binding would succeed and do nothing. */
static int open_topology(struct executor *e, struct error *err)
{
    int status = own_topology_open(&e->own_cores, err);
    if (status == 0 && !hwloc_topology_is_thissystem(e->own_cores.topology))
        status = error_set(
            err, "tasks cannot be bound: the topology that hwloc was given is not this machine's");
    e->own = hwloc_bitmap_alloc();
    if (status == 0 && hwloc_get_cpubind(e->own_cores.topology, e->own, HWLOC_CPUBIND_THREAD) != 0)
        status =
            error_set(err, "tasks cannot be bound: hwloc does not know where this process may run");
    return status;
}

/* What has left its process group is found as after a crash. */
static void local_close(struct executor *e)
{
    size_t n_left;
    children_free(e->children);
    leftovers_end(e->setup->run_id, &n_left, NULL);
    hwloc_bitmap_free(e->own);
    own_topology_close(&e->own_cores);
    for (size_t i = 0; i < e->room; i++)
        free(e->outputs[i]);
    xfree(e->outputs, e);
}

static struct executor *local_open(const struct executor_setup *setup, struct error *err)
{
    size_t n_left;
    if (setup->resuming && leftovers_end(setup->run_id, &n_left, err))
        return NULL;
    struct executor *e = xcalloc(1, sizeof *e);
    e->setup = setup;
    if ((setup->bind && open_topology(e, err)) ||
        !(e->children = children_new(setup->zero_epoch_s, err))) {
        local_close(e);
        return NULL;
    }
    return e;
}

static double local_now(struct executor *e)
{
    return children_now(e->children);
}

/* A child inherits where the thread that spawns it may run: no instant in which it runs elsewhere.
 */
static int bind_to(struct executor *e, const struct executor_task *task, struct error *err)
{
    hwloc_cpuset_t cores = hwloc_bitmap_alloc();
    int status = 0;
    for (size_t p = 0; p < task->n_parts; p++) {
        for (size_t i = 0; i < task->parts[p].n_slots; i++) {
            hwloc_obj_t core = hwloc_get_obj_by_type(e->own_cores.topology, HWLOC_OBJ_CORE,
                                                     task->parts[p].slots[i]);
            if (!core)
                core = hwloc_get_obj_by_type(e->own_cores.topology, HWLOC_OBJ_PU,
                                             task->parts[p].slots[i]);
            if (core)
                hwloc_bitmap_or(cores, cores, core->cpuset);
        }
    }
    if (!hwloc_bitmap_iszero(cores) &&
        hwloc_set_cpubind(e->own_cores.topology, cores, HWLOC_CPUBIND_THREAD) != 0)
        status = error_set(err, "cannot be bound to its cores");
    hwloc_bitmap_free(cores);
    return status;
}

static int spawn(struct executor *e, const struct executor_task *task, struct error *err)
{
    char *out = str_format("%s.out", task->output), *errors = str_format("%s.err", task->output);
    char *times = str_format("%s.times", task->output);
    char **environment = environment_merge(e->setup->environment, task->environment);
    if (e->setup->resuming)
        unlink(times);                   /* of the same attempt, when the executor was killed */
    struct child_spec spec = { .id = task->id, .argv = task->argv, .environment = environment,
                               .out = out, .err = errors };
    int status = children_spawn(e->children, &spec, err);
    xfree(environment, times, errors, out);
    return status;
}

static int local_start(struct executor *e, const struct executor_task *task, struct error *err)
{
    if (e->setup->bind && bind_to(e, task, err))
        return -1;
    int status = spawn(e, task, err);
    if (e->setup->bind)
        hwloc_set_cpubind(e->own_cores.topology, e->own, HWLOC_CPUBIND_THREAD);
    if (status)
        return status == CHILDREN_NO_ROOM ? EXECUTOR_NO_ROOM : -1;
    size_t had = e->room;
    xgrow(&e->outputs, &e->room, task->id + 1, sizeof *e->outputs);
    memset(e->outputs + had, 0, (e->room - had) * sizeof *e->outputs);
    e->outputs[task->id] = xstrdup(task->output);
    return 0;
}

/* What the task says of itself, within what was seen of it. */
static void take_times(struct executor *e, double seen_s, struct executor_event *ev)
{
    struct task_times own;
    char *path = str_format("%s.times", e->outputs[ev->id]);
    ev->started_s = ev->launched_s;
    ev->stopped_s = seen_s;
    if (task_times_load(path, &own)) {
        ev->own_times = true;
        ev->started_s = fmin(
            fmax(children_time_of(e->children, own.started_monotonic_s), ev->launched_s), seen_s);
        if (!isnan(own.stopped_monotonic_s))
            ev->stopped_s =
                fmin(fmax(children_time_of(e->children, own.stopped_monotonic_s), ev->started_s),
                     seen_s);
    }
    free(path);
}

static struct executor_event event_of(struct executor *e, const struct child_event *child)
{
    struct executor_event ev = { .kind = EXECUTOR_INTERRUPTED };
    if (child->interrupted)
        return ev;
    ev = (struct executor_event){ .kind = EXECUTOR_ENDED, .id = child->id,
                                  .launched_s = child->spawned_s };
    if (WIFSIGNALED(child->status)) {
        ev.outcome = EXECUTOR_SIGNAL;
        ev.code = WTERMSIG(child->status);
    } else {
        ev.code = WEXITSTATUS(child->status);
        ev.outcome = ev.code == 0 ? EXECUTOR_OK : EXECUTOR_EXIT;
    }
    take_times(e, child->seen_s, &ev);
    free(e->outputs[child->id]);
    e->outputs[child->id] = NULL;
    return ev;
}

static size_t local_wait(struct executor *e, double until_s, struct executor_event *events,
                         size_t room)
{
    struct child_event ends[EVENTS_AT_ONCE];
    size_t n =
        children_wait(e->children, until_s, ends, room < EVENTS_AT_ONCE ? room : EVENTS_AT_ONCE);
    for (size_t i = 0; i < n; i++)
        events[i] = event_of(e, &ends[i]);
    return n;
}

static void local_stop(struct executor *e, uint32_t id, bool force)
{
    children_signal(e->children, id, force ? SIGKILL : SIGTERM);
}

const struct executor_ops executor_local = {
    .name = "local",
    .summary = "processes of this machine, bound to its cores; tasks that only sleep on any "
               "platform",
    .open = local_open, .now = local_now, .start = local_start, .wait = local_wait,
    .stop = local_stop, .close = local_close,
};
