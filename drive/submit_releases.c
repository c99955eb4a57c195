/* Releases: tasks that are ready before their set lets them go are held until then. */
#include <stdlib.h>

#include "base/compiler.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/releases.h"
#include "drive/driver_impl.h"

enum { RELEASE_BLOCK_BYTES = 1 << 16 };

struct held {                            /* tasks ready but not yet released, soonest first */
    struct submission part;              /* of which tasks[next ...] are still held */
    uint32_t *tasks;                     /* in order of release; NULL: ascending as they are */
    size_t next;
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

void submit_releases_begin(struct driver *d, uint32_t replica, double began_s)
{
    forget_held(&d->submission);
    for (size_t i = 0; i < d->scenario.workflow->n_sets; i++)
        prepare_release(d, i, replica, began_s);
}

void submit_releases_clear(struct driver_submission *s)
{
    forget_held(s);
    arena_clear(&s->releases);
    xfree(s->release_s, s->held);
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

void submit_hold(struct driver *d, const struct submission *part)
{
    struct driver_submission *s = &d->submission;
    xgrow(&s->held, &s->held_room, s->n_held + 1, sizeof *s->held);
    s->held[s->n_held++] =
        (struct held){ .part = *part, .tasks = release_order(s->release_s[part->set], part) };
    submit_on_released(d, (uint32_t)s->n_held - 1);
}
