#include "drive/event_queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "drive/event_heap.h"
#include "drive/event_runs.h"
#include "drive/far_events.h"

/* Near events lie in a heap (drive/event_heap.h).
 *
 * Polls and constants make many ends fall on one instant. Events of one time and rank that are
 * pushed one after the other, but for those of other ranks, are a run: an entry whose subject is
 * RUN and the list of theirs (drive/event_runs.h). Nothing can come between them, for what is
 * pushed later goes behind. The first of them is an entry of its own: when it came nobody knew.
 *
 * Popping leaves a hole at the root. If a push comes next, as it mostly does, it fills the hole;
 * else the last entry does.
 *
 * A heap that outgrows the cache pays a miss a level. From NEAR_LIMIT entries on, far events lie
 * unsorted in buckets (drive/far_events.h); when the heap runs empty the next bucket becomes the
 * heap. The order of the events is the same either way. */
enum { NEAR_LIMIT = 8192, MOST_MORE = 1 << 16, RANKS = 16 };
static const uint32_t RUN = UINT32_C(1) << (EVENT_SUBJECT_BITS - 1);     /* above all subjects */

struct event_queue {
    /* heap[HEAP_ROOT] is the first, heap[end - 1] the last */
    struct event_entry *heap;
    /* HEAP_ROOT: the heap is empty, and then there are no events at all */
    size_t end, room, allocated;         /* from end to room: `no_entry` */
    /* heap[HEAP_ROOT] was popped and is not filled again; others are there */
    bool hole;
    /* above this many entries the far events are put into buckets */
    size_t limit;
    uint64_t pushed;
    struct event_runs runs;
    size_t n_behind;                     /* in runs, behind the first of each */
    /* the last push of each rank: when, and if it is in a run, its link there */
    struct tail { uint64_t time; uint32_t link; } tail[RANKS];
    event_soon_fn *soon;                 /* NULL: nothing is prefetched */
    const void *soon_context;
    struct far_events far;               /* behind all of the heap */
};

static inline uint64_t bits_of(double time_s)
{
    uint64_t bits;
    time_s += 0.0;                               /* -0 is 0 */
    memcpy(&bits, &time_s, sizeof bits);
    return bits;
}

/* Room for more entries in the heap, and nobody in what is new. */
OUT_OF_LINE static void grow(struct event_queue *q)
{
    size_t i = q->room;
    q->room += i < MOST_MORE ? i + 64 : MOST_MORE;
    xgrow_lines(&q->heap, &q->allocated, q->room, sizeof *q->heap);
    for (; i < q->room; i++)
        q->heap[i] = no_entry;
}

static void reset_runs(struct event_queue *q)
{
    event_runs_reset(&q->runs);
    q->n_behind = 0;
    for (size_t r = 0; r < RANKS; r++)
        q->tail[r] = (struct tail){ no_entry.time, EVENT_RUNS_NONE };
}

struct event_queue *event_queue_new(void)
{
    struct event_queue *q = xcalloc(1, sizeof *q);
    grow(q);
    q->end = HEAP_ROOT;
    q->limit = NEAR_LIMIT;
    reset_runs(q);
    return q;
}

void event_queue_free(struct event_queue *q)
{
    if (!q)
        return;
    far_events_clear(&q->far);
    free(q->runs.at);
    free(q->heap);
    free(q);
}

void event_queue_reset(struct event_queue *q)
{
    far_events_reset(&q->far);
    for (size_t i = HEAP_ROOT; i < q->end; i++)
        q->heap[i] = no_entry;
    q->end = HEAP_ROOT;
    q->hole = false;
    q->limit = NEAR_LIMIT;
    q->pushed = 0;
    reset_runs(q);
}

/* The hole at the root is filled. */
static inline void fill(struct event_queue *q, struct event_entry e)
{
    event_heap_fill(q->heap, q->end, e);
    q->hole = false;
}

static void fill_with_last(struct event_queue *q)
{
    struct event_entry last = q->heap[--q->end];
    q->heap[q->end] = no_entry;
    fill(q, last);
}

static inline void near_push(struct event_queue *q, struct event_entry e)
{
    if (q->hole) {
        fill(q, e);
        return;
    }
    if (q->end + HEAP_CHILDREN > q->room)        /* up to three more are read behind the last */
        grow(q);
    event_heap_lift(q->heap, q->end++, e);
}

/* The heap is empty and far events are not: the first of those become the heap. */
OUT_OF_LINE static void refill(struct event_queue *q)
{
    struct event_bucket *b = far_events_take(&q->far);
    for (bool many = b->n > EVENT_BUCKET_MANY; many && b->n > 0;)
        near_push(q, far_events_take_last(b));
    for (size_t i = 0; i < b->n; i++)
        near_push(q, b->entry[i]);
    b->n = 0;
    if (q->far.n == 0)
        q->limit = q->end > NEAR_LIMIT / 2 ? 2 * q->end : NEAR_LIMIT;
}

