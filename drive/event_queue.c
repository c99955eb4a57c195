#include "drive/event_queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"

/* Near events lie in a heap of 16-byte entries. The time is kept as the bits of the double, which
 * for numbers >= 0 are in the order of the numbers; everything else is packed into one word, most
 * significant first: rank (4 bits), insertion (36 bits), subject (24 bits). So the order (time,
 * rank, insertion) is that of a 128-bit integer.
 *
 * Each entry has four children, which share one cache line (LaMarca and Ladner 1996): half the
 * levels of a binary heap. Popping leaves a hole at the root. If a push comes next, as it mostly
 * does, it fills the hole; else the last entry does. Either walks the hole to a leaf along the
 * smallest children and only then lifts the entry from there ("bottom-up", Wegener 1993): no
 * comparison is hard to predict.
 *
 * A heap that outgrows the cache pays a miss a level. From NEAR_LIMIT entries on, far events lie
 * unsorted in buckets of equal width in time, as in a ladder queue (Tang, Goh, Thng 2005); when the
 * heap runs empty the next bucket becomes the heap. What lies beyond the last bucket waits for the
 * next division into buckets. The order of the events is the same either way. */
struct entry { uint64_t time, tag; };

/* the children of i are 4 (i - 2) to 4 (i - 2) + 3, its parent i / 4 + 2 */
enum { ROOT = 3, CHILDREN = 4 };
/* behind the last, so that four children can always be read */
static const struct entry nobody = { UINT64_MAX, UINT64_MAX };

struct bucket { struct entry *entry; size_t n, room; };

enum {
    SUBJECT_BITS = 24, INSERTION_BITS = 36, NEAR_LIMIT = 8192, PER_BUCKET = 24,
    MOST_BUCKETS = 1 << 17, SHRINK_EVERY = 1 << 16, MOST_MORE = 1 << 16,
};

