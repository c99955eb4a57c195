/* Sessions that go on with an earlier one: tasks whose ends are known are not run again, but
 * readiness hears of these ends in their order. */
#include <math.h>
#include <stdlib.h>

#include "base/min_heap.h"
#include "base/xalloc.h"
#include "drive/driver_impl.h"

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

void submit_forget_resumed(struct driver_submission *s)
{
    struct resumed *r = s->resumed;
    s->resumed = NULL;
    if (!r)
        return;
    xfree(r->known, r->attempts, r->freed_s, r->place);
    min_heap_clear(&r->over);
    free(r);
}

void submit_take_up(struct driver *d, struct submission one)
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
    submit_hold_or_add(d, &one);
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
