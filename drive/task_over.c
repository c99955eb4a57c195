/* What a task's end means: tasks that it makes ready, decisions that it takes, and what these
 * cancel. */
#include "base/compiler.h"
#include "drive/driver_impl.h"

RARE void driver_take_fresh(struct driver *d)
{
    size_t n;
    const int *fresh = growing_fresh(d->growing, &n);
    for (size_t i = 0; i < n; i++) {
        decide_renew(d->decide, (uint32_t)fresh[i]);
        submit_renew(d, fresh[i]);
        d->ops->renew(d->world, (uint32_t)fresh[i]);
    }
    if (!growing_is_full(d->growing))
        return;
    d->stopping = true;
    d->engine.stopped = true;
}

struct ended { uint32_t set, task; bool done; };

/* Decisions, what is ready now, and what its set cancels. */
RARE static void go_on_decided(struct driver *d, const struct ended *e,
                               const struct ready_run *runs, size_t n)
{
    if (d->growing)
        driver_take_fresh(d);
    bool ended = d->decide && decide_over(d, e->set, e->task, e->done);
    if (d->cancels)
        cancels_over(d, e->set, e->task);
    if (n > 0)
        submit_ready(d, runs, n);
    if (d->cancels && d->ops->said)
        cancels_of_task(d);
    if (d->cancels && ended)
        cancels_of(d, e->set);
}

/* What a task's end means besides. */
static inline void go_on(struct driver *d, const struct ended *e, const struct ready_run *runs,
                         size_t n)
{
    if (d->decide || d->cancels)
        go_on_decided(d, e, runs, n);
    else if (n > 0)
        submit_ready(d, runs, n);
}

RARE static void task_failed(struct driver *d, uint32_t set, uint32_t task)
{
    size_t n = 0, cancelled = 0;
    const struct ready_run *runs = readiness_failed(d->readiness, set, task, &cancelled, &n);
    d->count.n_failed++;
    d->count.n_cancelled += cancelled;
    go_on(d, &(struct ended){ set, task, false }, runs, n);
}

void driver_task_over(struct driver *d, uint32_t set, uint32_t task, bool failed)
{
    size_t n = 0;
    if (failed) {
        task_failed(d, set, task);
        return;
    }
    const struct ready_run *runs = readiness_done(d->readiness, set, task, &n);
    d->count.n_done++;
    go_on(d, &(struct ended){ set, task, true }, runs, n);
}

void driver_known_done(struct driver *d, uint32_t set, uint32_t task)
{
    driver_task_over(d, set, task, false);
}

void driver_task_dropped(struct driver *d, uint32_t set, uint32_t task)
{
    size_t n;
    const struct ready_run *runs = readiness_dropped(d->readiness, set, task, &n);
    go_on(d, &(struct ended){ set, task, false }, runs, n);
}
