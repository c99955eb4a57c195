/* drive/event_heap.h - the heap of an event queue (drive/event_queue.c): entries of 16 bytes, each
 * in one comparison of 128 bits before another.
 *
 * Each entry has four children, which share one cache line (LaMarca and Ladner 1996): half the
 * levels of a binary heap. A hole at the root is walked to a leaf along the smallest children, and
 * only then the entry that fills it is lifted from there ("bottom-up", Wegener 1993): no comparison
 * is hard to predict. */
#ifndef DAGCAST_DRIVE_EVENT_HEAP_H
#define DAGCAST_DRIVE_EVENT_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drive/far_events.h"

/* heap[HEAP_ROOT] is the first; the children of i are 4 (i - 2) to 4 (i - 2) + 3, its parent
 * i / 4 + 2 */
enum { HEAP_ROOT = 3, HEAP_CHILDREN = 4 };
/* behind the last, so that four children can always be read */
static const struct event_entry no_entry = { UINT64_MAX, UINT64_MAX };

static inline bool event_heap_before(const struct event_entry *a, const struct event_entry *b)
{
    return (a->time < b->time) | ((a->time == b->time) & (a->tag < b->tag));
}

/* Which of the four children from `first` on is the smallest. */
static inline size_t event_heap_smallest(const struct event_entry *heap, size_t first)
{
    const struct event_entry *c = heap + first;
    uint64_t t0 = c[0].time, t1 = c[1].time, t2 = c[2].time, t3 = c[3].time;
    /* never a branch: half of them would be mispredicted */
    size_t a = t1 < t0, b = 2 + (t3 < t2);
    uint64_t time_a = t1 < t0 ? t1 : t0, time_b = t3 < t2 ? t3 : t2;
    size_t least = time_b < time_a ? b : a;
    if ((t0 == t1) | (t2 == t3) | (time_a == time_b)) {
        a = event_heap_before(&c[1], &c[0]);
        b = 2 + event_heap_before(&c[3], &c[2]);
        least = event_heap_before(&c[b], &c[a]) ? b : a;
    }
    return first + least;
}

/* Puts the entry in place of the hole at i, or above it. */
static inline void event_heap_lift(struct event_entry *heap, size_t i, struct event_entry e)
{
    for (size_t parent; i > HEAP_ROOT && event_heap_before(&e, &heap[parent = i / 4 + 2]);
         i = parent)
        heap[i] = heap[parent];
    heap[i] = e;
}

/* The hole at the root is filled; heap[end - 1] is the last entry. */
static inline void event_heap_fill(struct event_entry *heap, size_t end, struct event_entry e)
{
    size_t i = HEAP_ROOT;
    for (size_t child; (child = 4 * (i - 2)) < end; i = child) {
        child = event_heap_smallest(heap, child);
        heap[i] = heap[child];
    }
    event_heap_lift(heap, i, e);
}

#endif