/* Many members: two tiers of one queue, each with its arrays and their sizes. */
struct event_queue {
    /* heap[ROOT] is the first, heap[end - 1] the last */
    struct entry *heap;
    /* ROOT: the heap is empty, and then there are no events at all */
    size_t end, room, allocated;         /* from end to room: `nobody` */
    /* heap[ROOT] was popped and is not filled again; others are there */
    bool hole;
    /* above this many entries the far events are put into buckets */
    size_t limit;
    uint64_t pushed;
    bool has_far;
    /* event at t lies in bucket (t - base) per_width; */
    double base_s, per_width;
    size_t n_buckets, next_bucket, bucket_room;  /* in the heap if that is below next_bucket */
    struct bucket *buckets, beyond;
    size_t n_far;
    event_soon_fn *soon;                         /* NULL: nothing is prefetched */
    const void *soon_context;
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

/* Room for more entries in the heap, and nobody in what is new. */
OUT_OF_LINE static void grow(struct event_queue *q)
{
    size_t i = q->room;
    q->room += i < MOST_MORE ? i + 64 : MOST_MORE;
    xgrow_lines(&q->heap, &q->allocated, q->room, sizeof *q->heap);
    for (; i < q->room; i++)
        q->heap[i] = nobody;
}

struct event_queue *event_queue_new(void)
{
    struct event_queue *q = xcalloc(1, sizeof *q);
    grow(q);
    q->end = ROOT;
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
    for (size_t i = ROOT; i < q->end; i++)
        q->heap[i] = nobody;
    q->end = ROOT;
    q->beyond.n = q->n_far = 0;
    q->has_far = q->hole = false;
    q->limit = NEAR_LIMIT;
    q->pushed = 0;
}

/* The smallest of four children: where it is. */
static inline size_t smallest(const struct entry *heap, size_t first)
{
    const struct entry *c = heap + first;
    uint64_t t0 = c[0].time, t1 = c[1].time, t2 = c[2].time, t3 = c[3].time;
    /* never a branch: half of them would be mispredicted */
    size_t a = t1 < t0, b = 2 + (t3 < t2);
    uint64_t time_a = t1 < t0 ? t1 : t0, time_b = t3 < t2 ? t3 : t2;
    size_t least = time_b < time_a ? b : a;
    if ((t0 == t1) | (t2 == t3) | (time_a == time_b)) {
        a = before(&c[1], &c[0]);
        b = 2 + before(&c[3], &c[2]);
        least = before(&c[b], &c[a]) ? b : a;
    }
    return first + least;
}

static inline void lift(struct entry *heap, size_t i, struct entry e)
{
    for (size_t parent; i > ROOT && before(&e, &heap[parent = i / 4 + 2]); i = parent)
        heap[i] = heap[parent];
    heap[i] = e;
}

static inline uint32_t subject_of(struct entry e)
{
    return (uint32_t)(e.tag & ((UINT64_C(1) << SUBJECT_BITS) - 1));
}

/* The hole at the root is filled. */
static inline void fill(struct event_queue *q, struct entry e)
{
    struct entry *heap = q->heap;
    size_t i = ROOT;
    for (size_t child; (child = 4 * (i - 2)) < q->end; i = child) {
        child = smallest(heap, child);
        heap[i] = heap[child];
    }
    lift(heap, i, e);
    q->hole = false;
}

static void fill_with_last(struct event_queue *q)
{
    struct entry last = q->heap[--q->end];
    q->heap[q->end] = nobody;
    fill(q, last);
}

static inline void near_push(struct event_queue *q, struct entry e)
{
    if (q->hole) {
        fill(q, e);
        return;
    }
    if (q->end + CHILDREN > q->room)             /* up to three more are read behind the last */
        grow(q);
    lift(q->heap, q->end++, e);
}

static void bucket_add(struct bucket *b, struct entry e)
{
    if (b->n == b->room)
        xgrow(&b->entry, &b->room, b->n + 1, sizeof *b->entry);
    b->entry[b->n++] = e;
}

static void reverse(struct bucket *b)
{
    for (size_t i = 0; i < b->n / 2; i++) {
        struct entry e = b->entry[i];
        b->entry[i] = b->entry[b->n - 1 - i];
        b->entry[b->n - 1 - i] = e;
    }
}

/* A large bucket gives room back as it empties, so that its entries are not held twice. */
static struct entry take_last(struct bucket *b)
{
    struct entry last = b->entry[--b->n];
    if (b->n > 0 && b->n % SHRINK_EVERY == 0)
        b->entry = xrealloc(b->entry, b->room = b->n, sizeof *b->entry);
    return last;
}

/* Where far events are: into the heap, a bucket, or beyond all of them. */
OUT_OF_LINE static void push_among_far(struct event_queue *q, struct entry e)
{
    double place = (time_of(e.time) - q->base_s) * q->per_width;
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
        memset(q->buckets + q->bucket_room, 0,
               (q->n_buckets - q->bucket_room) * sizeof *q->buckets);
        q->bucket_room = q->n_buckets;
    }
    q->base_s = first_s;
    q->next_bucket = 0;
    q->n_far = 0;
    q->beyond = (struct bucket){ 0 };
    reverse(&all);
    while (all.n > 0)
        push_among_far(q, take_last(&all));
    free(all.entry);
    return true;
}

static void take_bucket(struct event_queue *q, struct bucket *b)
{
    q->n_far -= b->n;
    if (b->n > SHRINK_EVERY) {
        reverse(b);                              /* the first first: the heap's cheapest order */
        while (b->n > 0)
            near_push(q, take_last(b));
    }
    for (size_t i = 0; i < b->n; i++)
        near_push(q, b->entry[i]);
    b->n = 0;
}

/* The bucket is the next, the others follow. */
static void tell_soon(const struct event_queue *q, size_t bucket)
{
    for (size_t step = 0; step < EVENT_QUEUE_STEPS && bucket + step < q->n_buckets; step++) {
        const struct bucket *b = &q->buckets[bucket + step];
        for (size_t i = 0; i < b->n; i++)
            q->soon(q->soon_context, subject_of(b->entry[i]), (int)step);
    }
}

