/* Attempts: their table, the launch queue, and what their end means. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "drive/driver_impl.h"

/* Its end comes soon: its record is prefetched, then its grant, then what the grant is of. */
static void expect_end(const void *driver, uint32_t id, int step)
{
    const struct driver *d = driver;
    const struct driver_attempts *a = &d->attempts;
    if (id >= a->n)
        return;
    if (step == 2) {
        PREFETCH(&a->at[id]);
        PREFETCH(&a->at[id].stopped_s);  /* it may lie across two lines */
    } else if (a->at[id].grant != POOL_NONE)
        pool_expect_release(dispatch_pool(d->dispatch), a->at[id].grant, step == 0);
}

void attempt_init(struct driver *d)
{
    event_queue_on_soon(d->engine.queue, expect_end, d);
}

void attempt_begin(struct driver *d)
{
    struct driver_attempts *a = &d->attempts;
    a->n = a->n_unused = a->n_live = 0;
    a->first = a->last = NOBODY;
    a->no_room = false;
    free(a->lost);
    a->lost = NULL;
}

void attempt_clear(struct driver *d)
{
    xfree(d->attempts.at, d->attempts.freed_s, d->attempts.next, d->attempts.unused,
          d->attempts.lost);
}

static uint32_t unused_attempt(struct driver *d)
{
    struct driver_attempts *a = &d->attempts;
    if (a->n_unused > 0)
        return a->unused[--a->n_unused];
    assert(a->n < NOBODY);
    xgrow_lines(&a->at, &a->room, a->n + 1, sizeof *a->at);
    return (uint32_t)a->n++;
}

static void forget(struct driver *d, uint32_t id)
{
    struct driver_attempts *a = &d->attempts;
    a->at[id].live = false;
    if (a->n_unused == a->unused_room)
        xgrow(&a->unused, &a->unused_room, a->n_unused + 1, sizeof *a->unused);
    a->unused[a->n_unused++] = id;
}

static bool below_cap(const struct driver *d)
{
    return d->attempts.live_cap == 0 || d->attempts.n_live < d->attempts.live_cap;
}

bool driver_can_launch(const struct driver *d)
{
    return d->attempts.first != NOBODY && !d->stopping && !d->attempts.no_room && below_cap(d);
}

/* Puts it into the launch queue, before `next`. */
OUT_OF_LINE static void note_next(struct driver_attempts *a, uint32_t id, uint32_t next)
{
    xgrow(&a->next, &a->next_room, id + 1, sizeof *a->next);
    a->next[id] = next;
}

static void launch(struct driver *d, uint32_t id)
{
    struct driver_attempts *a = &d->attempts;
    enum start_result result = d->ops->start(d->world, id);
    a->n_live += result == START_STARTED;
    if (result != START_NO_ROOM)
        return;
    a->no_room = true;
    note_next(a, id, a->first);
    a->first = id;
    if (a->next[id] == NOBODY)
        a->last = id;
}

void driver_launch(struct driver *d, size_t most)
{
    for (; most > 0 && driver_can_launch(d); most--) {
        uint32_t id = d->attempts.first;
        d->attempts.first = d->attempts.next[id];
        launch(d, id);
    }
}

static void queue_up(struct driver_attempts *a, uint32_t id)
{
    note_next(a, id, NOBODY);
    if (a->first == NOBODY)
        a->first = id;
    else
        a->next[a->last] = id;
    a->last = id;
}

RARE bool attempt_unqueue(struct driver *d, uint32_t id)
{
    struct driver_attempts *a = &d->attempts;
    uint32_t before = NOBODY, at = a->first;
    while (at != NOBODY && at != id) {
        before = at;
        at = a->next[at];
    }
    if (at == NOBODY)
        return false;
    *(before == NOBODY ? &a->first : &a->next[before]) = a->next[id];
    if (a->last == id)
        a->last = before;
    return true;
}

OUT_OF_LINE static void keep_freed(struct driver_attempts *a, uint32_t id)
{
    xgrow(&a->freed_s, &a->freed_room, id + 1, sizeof *a->freed_s);
    a->freed_s[id] = INFINITY;
}

void attempt_place(struct driver *d, const struct decision *decision)
{
    uint32_t id = unused_attempt(d);
    d->attempts.at[id] = (struct attempt){ .set = decision->set,
                                           .task = decision->task,
                                           .number = (uint8_t)decision->attempt,
                                           .grant = decision->grant,
                                           .scheduled_s = d->engine.now_s,
                                           .started_s = INFINITY,
                                           .stopped_s = INFINITY,
                                           .live = true };
    if (d->attempts.keeps_freed)
        keep_freed(&d->attempts, id);
    readiness_expect(d->readiness, decision->set);
    d->count.n_again -= decision->attempt > 0;
    if (d->cancels)
        cancels_placed(d, decision->set, decision->task);
    if (!d->ops->wait && below_cap(d))
        launch(d, id);
    else
        queue_up(&d->attempts, id);
}

