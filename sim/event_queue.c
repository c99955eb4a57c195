#include "sim/event_queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* A binary heap of 16-byte entries. The time is kept as the bits of the double, which for numbers >= 0 are in the order of the numbers;
 * everything else is packed into one word, most significant first: rank (4 bits), insertion (36 bits), subject (24 bits). So the order
 * (time, rank, insertion) is that of a 128-bit integer, compared without a branch. Popping walks the
 * hole to a leaf along the smaller children and only then lifts the last entry from there ("bottom-up", Wegener 1993): half the
 * comparisons, none of them hard to predict. */
struct entry { uint64_t time, tag; };

enum { SUBJECT_BITS = 24, INSERTION_BITS = 36 };

struct event_queue {
    struct entry *heap;                          /* heap[1] is the first; heap[0] unused */
    size_t n, room;
    uint64_t pushed;
};

static inline bool before(const struct entry *a, const struct entry *b)
{
    return (a->time < b->time) | ((a->time == b->time) & (a->tag < b->tag));
}

static inline uint64_t bits_of(double time_s)
{
    uint64_t bits;
    time_s += 0.0;                               /* -0 is 0 */
    memcpy(&bits, &time_s, sizeof bits);
    return bits;
}

static inline double time_of(uint64_t bits)
{
    double time_s;
    memcpy(&time_s, &bits, sizeof time_s);
    return time_s;
}

struct event_queue *event_queue_new(void)
{
    struct event_queue *q = xcalloc(1, sizeof *q);
    xgrow(&q->heap, &q->room, 64, sizeof *q->heap);
    return q;
}

void event_queue_free(struct event_queue *q)
{
    if (!q)
        return;
    free(q->heap);
    free(q);
}

void event_queue_reset(struct event_queue *q)
{
    q->n = 0;
    q->pushed = 0;
}

static inline void lift(struct entry *heap, size_t i, struct entry e)
{
    for (; i > 1 && before(&e, &heap[i / 2]); i /= 2)
        heap[i] = heap[i / 2];
    heap[i] = e;
}

void event_queue_push(struct event_queue *q, struct event ev)
{
    assert(ev.time_s >= 0 && isfinite(ev.time_s) && ev.rank < 16 && ev.subject < UINT32_C(1) << SUBJECT_BITS);
    assert(q->pushed < UINT64_C(1) << INSERTION_BITS);
    if (q->n + 2 > q->room)
        xgrow(&q->heap, &q->room, q->n + 2, sizeof *q->heap);
    uint64_t tag = (uint64_t)ev.rank << (SUBJECT_BITS + INSERTION_BITS) | q->pushed++ << SUBJECT_BITS | ev.subject;
    lift(q->heap, ++q->n, (struct entry){ bits_of(ev.time_s), tag });
}

static struct event unpack(struct entry e)
{
    return (struct event){ .time_s = time_of(e.time), .rank = (uint32_t)(e.tag >> (SUBJECT_BITS + INSERTION_BITS)),
                           .subject = (uint32_t)(e.tag & ((UINT64_C(1) << SUBJECT_BITS) - 1)) };
}

bool event_queue_pop(struct event_queue *q, struct event *ev)
{
    if (q->n == 0)
        return false;
    struct entry *heap = q->heap;
    *ev = unpack(heap[1]);
    size_t i = 1, n = --q->n;
    for (size_t child; (child = 2 * i) <= n; i = child) {        /* heap[n + 1], the last, still stands: a right child may be it */
        uint64_t left = heap[child].time, right = heap[child + 1].time;
        child += right < left;                   /* never a branch: half of them would be mispredicted */
        if (right == left)
            child += before(&heap[child + 1], &heap[child]);
        heap[i] = heap[child];
    }
    if (i <= n)
        lift(heap, i, heap[n + 1]);
    return true;
}

bool event_queue_pop_at(struct event_queue *q, double time_s, struct event *ev)
{
    return q->n > 0 && q->heap[1].time == bits_of(time_s) && event_queue_pop(q, ev);
}

double event_queue_next_s(const struct event_queue *q)
{
    return q->n > 0 ? time_of(q->heap[1].time) : INFINITY;
}

size_t event_queue_size(const struct event_queue *q)
{
    return q->n;
}
