/* The client's bulks: the open one collects, in the order (place, set, task), until the client
 * takes it. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "base/sort.h"
#include "drive/driver_impl.h"

void bulk_begin(struct driver *d)
{
    struct driver_submission *s = &d->submission;
    if (s->n_bulks == 0) {
        xgrow(&s->bulks, &s->bulk_room, 1, sizeof *s->bulks);
        s->bulks[s->n_bulks++] = (struct bulk){ 0 };
    }
    s->free_bulk = 0;
    for (size_t b = s->n_bulks; b-- > 1;) {
        s->bulks[b].next = s->free_bulk;
        s->free_bulk = (uint32_t)b;
    }
    s->bulks[0].n = 0;
    s->client_busy = s->unsorted = false;
    s->n_submitted = s->later.n = s->next_later = 0;
}

void bulk_clear(struct driver *d)
{
    for (size_t b = 0; b < d->submission.n_bulks; b++)
        free(d->submission.bulks[b].parts);
    xfree(d->submission.bulks, d->submission.later.parts, d->submission.kept.parts);
}

SORT_BY_4(compare_submissions, struct submission, place, set, first, attempt)

/* Into the open bulk; it is put in the order (place, set, task) when it is taken. */
static void add_part(struct driver *d, const struct submission *part)
{
    struct driver_submission *s = &d->submission;
    struct bulk *open = &s->bulks[0];
    bulk_note(d, part, STEP_READY);
    if (open->n > 0) {
        struct submission *tail = &open->parts[open->n - 1];
        if (tail->set == part->set && tail->attempt == part->attempt &&
            tail->first + tail->count == part->first && !d->scenario.task_order) {
            tail->count += part->count;
            return;
        }
        s->unsorted |= compare_submissions(tail, part) > 0;
    }
    xgrow(&open->parts, &open->room, open->n + 1, sizeof *open->parts);
    open->parts[open->n++] = *part;
}

static void add_sorted(struct driver *d, const struct submission *part)
{
    const uint32_t *order = d->scenario.task_order;
    if (!order) {
        add_part(d, part);
        return;
    }
    order += d->scenario.workflow->sets[part->set].first_task;
    for (uint32_t t = part->first; t < part->first + part->count; t++)
        add_part(d, &(struct submission){ .set = part->set,
                                          .first = t,
                                          .count = 1,
                                          .attempt = part->attempt,
                                          .place = (int)order[t] });
}

void bulk_add(struct driver *d, const struct submission *part)
{
    if (d->cancels)
        cancels_split(d, part, add_sorted);
    else
        add_sorted(d, part);
}

size_t bulk_tasks(const struct bulk *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->parts[i].count;
    return n;
}

static void to_scheduler(struct driver *d, const struct submission *part, double submitted_s)
{
    bulk_note(d, part, STEP_ARRIVED);
    dispatch_ready(d->dispatch, part->set, part->first, part->count, part->attempt);
    record_arrived(d, part, submitted_s);
    d->changed = true;
}

void driver_staged(struct driver *d, const struct submission *one, double submitted_s)
{
    to_scheduler(d, one, submitted_s);
    if (d->cancels)
        cancels_arrived(d, one);
}

/* The client's world may stage it first: then driver_staged() follows. */
static bool is_staged(struct driver *d, const struct submission *part, double submitted_s)
{
    return d->client && d->client->stage && d->client->stage(d->world, part, submitted_s);
}

/* What is staged cannot be cancelled. */
static void arrive_if_left(struct driver *d, const struct submission *part)
{
    d->submission.n_submitted += part->count;
    if (is_staged(d, part, d->submission.delivered_s))
        return;
    to_scheduler(d, part, d->submission.delivered_s);
    cancels_arrived(d, part);
}

/* Without what was cancelled on the way. */
static void deliver_left(struct driver *d, const struct bulk *b)
{
    d->submission.n_submitted -= bulk_tasks(b);
    d->submission.delivered_s = b->submitted_s;
    for (size_t i = 0; i < b->n; i++)
        cancels_split(d, &b->parts[i], arrive_if_left);
}

static void deliver(struct driver *d, const struct bulk *b)
{
    if (d->cancels) {
        deliver_left(d, b);
        return;
    }
    for (size_t i = 0; i < b->n; i++)
        if (!is_staged(d, &b->parts[i], b->submitted_s))
            to_scheduler(d, &b->parts[i], b->submitted_s);
}