void driver_return_id(struct driver *d, uint32_t id)
{
    forget(d, id);
}

static void adopt(struct driver *d, const struct driver_running *r)
{
    struct driver_attempts *a = &d->attempts;
    uint32_t task = d->scenario.workflow->sets[r->set].first_task + r->task;
    a->at[r->id] = (struct attempt){
        .set = r->set, .task = r->task, .number = (uint8_t)r->number,
        .scheduled_s = r->scheduled_s,
        .grant = dispatch_runs(d->dispatch, r->set, r->parts, r->n_parts, r->scheduled_s),
        .started_s = INFINITY, .stopped_s = INFINITY, .live = true, .cancelled = r->cancelled };
    a->n_live++;
    arrivals_add(d->records.arrivals, task, 1, r->submitted_s, r->arrived_s);
    submit_note_running(d, r);
}

void driver_adopt(struct driver *d, const struct driver_running *list, size_t n, uint32_t n_ids)
{
    for (uint32_t i = 0; i < n_ids; i++) {
        uint32_t id = unused_attempt(d);
        d->attempts.at[id] = (struct attempt){ .grant = POOL_NONE };
    }
    for (size_t i = 0; i < n; i++)
        adopt(d, &list[i]);
}

enum { MOST_ATTEMPTS = 250 };            /* after the first; a number of an attempt has 8 bits */

static uint32_t task_of(const struct driver *d, const struct attempt *a)
{
    return d->scenario.workflow->sets[a->set].first_task + a->task;
}

uint8_t attempt_lost(const struct driver *d, uint32_t task)
{
    return d->attempts.lost ? d->attempts.lost[task] : 0;
}

RARE static bool add_lost(struct driver *d, uint32_t task)
{
    if (!d->attempts.lost)
        d->attempts.lost = xcalloc(d->scenario.workflow->n_tasks, sizeof *d->attempts.lost);
    if (d->attempts.lost[task] == MOST_LOST)
        return false;
    d->attempts.lost[task]++;
    return true;
}

void driver_count_lost(struct driver *d, uint32_t task, uint8_t *attempts)
{
    *attempts += add_lost(d, task);
}

uint32_t driver_tries(const struct driver *d, const struct attempt *a)
{
    return a->number - attempt_lost(d, task_of(d, a));
}

RARE enum fate driver_lost(struct driver *d, uint32_t attempt)
{
    struct attempt a = d->attempts.at[attempt];
    if (a.cancelled)
        return driver_over(d, attempt);
    forget(d, attempt);
    d->submission.n_submitted--;
    d->count.n_lost++;
    if (a.number >= MOST_ATTEMPTS || !add_lost(d, task_of(d, &a))) {
        driver_task_over(d, a.set, a.task, true);
        return FATE_FAILED;
    }
    if (d->cancels)
        cancels_again(d, a.set, a.task, a.number + 1);
    submit_again(d, a.set, a.task, a.number + 1);
    return FATE_AGAIN;
}

/* It failed, or a decision has cancelled it. */
RARE static enum fate over_otherwise(struct driver *d, uint32_t attempt)
{
    struct attempt a = d->attempts.at[attempt];
    if (a.cancelled) {
        d->count.n_stopped++;
        ++*(a.started_s == INFINITY ? &d->count.n_cancelled : &d->count.n_killed);
        driver_task_dropped(d, a.set, a.task);
        return FATE_STOPPED;
    }
    if (a.number < MOST_ATTEMPTS &&
        (int)driver_tries(d, &a) < d->scenario.workflow->sets[a.set].traits->retries) {
        d->count.n_retries++;
        if (d->cancels)
            cancels_again(d, a.set, a.task, a.number + 1);
        submit_again(d, a.set, a.task, a.number + 1);
        return FATE_AGAIN;
    }
    driver_task_over(d, a.set, a.task, true);
    return FATE_FAILED;
}

enum fate driver_over(struct driver *d, uint32_t attempt)
{
    const struct attempt *a = &d->attempts.at[attempt];
    forget(d, attempt);
    d->submission.n_submitted--;
    if (a->fails || a->cancelled)
        return over_otherwise(d, attempt);
    driver_task_over(d, a->set, a->task, false);
    return FATE_DONE;
}

void driver_drop(struct driver *d, uint32_t attempt)
{
    assert(d->stopping);
    driver_freed(d, attempt);
    forget(d, attempt);
}