/* The heap is empty and far events are not: the next bucket that holds any becomes the heap. */
OUT_OF_LINE static void refill(struct event_queue *q)
{
    while (q->end == ROOT) {
        while (q->next_bucket < q->n_buckets && q->buckets[q->next_bucket].n == 0)
            q->next_bucket++;
        if (q->next_bucket < q->n_buckets && q->soon)
            tell_soon(q, q->next_bucket);
        if (q->next_bucket < q->n_buckets)
            take_bucket(q, &q->buckets[q->next_bucket++]);
        else if (q->n_far < NEAR_LIMIT / 2 || !divide(q))
            take_bucket(q, &q->beyond);
    }
    q->has_far = q->n_far > 0;
    if (!q->has_far)
        q->limit = q->end > NEAR_LIMIT / 2 ? 2 * q->end : NEAR_LIMIT;
}

/* The heap has grown past the limit: all into buckets, the first of them back. */
OUT_OF_LINE static void spread(struct event_queue *q)
{
    q->n_far = q->end - ROOT;
    for (size_t i = ROOT; i < q->end; i++) {
        bucket_add(&q->beyond, q->heap[i]);
        q->heap[i] = nobody;
    }
    q->end = ROOT;
    q->n_buckets = q->next_bucket = 0;
    q->has_far = true;
    refill(q);
}

void event_queue_push(struct event_queue *q, struct event ev)
{
    assert(ev.time_s >= 0 && isfinite(ev.time_s) && ev.rank < 16 &&
           ev.subject < UINT32_C(1) << SUBJECT_BITS);
    assert(q->pushed < UINT64_C(1) << INSERTION_BITS);
    uint64_t tag = (uint64_t)ev.rank << (SUBJECT_BITS + INSERTION_BITS) |
                   q->pushed++ << SUBJECT_BITS | ev.subject;
    struct entry e = { bits_of(ev.time_s), tag };
    if (q->has_far) {
        push_among_far(q, e);
        return;
    }
    near_push(q, e);
    if (q->end > q->limit)
        spread(q);
}

static struct event unpack(struct entry e)
{
    return (struct event){ .time_s = time_of(e.time),
                           .rank = (uint32_t)(e.tag >> (SUBJECT_BITS + INSERTION_BITS)),
                           .subject = subject_of(e) };
}

bool event_queue_pop(struct event_queue *q, struct event *ev)
{
    if (q->hole)
        fill_with_last(q);
    if (q->end == ROOT)
        return false;
    *ev = unpack(q->heap[ROOT]);
    q->hole = q->end > ROOT + 1;
    if (q->hole)
        return true;
    q->heap[--q->end] = nobody;
    if (q->has_far)
        refill(q);
    return true;
}

/* Nothing is earlier than the time: then what stands below a hole need not be put in order to know
 * whether anything is at it. */
bool event_queue_pop_at(struct event_queue *q, double time_s, struct event *ev)
{
    const struct entry *c = q->heap + 4 * (ROOT - 2);
    uint64_t at = bits_of(time_s);
    if (q->hole ? (c[0].time != at) & (c[1].time != at) & (c[2].time != at) & (c[3].time != at)
                : q->heap[ROOT].time != at)
        return false;
    return event_queue_pop(q, ev);
}

void event_queue_on_soon(struct event_queue *q, event_soon_fn *soon, const void *context)
{
    q->soon = soon;
    q->soon_context = context;
}

double event_queue_next_s(const struct event_queue *q)
{
    const struct entry *first = &q->heap[q->hole ? smallest(q->heap, 4 * (ROOT - 2)) : ROOT];
    return first->time == nobody.time ? INFINITY : time_of(first->time);
}

size_t event_queue_size(const struct event_queue *q)
{
    return q->end - ROOT - q->hole + q->n_far;
}