/* The open bulk's parts become a bulk of their own; the open one takes its memory in exchange. */
uint32_t driver_take_bulk(struct driver *d)
{
    struct driver_submission *s = &d->submission;
    uint32_t b = s->free_bulk;
    if (b != 0) {
        s->free_bulk = s->bulks[b].next;
    } else {
        xgrow(&s->bulks, &s->bulk_room, s->n_bulks + 1, sizeof *s->bulks);
        b = (uint32_t)s->n_bulks++;
        s->bulks[b] = (struct bulk){ 0 };
    }
    struct bulk taken = s->bulks[0];
    s->bulks[0] = s->bulks[b];
    s->bulks[0].n = 0;
    s->bulks[b] = taken;
    s->client_busy = true;
    return b;
}

void driver_client_idle(struct driver *d)
{
    d->submission.client_busy = false;
}

static void append_part(struct bulk *b, const struct submission *part)
{
    xgrow(&b->parts, &b->room, b->n + 1, sizeof *b->parts);
    b->parts[b->n++] = *part;
}

/* All that is open joins those that wait; the first of them are open again, as many as the window
 * and a bulk have room for. */
static void fill_window(struct driver_submission *s)
{
    struct bulk *open = &s->bulks[0];
    size_t room = s->window > 0 ? s->window - s->n_submitted : SIZE_MAX;
    room = s->bulk_most > 0 && s->bulk_most < room ? s->bulk_most : room;
    for (size_t i = 0; i < open->n; i++)
        append_part(&s->later, &open->parts[i]);
    open->n = 0;
    while (room > 0 && s->next_later < s->later.n) {
        struct submission *next = &s->later.parts[s->next_later], part = *next;
        part.count = part.count < room ? part.count : (uint32_t)room;
        append_part(open, &part);
        room -= part.count;
        next->first += part.count;
        next->count -= part.count;
        s->next_later += next->count == 0;
    }
    if (s->next_later == s->later.n)
        s->later.n = s->next_later = 0;
}

enum { MANY_PARTS = 1 << 16 };           /* whose room is given back */

void bulk_settle(struct driver *d)
{
    struct driver_submission *s = &d->submission;
    struct bulk *open = &s->bulks[0];
    if (s->client_busy)
        return;
    if (s->unsorted)
        qsort(open->parts, open->n, sizeof *open->parts, compare_submissions);
    s->unsorted = false;
    if (s->window > 0 || s->bulk_most > 0)
        fill_window(s);
    if (open->n == 0)
        return;
    s->n_submitted += bulk_tasks(open);
    open->submitted_s = d->engine.now_s;
    if (d->client && d->client->carry(d->world, open))
        return;
    deliver(d, open);
    open->n = 0;
    if (open->room > MANY_PARTS) {
        free(open->parts);
        *open = (struct bulk){ .submitted_s = open->submitted_s };
    }
}

static void keep(struct driver *d, const struct submission *part)
{
    append_part(&d->submission.kept, part);
}

/* Parts of `b` from `first` on, without what was cancelled. */
static void drop_from(struct driver *d, struct bulk *b, size_t first)
{
    struct bulk *kept = &d->submission.kept;
    kept->n = 0;
    size_t before = 0;
    for (size_t i = first; i < b->n; i++) {
        before += b->parts[i].count;
        cancels_split(d, &b->parts[i], keep);
    }
    struct submission gone = { .count = (uint32_t)(before - bulk_tasks(kept)) };
    if (gone.count > 0)
        bulk_note(d, &gone, STEP_WITHDRAWN);
    b->n = first;
    for (size_t i = 0; i < kept->n; i++)
        append_part(b, &kept->parts[i]);
}

void bulk_drop(struct driver *d)
{
    drop_from(d, &d->submission.bulks[0], 0);
    drop_from(d, &d->submission.later, d->submission.next_later);
}

void bulk_on_arrived(struct driver *d, uint32_t bulk)
{
    struct driver_submission *s = &d->submission;
    deliver(d, &s->bulks[bulk]);
    s->bulks[bulk].next = s->free_bulk;
    s->free_bulk = bulk;
}
