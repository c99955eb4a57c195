/* From ready to the scheduler, in the simulator's order: what one instant makes ready goes in as (group, set, task). */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/releases.h"
#include "validation/executor/run_impl.h"

static uint32_t number_of(const struct run *r, uint32_t set, uint32_t task)
{
    return r->workflow->sets[set].first_task + task;
}

/* What an earlier executor of this run has brought to an end. */
static void note_known(struct run *r)
{
    for (size_t i = 0; i < r->timeline->n; i++) {
        uint32_t task = r->timeline->records[i].task;
        const struct task_set *set = &r->workflow->sets[workflow_set_of_task(r->workflow, task)];
        if (r->timeline->status[i] == TASK_DONE)
            r->known[task] = KNOWN_DONE;
        else if ((int)++r->attempts[task] > set->retries)
            r->known[task] = KNOWN_FAILED;
    }
}

void run_submit_prepare(struct run *r)
{
    const struct workflow *w = r->workflow;
    r->known = xcalloc(w->n_tasks, sizeof *r->known);
    r->attempts = xcalloc(w->n_tasks, sizeof *r->attempts);
    r->submitted_s = xcalloc(w->n_tasks, sizeof *r->submitted_s);
    r->release_s = xcalloc(w->n_sets, sizeof *r->release_s);
    r->releases = event_queue_new();
    for (size_t i = 0; i < w->n_sets; i++) {
        if (w->sets[i].release.kind == RELEASE_NONE)
            continue;
        r->release_s[i] = xcalloc(w->sets[i].n_tasks, sizeof **r->release_s);
        releases_of(&w->sets[i], r->plan->scenario->seed, 0, r->release_s[i]);
    }
    note_known(r);
}

void run_submit_clear(struct run *r)
{
    for (size_t i = 0; i < r->workflow->n_sets; i++)
        free(r->release_s[i]);
    event_queue_free(r->releases);
    free(r->release_s);
    free(r->known);
    free(r->attempts);
    free(r->submitted_s);
    free(r->open);
    free(r->over);
    free(r->held);
}

static void open_add(struct run *r, uint32_t set, uint32_t task, uint32_t attempt)
{
    struct part *tail = r->n_open > 0 ? &r->open[r->n_open - 1] : NULL;
    if (tail && tail->set == set && tail->attempt == attempt && tail->first + tail->count == task) {
        tail->count++;
        return;
    }
    xgrow(&r->open, &r->open_room, r->n_open + 1, sizeof *r->open);
    r->open[r->n_open++] = (struct part){ .set = set, .first = task, .count = 1, .attempt = attempt,
                                          .group = readiness_group_of_set(r->readiness, (int)set) };
}

static void hold(struct run *r, uint32_t set, uint32_t task)
{
    xgrow(&r->held, &r->held_room, r->n_held + 1, sizeof *r->held);
    r->held[r->n_held] = (struct held){ .set = set, .task = task };
    event_queue_push(r->releases, (struct event){ .time_s = r->release_s[set][task], .subject = (uint32_t)r->n_held++ });
}

static void submit_task(struct run *r, uint32_t set, uint32_t task)
{
    uint32_t number = number_of(r, set, task);
    if (r->known[number] != KNOWN_NOT) {
        xgrow(&r->over, &r->over_room, r->n_over + 1, sizeof *r->over);
        r->over[r->n_over++] = number;
    } else if (r->attempts[number] == 0 && r->release_s[set] && r->release_s[set][task] > r->now_s) {
        hold(r, set, task);
    } else {
        open_add(r, set, task, r->attempts[number]);
    }
}

static void submit_each(struct run *r, const struct ready_run *runs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (uint32_t t = 0; t < runs[i].count; t++)
            submit_task(r, runs[i].set, runs[i].first + t);
}

static void tell_readiness(struct run *r, uint32_t set, uint32_t task, bool done)
{
    size_t n = 0, cancelled = 0;
    const struct ready_run *runs;
    if (done) {
        r->out.n_done++;
        runs = readiness_done(r->readiness, set, task, &n);
    } else {
        r->out.n_failed++;
        runs = readiness_failed(r->readiness, set, task, &cancelled, &n);
        r->out.n_cancelled += cancelled;
    }
    submit_each(r, runs, n);
}

/* Each known end may make others ready whose ends are known too. */
static void settle_known(struct run *r)
{
    while (r->n_over > 0) {
        uint32_t number = r->over[--r->n_over];
        uint32_t set = (uint32_t)workflow_set_of_task(r->workflow, number);
        tell_readiness(r, set, number - r->workflow->sets[set].first_task, r->known[number] == KNOWN_DONE);
    }
}

void run_submit_runs(struct run *r, const struct ready_run *runs, size_t n)
{
    submit_each(r, runs, n);
    settle_known(r);
}

void run_submit_task_over(struct run *r, uint32_t set, uint32_t task, bool done)
{
    tell_readiness(r, set, task, done);
    settle_known(r);
}

void run_submit_again(struct run *r, uint32_t set, uint32_t task, uint32_t attempt)
{
    r->out.n_retries++;
    open_add(r, set, task, attempt);
}

void run_submit_due(struct run *r)
{
    struct event ev;
    while (event_queue_next_s(r->releases) <= r->now_s && event_queue_pop(r->releases, &ev))
        open_add(r, r->held[ev.subject].set, r->held[ev.subject].task, 0);
}

static int compare_parts(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->attempt > y->attempt) - (x->attempt < y->attempt);
}

void run_submit_deliver(struct run *r)
{
    if (r->n_open == 0)
        return;
    qsort(r->open, r->n_open, sizeof *r->open, compare_parts);
    for (size_t i = 0; i < r->n_open; i++) {
        const struct part *p = &r->open[i];
        for (uint32_t t = 0; t < p->count; t++)
            r->submitted_s[number_of(r, p->set, p->first + t)] = r->now_s;
        dispatch_ready(r->dispatch, p->set, p->first, p->count, p->attempt);
    }
    r->n_open = 0;
    r->changed = true;
}
