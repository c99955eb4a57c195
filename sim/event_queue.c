#include "sim/event_queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Near events lie in a binary heap of 16-byte entries. The time is kept as the bits of the double, which for numbers >= 0 are in the order
 * of the numbers; everything else is packed into one word, most significant first: rank (4 bits), insertion (36 bits), subject (24 bits).
 * So the order (time, rank, insertion) is that of a 128-bit integer. Popping walks the hole to a leaf along the smaller children and only
 * then lifts the last entry from there ("bottom-up", Wegener 1993): half the comparisons, none of them hard to predict.
 *
 * A heap that outgrows the cache pays a miss a level. From NEAR_LIMIT entries on, far events lie unsorted in buckets of equal width in
 * time, as in a ladder queue (Tang, Goh, Thng 2005); when the heap runs empty the next bucket becomes the heap. What lies beyond the last
 * bucket waits for the next division into buckets. The order of the events is the same either way. */
struct entry { uint64_t time, tag; };

struct bucket { struct entry *entry; size_t n, room; };

enum { SUBJECT_BITS = 24, INSERTION_BITS = 36, NEAR_LIMIT = 8192, PER_BUCKET = 48, MOST_BUCKETS = 1 << 17 };

struct event_queue {
    struct entry *heap;                          /* heap[1] is the first; heap[0] unused; empty only if there are no events at all */
    size_t n, room, limit;                       /* above the limit the far events are put into buckets */
    uint64_t pushed;
    bool has_far;
    double base_s, per_width;                    /* event at t lies in bucket (t - base) per_width; */
    size_t n_buckets, next_bucket, bucket_room;  /* in the heap if that is below next_bucket */
    struct bucket *buckets, beyond;
    size_t n_far;
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
    q->limit = NEAR_LIMIT;
    return q;
}

void event_queue_free(struct event_queue *q)
{
    if (!q)
        return;
    for (size_t b = 0; b < q->bucket_room; b++)
        free(q->buckets[b].entry);
    free(q->buckets);
    free(q->beyond.entry);
    free(q->heap);
    free(q);
}

void event_queue_reset(struct event_queue *q)
{
    for (size_t b = 0; b < q->bucket_room; b++)
        q->buckets[b].n = 0;
    q->beyond.n = q->n_far = q->n = 0;
    q->has_far = false;
    q->limit = NEAR_LIMIT;
    q->pushed = 0;
}

static inline void lift(struct entry *heap, size_t i, struct entry e)
{
    for (; i > 1 && before(&e, &heap[i / 2]); i /= 2)
        heap[i] = heap[i / 2];
    heap[i] = e;
}

static inline void near_push(struct event_queue *q, struct entry e)
{
    if (q->n + 3 > q->room)                      /* one more is read beyond the last while popping */
        xgrow(&q->heap, &q->room, q->n + 3, sizeof *q->heap);
    lift(q->heap, ++q->n, e);
}

static void bucket_add(struct bucket *b, struct entry e)
{
    if (b->n == b->room)
        xgrow(&b->entry, &b->room, b->n + 1, sizeof *b->entry);
    b->entry[b->n++] = e;
}

static void push_entry(struct event_queue *q, struct entry e)
{
    double place = q->has_far ? (time_of(e.time) - q->base_s) * q->per_width : -1;
    if (place < (double)q->next_bucket) {
        near_push(q, e);
        return;
    }
    q->n_far++;
    bucket_add(place < (double)q->n_buckets ? &q->buckets[(size_t)place] : &q->beyond, e);
}

/* Divides what lies beyond into buckets; false if it is all at one instant. */
static bool divide(struct event_queue *q)
{
    struct bucket all = q->beyond;
    double first_s = INFINITY, last_s = 0;
    for (size_t i = 0; i < all.n; i++) {
        double t = time_of(all.entry[i].time);
        first_s = t < first_s ? t : first_s;
        last_s = t > last_s ? t : last_s;
    }
    q->n_buckets = all.n / PER_BUCKET + 1 < MOST_BUCKETS ? all.n / PER_BUCKET + 1 : MOST_BUCKETS;
    q->per_width = (double)q->n_buckets / (last_s - first_s);
    if (!(last_s > first_s) || !isfinite(q->per_width))
        return false;
    if (q->n_buckets > q->bucket_room) {
        q->buckets = xrealloc(q->buckets, q->n_buckets, sizeof *q->buckets);
        memset(q->buckets + q->bucket_room, 0, (q->n_buckets - q->bucket_room) * sizeof *q->buckets);
        q->bucket_room = q->n_buckets;
    }
    q->base_s = first_s;
    q->next_bucket = 0;
    q->n_far = 0;
    q->beyond = (struct bucket){ 0 };
    for (size_t i = 0; i < all.n; i++)
        push_entry(q, all.entry[i]);
    free(all.entry);
    return true;
}

static void take_bucket(struct event_queue *q, struct bucket *b)
{
    q->n_far -= b->n;
    for (size_t i = 0; i < b->n; i++)
        near_push(q, b->entry[i]);
    b->n = 0;
}

/* The heap is empty and far events are not: the next bucket that holds any becomes the heap. */
static void refill(struct event_queue *q)
{
    while (q->n == 0) {
        while (q->next_bucket < q->n_buckets && q->buckets[q->next_bucket].n == 0)
            q->next_bucket++;
        if (q->next_bucket < q->n_buckets)
            take_bucket(q, &q->buckets[q->next_bucket++]);
        else if (q->n_far < NEAR_LIMIT / 2 || !divide(q))
            take_bucket(q, &q->beyond);
    }
    q->has_far = q->n_far > 0;
    if (!q->has_far)
        q->limit = q->n > NEAR_LIMIT / 2 ? 2 * q->n : NEAR_LIMIT;
}

/* The heap has grown past the limit: all into buckets, the first of them back. */
static void spread(struct event_queue *q)
{
    for (size_t i = 1; i <= q->n; i++)
        bucket_add(&q->beyond, q->heap[i]);
    q->n_far = q->n;
    q->n = q->n_buckets = q->next_bucket = 0;
    q->has_far = true;
    refill(q);
}

void event_queue_push(struct event_queue *q, struct event ev)
{
    assert(ev.time_s >= 0 && isfinite(ev.time_s) && ev.rank < 16 && ev.subject < UINT32_C(1) << SUBJECT_BITS);
    assert(q->pushed < UINT64_C(1) << INSERTION_BITS);
    uint64_t tag = (uint64_t)ev.rank << (SUBJECT_BITS + INSERTION_BITS) | q->pushed++ << SUBJECT_BITS | ev.subject;
    push_entry(q, (struct entry){ bits_of(ev.time_s), tag });
    if (q->n > q->limit && !q->has_far)
        spread(q);
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
    if (n == 0 && q->has_far)
        refill(q);
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
    return q->n + q->n_far;
}
