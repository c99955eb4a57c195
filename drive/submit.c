/* From ready to the open bulk: the client's delays, then releases (submit_releases.c) or ends that
 * are known already (submit_resumed.c). */
#include "base/xalloc.h"
#include "drive/driver_impl.h"

#define NO_DUE UINT32_MAX                /* the end of the free list, which `first` links */

void submit_begin(struct driver *d, uint32_t replica, double began_s)
{
    struct driver_submission *s = &d->submission;
    s->n_due = 0;
    s->free_due = NO_DUE;
    s->began_s = began_s;
    submit_releases_begin(d, replica, began_s);
    submit_forget_resumed(s);
}

void submit_clear(struct driver *d)
{
    struct driver_submission *s = &d->submission;
    submit_releases_clear(s);
    xfree(s->group_place, s->due);
    submit_forget_resumed(s);
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
        submit_hold_or_add(d, part);
        return;
    }
    for (uint32_t t = 0; t < part->count; t++)
        submit_take_up(d, (struct submission){ .set = part->set,
                                               .first = part->first + t,
                                               .count = 1,
                                               .place = part->place });
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