/* The heap has grown past the limit: all are far, but for the first of them. */
OUT_OF_LINE static void spread(struct event_queue *q)
{
    for (size_t i = HEAP_ROOT; i < q->end; i++) {
        far_events_add_beyond(&q->far, q->heap[i]);
        q->heap[i] = no_entry;
    }
    q->end = HEAP_ROOT;
    refill(q);
}

OUT_OF_LINE static void push_among_far(struct event_queue *q, struct event_entry e)
{
    if (!far_events_add(&q->far, e))
        near_push(q, e);
}

/* At the time of the last push of its rank. True: it is behind that one in a run; else the subject
 * is that of an entry. */
OUT_OF_LINE static bool push_into_run(struct event_queue *q, struct tail *tail, uint32_t *subject)
{
    bool runs_on = tail->link != EVENT_RUNS_NONE;
    tail->link = runs_on ? event_runs_append(&q->runs, tail->link, *subject)
                         : event_runs_begin(&q->runs, *subject);
    q->n_behind += runs_on;
    *subject = RUN | tail->link;
    return runs_on;
}

void event_queue_push(struct event_queue *q, struct event ev)
{
    assert(ev.time_s >= 0 && isfinite(ev.time_s) && ev.rank < RANKS && ev.subject < RUN);
    assert(q->pushed < UINT64_C(1) << EVENT_INSERTION_BITS);
    struct tail *tail = &q->tail[ev.rank];
    uint64_t time = bits_of(ev.time_s);
    if (tail->time == time && q->runs.n < RUN) { /* else there are links enough */
        if (push_into_run(q, tail, &ev.subject))
            return;
    } else {
        *tail = (struct tail){ time, EVENT_RUNS_NONE };
    }
    uint64_t tag = (uint64_t)ev.rank << (EVENT_SUBJECT_BITS + EVENT_INSERTION_BITS) |
                   q->pushed++ << EVENT_SUBJECT_BITS | ev.subject;
    struct event_entry e = { time, tag };
    if (q->far.n > 0) {
        push_among_far(q, e);
        return;
    }
    near_push(q, e);
    if (q->end > q->limit)
        spread(q);
}

static struct event unpack(struct event_entry e)
{
    return (struct event){ .time_s = event_entry_s(&e),
                           .rank = (uint32_t)(e.tag >> (EVENT_SUBJECT_BITS + EVENT_INSERTION_BITS)),
                           .subject = event_entry_subject(&e) };
}

/* The event is a run's: the first of it is. True: more of it stay, where they are. */
static bool take_of_run(struct event_queue *q, struct event *ev)
{
    uint32_t link = ev->subject - RUN;
    struct event_link first = event_runs_take(&q->runs, link);
    struct tail *tail = &q->tail[ev->rank];
    ev->subject = first.subject;
    if (first.next == EVENT_RUNS_NONE) {
        if (tail->link == link)
            tail->link = EVENT_RUNS_NONE;
        return false;
    }
    q->heap[HEAP_ROOT].tag ^= link ^ first.next;
    q->n_behind--;
    return true;
}

bool event_queue_pop(struct event_queue *q, struct event *ev)
{
    if (q->hole)
        fill_with_last(q);
    if (q->end == HEAP_ROOT)
        return false;
    *ev = unpack(q->heap[HEAP_ROOT]);
    if (ev->subject >= RUN && take_of_run(q, ev))
        return true;
    q->hole = q->end > HEAP_ROOT + 1;
    if (q->hole)
        return true;
    q->heap[--q->end] = no_entry;
    if (q->far.n > 0)
        refill(q);
    return true;
}

/* Nothing is earlier than the time: then what stands below a hole need not be put in order to know
 * whether anything is at it. */
bool event_queue_pop_at(struct event_queue *q, double time_s, struct event *ev)
{
    const struct event_entry *c = q->heap + 4 * (HEAP_ROOT - 2);
    uint64_t at = bits_of(time_s);
    if (q->hole ? (c[0].time != at) & (c[1].time != at) & (c[2].time != at) & (c[3].time != at)
                : q->heap[HEAP_ROOT].time != at)
        return false;
    return event_queue_pop(q, ev);
}

static void tell_soon(const void *queue, uint32_t subject, int step)
{
    const struct event_queue *q = queue;
    if (subject < RUN) {
        q->soon(q->soon_context, subject, step);
        return;
    }
    for (uint32_t k = subject - RUN; k != EVENT_RUNS_NONE; k = q->runs.at[k].next)
        q->soon(q->soon_context, q->runs.at[k].subject, step);
}

void event_queue_on_soon(struct event_queue *q, event_soon_fn *soon, const void *context)
{
    q->soon = soon;
    q->soon_context = context;
    q->far.soon = soon ? tell_soon : NULL;
    q->far.soon_context = q;
}

double event_queue_next_s(const struct event_queue *q)
{
    size_t first_at = q->hole ? event_heap_smallest(q->heap, 4 * (HEAP_ROOT - 2)) : HEAP_ROOT;
    const struct event_entry *first = &q->heap[first_at];
    return first->time == no_entry.time ? INFINITY : event_entry_s(first);
}

size_t event_queue_size(const struct event_queue *q)
{
    return q->end - HEAP_ROOT - q->hole + q->far.n + q->n_behind;
}
