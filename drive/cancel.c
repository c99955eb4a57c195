#include "drive/cancel.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "drive/driver_impl.h"

/* from ATTEMPT on: its number */
enum state { ARRIVED = 1, PLACED = 2, OVER = 4, DROPPED = 8, ATTEMPT = 16 };

struct cancels {
    const struct workflow *workflow;
    uint16_t *state;                      /* of each task: flags of enum state, and its attempt */
    /* in the order of arrival; tasks that were placed since are among them */
    struct submission *arrived;
    size_t n_arrived, room;
};

struct cancels *cancels_new(const struct workflow *w, bool any)
{
    if (!w->realised || (w->realised->n_cancels == 0 && !any))
        return NULL;
    struct cancels *c = xcalloc(1, sizeof *c);
    c->workflow = w;
    c->state = xcalloc(w->n_tasks + 1, sizeof *c->state);
    return c;
}

void cancels_free(struct cancels *c)
{
    if (!c)
        return;
    xfree(c->state, c->arrived, c);
}

void cancels_begin(struct cancels *c)
{
    memset(c->state, 0, c->workflow->n_tasks * sizeof *c->state);
    c->n_arrived = 0;
}

static uint16_t *state_of(const struct driver *d, uint32_t set, uint32_t task)
{
    return &d->cancels->state[d->scenario.workflow->sets[set].first_task + task];
}

void cancels_split(struct driver *d, const struct submission *part,
                   void (*take)(struct driver *d, const struct submission *part))
{
    struct submission run = *part;
    run.count = 0;
    for (uint32_t t = part->first; t < part->first + part->count; t++) {
        if (!(*state_of(d, part->set, t) & DROPPED)) {
            run.first = run.count > 0 ? run.first : t;
            run.count++;
            continue;
        }
        if (run.count > 0)
            take(d, &run);
        run.count = 0;
    }
    if (run.count > 0)
        take(d, &run);
}

void cancels_arrived(struct driver *d, const struct submission *part)
{
    struct cancels *c = d->cancels;
    for (uint32_t t = part->first; t < part->first + part->count; t++)
        *state_of(d, part->set, t) |= ARRIVED;
    xgrow(&c->arrived, &c->room, c->n_arrived + 1, sizeof *c->arrived);
    c->arrived[c->n_arrived++] = *part;
}

RARE void cancels_placed(struct driver *d, uint32_t set, uint32_t task)
{
    *state_of(d, set, task) |= PLACED;
}

RARE void cancels_again(struct driver *d, uint32_t set, uint32_t task, uint32_t attempt)
{
    *state_of(d, set, task) = (uint16_t)(ATTEMPT * attempt);
}

void cancels_over(struct driver *d, uint32_t set, uint32_t task)
{
    *state_of(d, set, task) |= OVER;
}

/* ---- the cancellation of one set ---- */

/* Its attempts that have not ended: those that wait for the launcher go at once, the world ends the
 * others. */
static void cancel_attempts(struct driver *d, uint32_t set)
{
    for (size_t i = 0; i < d->attempts.n; i++) {
        struct attempt *a = &d->attempts.at[i];
        if (!a->live || a->set != set || a->grant == POOL_NONE || a->stopped_s <= d->engine.now_s)
            continue;
        a->cancelled = true;
        if (!attempt_unqueue(d, (uint32_t)i)) {
            d->ops->cancel(d->world, (uint32_t)i);
            continue;
        }
        driver_freed(d, (uint32_t)i);
        driver_over(d, (uint32_t)i);
    }
}

/* The scheduler forgets all that waits, and hears again of what still does, in the same order. */
static void rebuild_queue(struct driver *d)
{
    struct cancels *c = d->cancels;
    struct submission *arrived = c->arrived;
    size_t n = c->n_arrived;
    c->arrived = NULL;
    c->n_arrived = c->room = 0;
    dispatch_cancel_waiting(d->dispatch);
    for (size_t i = 0; i < n; i++) {
        struct submission one = arrived[i];
        uint32_t end = one.first + one.count;
        for (uint32_t t = one.first; t < end; t++) {
            one.first = t;
            one.count = 1;
            if (*state_of(d, one.set, t) != ARRIVED + ATTEMPT * one.attempt)
                continue;
            dispatch_ready(d->dispatch, one.set, t, 1, one.attempt);
            cancels_arrived(d, &one);
        }
    }
    free(arrived);
    d->changed = true;
}

static void drop_waiting(struct driver *d, uint32_t set)
{
    struct submission one = { .set = set, .count = 1 };
    for (uint32_t t = 0; t < d->scenario.workflow->sets[set].n_tasks; t++) {
        uint16_t *state = state_of(d, set, t);
        if (*state & (PLACED | OVER | DROPPED) || readiness_is_cancelled(d->readiness, set, t) ||
            submit_knows_end(d, set, t))
            continue;
        one.first = t;
        if (*state & ARRIVED) {
            bulk_note(d, &one, STEP_DROPPED);
            d->submission.n_submitted--;
        }
        d->count.n_again -= *state >= ATTEMPT;
        *state |= DROPPED;
    }
    bulk_drop(d);
}

/* To readiness they are over: what waits for them goes on. */
static void end_dropped(struct driver *d, uint32_t set)
{
    for (uint32_t t = 0; t < d->scenario.workflow->sets[set].n_tasks; t++) {
        uint16_t *state = state_of(d, set, t);
        if ((*state & (DROPPED | OVER)) != DROPPED)
            continue;
        d->count.n_cancelled++;
        d->count.n_stopped++;
        driver_task_dropped(d, set, t);
    }
}

static void cancel_sets(struct driver *d, const struct set_cancel *cancels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        drop_waiting(d, (uint32_t)cancels[i].set);
    if (n > 0)
        rebuild_queue(d);
    for (size_t i = 0; i < n; i++) {
        cancel_attempts(d, (uint32_t)cancels[i].set);
        end_dropped(d, (uint32_t)cancels[i].set);
    }
}

void cancels_of(struct driver *d, uint32_t set)
{
    const struct realised *made = d->scenario.workflow->realised;
    size_t first, n = realised_cancels_of(made, (int)set, &first);
    if (n > 0 && !(d->ops->said && decide_said_cancels(d->decide, set)))
        cancel_sets(d, &made->cancels[first], n);
}

void cancels_of_task(struct driver *d)
{
    for (int set; (set = decide_next_cancel(d->decide)) >= 0;)
        cancel_sets(d, &(struct set_cancel){ .set = set }, 1);
}
