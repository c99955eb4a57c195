/* From ready to the scheduler: the client's delays, ends that are known already, releases. */
#include <math.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/min_heap.h"
#include "base/xalloc.h"
#include "base/sort.h"
#include "core/releases.h"
#include "drive/driver_impl.h"

enum { RELEASE_BLOCK_BYTES = 1 << 16 };
#define NO_DUE UINT32_MAX                /* the end of the free list, which `first` links */

struct held {                            /* tasks ready but not yet released, soonest first */
    struct submission part;              /* of which tasks[next ...] are still held */
    uint32_t *tasks;                     /* in order of release; NULL: ascending as they are */
    size_t next;
};

enum known_end { KNOWN_NOT, KNOWN_DONE, KNOWN_FAILED, KNOWN_RUNS };
struct resumed {                         /* from an earlier run */
    uint8_t *known;                      /* of each task: enum known_end */
    uint8_t *attempts;                   /* of each task: that have failed */
    /* of each task: when its last attempt ended; NULL: not known */
    double *freed_s;
    double *place;                       /* of each task, among all ends; NULL: not known */
    /* tasks that are ready and whose end is known: readiness is to hear of it, in the order in
     * which they ended; without `place`, of the last that is ready first */
    struct min_heap over;
    double as_of_s;                      /* of the end that is heard now; NAN: none is */
};

static void forget_held(struct driver_submission *s)
{
    for (size_t h = 0; h < s->n_held; h++)
        free(s->held[h].tasks);
    s->n_held = 0;
}

static void prepare_release(struct driver *d, size_t i, uint32_t replica, double began_s)
{
    const struct task_set *set = &d->scenario.workflow->sets[i];
    if (set->release.kind == RELEASE_NONE)
        return;
    if (!d->submission.release_s) {
        d->submission.releases.block_bytes = RELEASE_BLOCK_BYTES;
        d->submission.release_s =
            xcalloc(d->scenario.workflow->n_sets, sizeof *d->submission.release_s);
    }
    double **release_s = d->submission.release_s;
    if (!release_s[i])
        release_s[i] = arena_alloc(&d->submission.releases, set->n_tasks * sizeof **release_s);
    releases_of(set, d->scenario.seed, replica, release_s[i]);
    for (uint32_t t = 0; began_s > 0 && t < set->n_tasks; t++)
        release_s[i][t] -= began_s;
}

static void resumed_free(struct resumed *r)
{
    if (!r)
        return;
    xfree(r->known, r->attempts, r->freed_s, r->place);
    min_heap_clear(&r->over);
    free(r);
}

void submit_begin(struct driver *d, uint32_t replica, double began_s)
{
    struct driver_submission *s = &d->submission;
    size_t n_sets = d->scenario.workflow->n_sets;
    s->n_due = 0;
    s->free_due = NO_DUE;
    s->began_s = began_s;
    forget_held(s);
    for (size_t i = 0; i < n_sets; i++)
        prepare_release(d, i, replica, began_s);
    resumed_free(s->resumed);
    s->resumed = NULL;
}

void submit_clear(struct driver *d)
{
    struct driver_submission *s = &d->submission;
    forget_held(s);
    arena_clear(&s->releases);
    xfree(s->release_s, s->group_place, s->due, s->held);
    resumed_free(s->resumed);
}

struct timed_task { double release_s; uint32_t task; };

SORT_BY_2(compare_timed, struct timed_task, release_s, task)

/* Indices of the part's tasks in the order of release, or NULL if they are in that order
 * already. */
static uint32_t *release_order(const double *release_s, const struct submission *part)
{
    bool sorted = true;
    for (uint32_t t = 1; t < part->count && sorted; t++)
        sorted = release_s[part->first + t - 1] <= release_s[part->first + t];
    if (sorted)
        return NULL;
    struct timed_task *timed = xcalloc(part->count, sizeof *timed);
    for (uint32_t t = 0; t < part->count; t++)
        timed[t] = (struct timed_task){ release_s[part->first + t], part->first + t };
    qsort(timed, part->count, sizeof *timed, compare_timed);
    uint32_t *tasks = xcalloc(part->count, sizeof *tasks);
    for (uint32_t t = 0; t < part->count; t++)
        tasks[t] = timed[t].task;
    free(timed);
    return tasks;
}

static uint32_t held_task(const struct held *h)
{
    return h->tasks ? h->tasks[h->next] : h->part.first + (uint32_t)h->next;
}

