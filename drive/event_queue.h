/* drive/event_queue.h - pending events in a strict total order (time, rank, insertion): the same
 * pushes replay the same run. */
#ifndef DAGCAST_DRIVE_EVENT_QUEUE_H
#define DAGCAST_DRIVE_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_queue;                      /* opaque */
struct event {
    double time_s;                       /* virtual seconds since the start, finite, >= 0 */
    /* 0 .. 15; at equal times lower goes first: ends before starts */
    uint32_t rank;
    /* what it is about, below 2^24; its meaning is the pusher's */
    uint32_t subject;
};
struct event_queue *event_queue_new(void);                       /* free with event_queue_free() */
/* NULL allowed; drops what is pending */
void event_queue_free(struct event_queue *q);
/* empties; insertion counts anew */
void event_queue_reset(struct event_queue *q);
void event_queue_push(struct event_queue *q, struct event ev);   /* O(log n) */
/* O(log n); false, *ev untouched, when empty */
bool event_queue_pop(struct event_queue *q, struct event *ev);
/* Only what is at exactly this time, before which nothing may be pending; else false. */
bool event_queue_pop_at(struct event_queue *q, double time_s, struct event *ev);
/* If more is pending than the cache holds, the queue calls `soon` EVENT_QUEUE_STEPS times for each
 * event before it pops it, first with the highest step, last with step 0. So `soon` may prefetch
 * what the event needs, one pointer further at each step. Speed only: an event that is pushed late
 * gets fewer calls, and its subject may have changed its meaning by then. */
enum { EVENT_QUEUE_STEPS = 3 };
typedef void event_soon_fn(const void *context, uint32_t subject, int step);
void event_queue_on_soon(struct event_queue *q, event_soon_fn *soon, const void *context);
/* time of what pop would give; INFINITY when empty */
double event_queue_next_s(const struct event_queue *q);
size_t event_queue_size(const struct event_queue *q);

#endif
