#include "drive/far_events.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum {
    PER_BUCKET = 24, MOST_BUCKETS = 1 << 8,
    /* above so many a bucket is divided; of no more the first division is not worth while */
    MOST_PER_BUCKET = 8 * PER_BUCKET, FEW = 4096,
};

static void clear_bucket(struct event_bucket *b)
{
    free(b->entry);
    *b = (struct event_bucket){ 0 };
}

void far_events_clear(struct far_events *f)
{
    for (struct event_rung *r = f->rungs; r < f->rungs + FAR_EVENTS_RUNGS; r++) {
        for (size_t b = 0; b < r->room; b++)
            clear_bucket(&r->buckets[b]);
        free(r->buckets);
        *r = (struct event_rung){ 0 };
    }
    clear_bucket(&f->beyond);
    f->n = f->n_rungs = 0;
}

void far_events_reset(struct far_events *f)
{
    for (struct event_rung *r = f->rungs; r < f->rungs + FAR_EVENTS_RUNGS; r++)
        for (size_t b = 0; b < r->room; b++)
            r->buckets[b].n = 0;
    f->n = f->n_rungs = f->beyond.n = 0;
}

static inline void bucket_add(struct event_bucket *b, struct event_entry e)
{
    if (b->n == b->room)
        xgrow(&b->entry, &b->room, b->n + 1, sizeof *b->entry);
    b->entry[b->n++] = e;
}

static void reverse(struct event_bucket *b)
{
    for (size_t i = 0; i < b->n / 2; i++) {
        struct event_entry e = b->entry[i];
        b->entry[i] = b->entry[b->n - 1 - i];
        b->entry[b->n - 1 - i] = e;
    }
}

struct event_entry far_events_take_last(struct event_bucket *b)
{
    struct event_entry last = b->entry[--b->n];
    if (b->n > 0 && b->n % EVENT_BUCKET_MANY == 0)
        b->entry = xrealloc(b->entry, b->room = b->n, sizeof *b->entry);
    return last;
}

bool far_events_add(struct far_events *f, struct event_entry e)
{
    double time_s = event_entry_s(&e);
    for (struct event_rung *r = f->rungs; r < f->rungs + f->n_rungs; r++) {
        double place = (time_s - r->base_s) * r->per_width;
        if (place < (double)r->next)
            continue;
        if (time_s > r->end_s) {
            far_events_add_beyond(f, e);
            return true;
        }
        size_t b = place < (double)r->n_buckets ? (size_t)place : r->n_buckets - 1;
        if (b < r->next)
            continue;
        f->n++;
        bucket_add(&r->buckets[b], e);
        return true;
    }
    return false;
}

void far_events_add_beyond(struct far_events *f, struct event_entry e)
{
    f->n++;
    bucket_add(&f->beyond, e);
}

static void make_room(struct event_rung *r, size_t n_buckets)
{
    if (n_buckets <= r->room)
        return;
    r->buckets = xrealloc(r->buckets, n_buckets, sizeof *r->buckets);
    memset(r->buckets + r->room, 0, (n_buckets - r->room) * sizeof *r->buckets);
    r->room = n_buckets;
}

/* The events of the bucket become a rung; false if they are all at one instant. */
static bool divide(struct far_events *f, struct event_bucket *b)
{
    struct event_rung *r = &f->rungs[f->n_rungs];
    double first_s = INFINITY, last_s = 0;
    for (size_t i = 0; i < b->n; i++) {
        double t = event_entry_s(&b->entry[i]);
        first_s = t < first_s ? t : first_s;
        last_s = t > last_s ? t : last_s;
    }
    size_t n_buckets = b->n / PER_BUCKET + 1 < MOST_BUCKETS ? b->n / PER_BUCKET + 1 : MOST_BUCKETS;
    double per_width = (double)n_buckets / (last_s - first_s);
    if (!(last_s > first_s) || !isfinite(per_width))
        return false;
    make_room(r, n_buckets);
    *r = (struct event_rung){ .base_s = first_s, .per_width = per_width, .n_buckets = n_buckets,
                              .end_s = f->n_rungs++ == 0 ? last_s : INFINITY,
                              .room = r->room, .buckets = r->buckets };
    reverse(b);
    while (b->n > 0) {
        struct event_entry e = far_events_take_last(b);
        double place = (event_entry_s(&e) - first_s) * per_width;
        bucket_add(&r->buckets[place < (double)n_buckets ? (size_t)place : n_buckets - 1], e);
    }
    return true;
}

/* Those of bucket `at` come now, those of the others follow; but for large ones, which are divided
 * before they do. */
static void tell_soon(const struct far_events *f, ptrdiff_t at)
{
    const struct event_rung *r = &f->rungs[f->n_rungs - 1];
    for (ptrdiff_t step = at < 0 ? -at : 0; step < EVENT_QUEUE_STEPS; step++) {
        if (at + step >= (ptrdiff_t)r->n_buckets)
            return;
        const struct event_bucket *b = &r->buckets[at + step];
        for (size_t i = 0; i < b->n && b->n <= MOST_PER_BUCKET; i++)
            f->soon(f->soon_context, event_entry_subject(&b->entry[i]), (int)step);
    }
}

/* The first buckets of a new rung are told of as if others had come before. */
static bool descend(struct far_events *f, struct event_bucket *b)
{
    if (f->n_rungs == FAR_EVENTS_RUNGS || !divide(f, b))
        return false;
    for (ptrdiff_t at = 1 - EVENT_QUEUE_STEPS; f->soon && at < 0; at++)
        tell_soon(f, at);
    return true;
}

static struct event_bucket *give(struct far_events *f, struct event_bucket *b)
{
    f->n -= b->n;
    if (f->n == 0)
        f->n_rungs = 0;
    if (b->n > EVENT_BUCKET_MANY)
        reverse(b);
    return b;
}

struct event_bucket *far_events_take(struct far_events *f)
{
    for (;;) {
        struct event_rung *r = f->n_rungs > 0 ? &f->rungs[f->n_rungs - 1] : NULL;
        if (!r) {
            if (f->n < FEW || !descend(f, &f->beyond))
                return give(f, &f->beyond);
        } else if (r->next == r->n_buckets) {
            f->n_rungs--;
        } else {
            if (f->soon)
                tell_soon(f, (ptrdiff_t)r->next);
            struct event_bucket *b = &r->buckets[r->next++];
            if (b->n > 0 && (b->n <= MOST_PER_BUCKET || !descend(f, b)))
                return give(f, b);
        }
    }
}