/* Opens what is released by now, and asks for an event for the rest. */
void submit_on_released(struct driver *d, uint32_t held)
{
    struct held *h = &d->submission.held[held];
    if (held + 2 < d->submission.n_held) /* they are mostly released in order */
        PREFETCH(d->submission.release_s[h[2].part.set]);
    const double *release_s = d->submission.release_s[h->part.set];
    for (; h->next < h->part.count && release_s[held_task(h)] <= d->engine.now_s; h->next++) {
        struct submission one = h->part;
        one.first = held_task(h);
        one.count = 1;
        bulk_add(d, &one);
    }
    if (h->next < h->part.count)
        driver_push(d, release_s[held_task(h)], EVENT_RELEASED, held);
}

static void hold_or_open(struct driver *d, const struct submission *part)
{
    struct driver_submission *s = &d->submission;
    if (!s->release_s || !s->release_s[part->set] || part->attempt > 0) {
        bulk_add(d, part);
        return;
    }
    xgrow(&s->held, &s->held_room, s->n_held + 1, sizeof *s->held);
    s->held[s->n_held++] =
        (struct held){ .part = *part, .tasks = release_order(s->release_s[part->set], part) };
    submit_on_released(d, (uint32_t)s->n_held - 1);
}

/* One task of a run that was begun before: it is over, or its next attempt follows. */
static void take_up(struct driver *d, struct submission one)
{
    struct resumed *r = d->submission.resumed;
    uint32_t task = d->scenario.workflow->sets[one.set].first_task + one.first;
    if (r->known[task] == KNOWN_DONE && d->client && d->client->resume &&
        d->client->resume(d->world, one.set, one.first))
        return;
    if (r->known[task] == KNOWN_RUNS) {
        d->submission.n_submitted++;
        return;
    }
    if (r->known[task] != KNOWN_NOT) {
        double key = r->place ? r->place[task] : -(double)r->over.n;
        min_heap_push(&r->over, (struct heap_item){ key, task });
        return;
    }
    bulk_note(d, &one, STEP_DUE);        /* those that are over keep their instants */
    one.attempt = r->attempts[task];
    if (d->cancels && one.attempt > 0)
        cancels_again(d, one.set, one.first, one.attempt);
    d->count.n_again += one.attempt > 0;
    hold_or_open(d, &one);
}

static void due(struct driver *d, const struct submission *part)
{
    if (!d->decide || !decide_holds(d, part))
        submit_open(d, part);
}

void submit_open(struct driver *d, const struct submission *part)
{
    if (!d->submission.resumed) {
        bulk_note(d, part, STEP_DUE);
        hold_or_open(d, part);
        return;
    }
    for (uint32_t t = 0; t < part->count; t++)
        take_up(d,
                (struct submission){
                    .set = part->set, .first = part->first + t, .count = 1, .place = part->place });
}

static double delay_of(const struct driver *d, const struct ready_run *runs, size_t i,
                       double delay_s)
{
    bool same = i > 0 && runs[i].group == runs[i - 1].group && runs[i].cause == runs[i - 1].cause;
    if (!d->client || same || (runs[i].cause == SUBMIT_START && i > 0))
        return delay_s;                  /* one draw a group; at the start, one a session */
    return d->client->delay(d->world, &runs[i]);
}

static uint32_t keep_due(struct driver_submission *s, const struct submission *part)
{
    uint32_t at = s->free_due;
    if (at == NO_DUE) {
        xgrow(&s->due, &s->due_room, s->n_due + 1, sizeof *s->due);
        at = (uint32_t)s->n_due++;
    } else {
        s->free_due = s->due[at].first;
    }
    s->due[at] = *part;
    return at;
}

void submit_ready(struct driver *d, const struct ready_run *runs, size_t n)
{
    struct driver_submission *s = &d->submission;
    double delay_s = 0;
    for (size_t i = 0; i < n; i++) {
        struct submission part = { .set = runs[i].set,
                                   .first = runs[i].first,
                                   .count = runs[i].count,
                                   .place = submit_place(d, runs[i].group, runs[i].set) };
        delay_s = delay_of(d, runs, i, delay_s);
        double until_due_s = d->decide ? delay_s + decide_lag(d->decide, part.set, d->engine.now_s)
                                       : delay_s;
        if (until_due_s <= 0) {
            due(d, &part);
            continue;
        }
        driver_push(d, d->engine.now_s + until_due_s, EVENT_DUE, keep_due(s, &part));
    }
}

void submit_on_due(struct driver *d, uint32_t index)
{
    struct driver_submission *s = &d->submission;
    struct submission part = s->due[index];
    s->due[index].first = s->free_due;
    s->free_due = index;
    due(d, &part);
}

