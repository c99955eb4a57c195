/* drive/far_events.h - the far events of an event queue (drive/event_queue.c): unsorted, in buckets
 * of equal width in time, which leave in order, a bucket at a time, to be sorted where they go.
 *
 * A ladder queue (Tang, Goh, Thng 2005): a rung is a row of buckets; a bucket that turns out large
 * is, once its turn comes, divided into a rung of its own. What lies beyond the last bucket of the
 * first rung waits for the next division. So whatever the times, a bucket that leaves holds few,
 * unless they are at one instant. */
#ifndef DAGCAST_DRIVE_FAR_EVENTS_H
#define DAGCAST_DRIVE_FAR_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "drive/event_queue.h"

/* The time is kept as the bits of the double, which for numbers >= 0 are in the order of the
 * numbers; everything else is packed into one word, most significant first: rank (4 bits),
 * insertion (35 bits), subject (25 bits: what the queue makes of the event's 24). So the order
 * (time, rank, insertion) is that of a 128-bit integer. */
struct event_entry { uint64_t time, tag; };
enum { EVENT_SUBJECT_BITS = 25, EVENT_INSERTION_BITS = 35 };

static inline double event_entry_s(const struct event_entry *e)
{
    double time_s;
    memcpy(&time_s, &e->time, sizeof time_s);
    return time_s;
}

static inline uint32_t event_entry_subject(const struct event_entry *e)
{
    return (uint32_t)(e->tag & ((UINT64_C(1) << EVENT_SUBJECT_BITS) - 1));
}

struct event_bucket { struct event_entry *entry; size_t n, room; };
/* The event at t lies in bucket (t - base) per_width; those below `next` have left. What is behind
 * the last bucket but not behind the end lies in the last: the end of the first rung is that of its
 * events, that of the others the bucket that they divide. */
struct event_rung {
    double base_s, per_width, end_s;
    size_t n_buckets, next, room;
    struct event_bucket *buckets;
};

enum { FAR_EVENTS_RUNGS = 8 };
struct far_events {                      /* private, but for n, `soon` and its context */
    size_t n;                            /* of all */
    /* Each rung divides the last bucket that the one before it has given out. */
    struct event_rung rungs[FAR_EVENTS_RUNGS];
    size_t n_rungs;
    struct event_bucket beyond;
    event_soon_fn *soon;                 /* NULL: nobody is told */
    const void *soon_context;
};
void far_events_clear(struct far_events *f);                             /* frees */
/* empties, keeps the memory */
void far_events_reset(struct far_events *f);
/* False: it is not added, since it comes before all that are here, or may. */
bool far_events_add(struct far_events *f, struct event_entry e);
/* Adds it to those that wait for the next division; before it there must be no rungs. */
void far_events_add_beyond(struct far_events *f, struct event_entry e);
/* The first events, out of which the caller takes all before it asks again. Some must be there; if
 * few are left they are all given. */
struct event_bucket *far_events_take(struct far_events *f);
/* The first of a bucket: its entries are in the order in which they were added, or, of many, in the
 * opposite, so that room can be given back as they are taken. */
enum { EVENT_BUCKET_MANY = 1 << 16 };
struct event_entry far_events_take_last(struct event_bucket *b);

#endif