void submit_again(struct driver *d, uint32_t set, uint32_t task, uint32_t attempt)
{
    int group = readiness_group_of_set(d->readiness, (int)set);
    struct submission part = { .set = set, .first = task, .count = 1, .attempt = attempt,
                               .place = submit_place(d, group, set) };
    d->count.n_again++;
    bulk_note(d, &part, STEP_DUE);
    bulk_add(d, &part);
}

static struct resumed *resumed_new(const struct workflow *w)
{
    struct resumed *r = xcalloc(1, sizeof *r);
    r->known = xcalloc(w->n_tasks, sizeof *r->known);
    r->attempts = xcalloc(w->n_tasks, sizeof *r->attempts);
    r->as_of_s = NAN;
    return r;
}

void driver_resume_ends(struct driver *d, const bool *done, const uint8_t *failed,
                        const double *known_s)
{
    const struct workflow *w = d->scenario.workflow;
    struct resumed *r = d->submission.resumed = resumed_new(w);
    if (d->decide && known_s) {
        r->freed_s = xmemdup(known_s, w->n_tasks * sizeof *known_s);
        r->place = xmemdup(known_s, w->n_tasks * sizeof *known_s);
        r->as_of_s = -d->submission.began_s;             /* what is ready at the start */
    }
    for (size_t s = 0; s < w->n_sets; s++)
        for (uint32_t t = 0; t < w->sets[s].n_tasks; t++) {
            uint32_t task = w->sets[s].first_task + t;
            r->attempts[task] = failed[task];
            r->known[task] = done[task]                           ? KNOWN_DONE
                             : failed[task] > w->sets[s].traits->retries ? KNOWN_FAILED
                                                                 : KNOWN_NOT;
            if (r->known[task] != KNOWN_NOT)
                record_exists(d, task);
        }
}

/* Ends are known by when they were, and in which order. */
static struct resumed *resumed_in_order(struct driver *d)
{
    const struct workflow *w = d->scenario.workflow;
    struct resumed *r = resumed_new(w);
    r->freed_s = xcalloc(w->n_tasks, sizeof *r->freed_s);
    r->place = xcalloc(w->n_tasks, sizeof *r->place);
    return d->submission.resumed = r;
}

void submit_note_running(struct driver *d, const struct driver_running *running)
{
    struct resumed *r = d->submission.resumed;
    uint32_t task = d->scenario.workflow->sets[running->set].first_task + running->task;
    if (!r)
        r = resumed_in_order(d);
    r->known[task] = KNOWN_RUNS;
    if (d->cancels)
        cancels_again(d, running->set, running->task, running->number);
    if (d->cancels)
        cancels_placed(d, running->set, running->task);
}

void driver_resume(struct driver *d, const struct timeline *t)
{
    const struct workflow *w = d->scenario.workflow;
    if (t->n == 0)
        return;
    struct resumed *r = resumed_in_order(d);
    for (size_t i = 0; i < t->n; i++) {
        uint32_t task = t->records[i].task;
        r->freed_s[task] = t->records[i].freed_s;
        r->place[task] = (double)i;
        record_exists(d, task);
        if (t->status[i] == TASK_DONE)
            r->known[task] = KNOWN_DONE;
        else if (t->status[i] == TASK_KILLED)
            driver_count_lost(d, task, &r->attempts[task]);
        else if ((int)(++r->attempts[task] - attempt_lost(d, task)) >
                 w->sets[workflow_set_of_task(w, task)].traits->retries)
            r->known[task] = KNOWN_FAILED;
    }
}

/* Each known end may make others ready whose ends are known too. */
void submit_settle_known(struct driver *d)
{
    struct resumed *r = d->submission.resumed;
    while (r->over.n > 0) {
        uint32_t task = (uint32_t)min_heap_pop(&r->over).value,
                 set = (uint32_t)workflow_set_of_task(d->scenario.workflow, task);
        r->as_of_s = r->freed_s ? r->freed_s[task] : NAN;
        driver_task_over(d, set, task - d->scenario.workflow->sets[set].first_task,
                         r->known[task] == KNOWN_FAILED);
    }
    r->as_of_s = NAN;
}

double submit_since_start_s(const struct driver *d)
{
    return submit_as_of_s(d) + d->submission.began_s;
}

double submit_as_of_s(const struct driver *d)
{
    const struct resumed *r = d->submission.resumed;
    return r && !isnan(r->as_of_s) ? r->as_of_s : d->engine.now_s;
}

bool submit_knows_end(const struct driver *d, uint32_t set, uint32_t task)
{
    const struct resumed *r = d->submission.resumed;
    if (!r)
        return false;
    uint8_t known = r->known[d->scenario.workflow->sets[set].first_task + task];
    return known == KNOWN_DONE || known == KNOWN_FAILED;
}
