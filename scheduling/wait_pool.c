#include "scheduling/wait_pool.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/bisection.h"

#define FITTED SIZE_MAX

struct bucket {                          /* the tasks of one size */
    double size;
    size_t offset;                       /* index of its first task in the sorted pool */
    uint32_t tasks, next;                /* sequences: now, and as the next pass will find it */
};

struct segment {                         /* indexes low .. high, which left together */
    size_t low, high;
    size_t rank;                         /* among the refused pieces, or FITTED */
};
struct part { size_t rank; struct bucket *bucket; uint32_t tasks; };

struct wait_pool {
    size_t n_buckets, n_classes, length;
    struct bucket *buckets;              /* largest size first */
    size_t *bucket_of;                   /* class -> bucket */
    bool *seen;                          /* class -> some were added since the pool was empty */
    struct sequence_arena *arena;
    struct bisection bisection;
    size_t idle;                         /* passes counted and not yet carried out */
    struct segment *segments;
    struct part *parts;
    size_t segment_room, part_room;
    wait_pool_place_fn place;            /* of the pass at hand */
    void *user;
};

static int by_size_descending(const void *a, const void *b)
{
    double x = ((const struct bucket *)a)->size, y = ((const struct bucket *)b)->size;
    return (x < y) - (x > y);
}

struct wait_pool *wait_pool_new(const double *size, size_t n_classes)
{
    struct wait_pool *p = xcalloc(1, sizeof *p);
    p->n_classes = n_classes;
    p->buckets = xcalloc(n_classes, sizeof *p->buckets);
    p->bucket_of = xcalloc(n_classes, sizeof *p->bucket_of);
    p->seen = xcalloc(n_classes, sizeof *p->seen);
    for (size_t c = 0; c < n_classes; c++)
        p->buckets[c].size = size[c];
    qsort(p->buckets, n_classes, sizeof *p->buckets, by_size_descending);
    for (size_t b = 0; b < n_classes; b++)
        if (b == 0 || p->buckets[b].size < p->buckets[p->n_buckets - 1].size)
            p->buckets[p->n_buckets++].size = p->buckets[b].size;
    for (size_t c = 0; c < n_classes; c++)
        while (p->buckets[p->bucket_of[c]].size > size[c])
            p->bucket_of[c]++;
    p->arena = sequence_arena_new();
    return p;
}

void wait_pool_free(struct wait_pool *p)
{
    if (!p)
        return;
    sequence_arena_free(p->arena);
    bisection_clear(&p->bisection);
    free(p->buckets);
    free(p->bucket_of);
    free(p->seen);
    free(p->segments);
    free(p->parts);
    free(p);
}

static void forget_classes(struct wait_pool *p)
{
    for (size_t c = 0; c < p->n_classes; c++)
        p->seen[c] = false;
}

void wait_pool_reset(struct wait_pool *p)
{
    sequence_arena_reset(p->arena);
    for (size_t b = 0; b < p->n_buckets; b++)
        p->buckets[b].tasks = SEQUENCE_EMPTY;
    p->length = p->idle = 0;
    forget_classes(p);
}

size_t wait_pool_length(const struct wait_pool *p)
{
    return p->length;
}

bool wait_pool_has(const struct wait_pool *p, size_t demand_class)
{
    return p->seen[demand_class];
}

bool wait_pool_sizes_are_classes(const struct wait_pool *p)
{
    return p->n_buckets == p->n_classes;
}

static void number_buckets(struct wait_pool *p)
{
    size_t offset = 0;
    for (size_t b = 0; b < p->n_buckets; b++) {
        p->buckets[b].offset = offset;
        offset += sequence_length(p->arena, p->buckets[b].tasks);
    }
}

static struct bucket *bucket_at(const struct wait_pool *p, size_t index)
{
    size_t low = 0, high = p->n_buckets;         /* the last bucket that begins at or before the index */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p->buckets[middle].offset <= index)
            low = middle;
        else
            high = middle;
    }
    return &p->buckets[low];
}

static bool try_task(void *user, size_t index)
{
    struct wait_pool *p = user;
    const struct bucket *bucket = bucket_at(p, index);
    struct sequence_task task = sequence_at(p->arena, bucket->tasks, index - bucket->offset);
    return p->place(p->user, &task);
}

static bool fits_nowhere(void *user, size_t index)
{
    (void)user;
    (void)index;
    return false;
}

static int by_low(const void *a, const void *b)
{
    size_t x = ((const struct segment *)a)->low, y = ((const struct segment *)b)->low;
    return (x > y) - (x < y);
}

static int by_rank(const void *a, const void *b)
{
    size_t x = ((const struct part *)a)->rank, y = ((const struct part *)b)->rank;
    return (x > y) - (x < y);
}

/* All indexes of the pass, ascending, by how they were decided. */
static size_t list_segments(struct wait_pool *p)
{
    const struct bisection *b = &p->bisection;
    size_t n = 0;
    xgrow(&p->segments, &p->segment_room, b->n_refused + b->n_answers, sizeof *p->segments);
    for (size_t i = 0; i < b->n_refused; i++)
        p->segments[n++] = (struct segment){ b->refused[i].low, b->refused[i].high, i };
    for (size_t i = 0; i < b->n_answers; i++)
        if (b->answers[i].fits)
            p->segments[n++] = (struct segment){ b->answers[i].low, b->answers[i].high, FITTED };
    qsort(p->segments, n, sizeof *p->segments, by_low);
    return n;
}

/* Cuts the buckets along the segments; what fitted leaves. Returns how many parts were refused. */
static size_t cut_buckets(struct wait_pool *p, size_t n_segments)
{
    size_t n_parts = 0, s = 0;
    for (size_t b = 0; b < p->n_buckets; b++) {
        struct bucket *bucket = &p->buckets[b];
        size_t at = bucket->offset, end = at + sequence_length(p->arena, bucket->tasks);
        bucket->next = SEQUENCE_EMPTY;
        while (at < end && s < n_segments) {
            const struct segment *segment = &p->segments[s];
            size_t to = segment->high + 1 < end ? segment->high + 1 : end;
            uint32_t cut;
            sequence_cut(p->arena, bucket->tasks, to - at, &cut, &bucket->tasks);
            if (segment->rank == FITTED) {
                sequence_drop(p->arena, cut);
            } else {
                xgrow(&p->parts, &p->part_room, n_parts + 1, sizeof *p->parts);
                p->parts[n_parts++] = (struct part){ segment->rank, bucket, cut };
            }
            at = to;
            s += at == segment->high + 1;
        }
    }
    return n_parts;
}

/* The pool as the bisection leaves it, sorted: each bucket's refused parts in the order of refusal, each turned round. */
static void rearrange(struct wait_pool *p)
{
    size_t n_parts = cut_buckets(p, list_segments(p));
    qsort(p->parts, n_parts, sizeof *p->parts, by_rank);
    for (size_t i = 0; i < n_parts; i++) {
        struct bucket *bucket = p->parts[i].bucket;
        bucket->next = sequence_join(p->arena, bucket->next, sequence_reverse(p->arena, p->parts[i].tasks));
    }
    for (size_t b = 0; b < p->n_buckets; b++)
        p->buckets[b].tasks = p->buckets[b].next;
    p->length -= p->bisection.n_fitted;
    if (p->length == 0)
        forget_classes(p);
}

/* Where each place of the pool is filled from by one pass that places nothing: a permutation of indexes. */
static size_t *idle_permutation(struct wait_pool *p)
{
    size_t *from = xcalloc(p->length, sizeof *from), *cursor = xcalloc(p->n_buckets, sizeof *cursor);
    for (size_t b = 0; b < p->n_buckets; b++)
        cursor[b] = p->buckets[b].offset;
    for (size_t i = 0; i < p->bisection.n_refused; i++)
        for (size_t at = p->bisection.refused[i].high + 1; at-- > p->bisection.refused[i].low;)
            from[cursor[bucket_at(p, at) - p->buckets]++] = at;
    free(cursor);
    return from;
}

/* out[i] = task that stands at index i after `power` applications of the permutation: each cycle is shifted by power mod length. */
static void permute(const size_t *from, size_t n, size_t power, const struct sequence_task *in, struct sequence_task *out)
{
    bool *done = xcalloc(n, sizeof *done);
    size_t *cycle = xcalloc(n, sizeof *cycle);
    for (size_t start = 0; start < n; start++) {
        size_t length = 0;
        for (size_t at = start; !done[at]; at = from[at]) {
            done[at] = true;
            cycle[length++] = at;
        }
        for (size_t i = 0; i < length; i++)
            out[cycle[i]] = in[cycle[(i + power) % length]];
    }
    free(cycle);
    free(done);
}

static void list_tasks(struct wait_pool *p, struct sequence_task *out)
{
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_list(p->arena, p->buckets[b].tasks, out + p->buckets[b].offset);
}

/* The pool from a plain list; neighbours become runs again. */
static void rebuild(struct wait_pool *p, const struct sequence_task *tasks)
{
    size_t lengths = 0;
    for (size_t b = 0; b < p->n_buckets; b++) {
        struct bucket *bucket = &p->buckets[b];
        size_t end = b + 1 < p->n_buckets ? p->buckets[b + 1].offset : p->length;
        sequence_drop(p->arena, bucket->tasks);
        bucket->tasks = sequence_of(p->arena, tasks + lengths, end - lengths);
        lengths = end;
    }
}

static void carry_out_by_power(struct wait_pool *p)
{
    struct sequence_task *before = xcalloc(p->length, sizeof *before), *after = xcalloc(p->length, sizeof *after);
    size_t *from = idle_permutation(p);
    list_tasks(p, before);
    permute(from, p->length, p->idle, before, after);
    rebuild(p, after);
    free(from);
    free(after);
    free(before);
}

/* Carries out the passes that were only counted. One costs about as much as `refused` cuts and joins; all at once the pool's length. */
static void carry_out_idle_passes(struct wait_pool *p)
{
    enum { CUT_COST = 16 };              /* of a part, in moves of a task */
    if (p->idle == 0 || p->length == 0) {
        p->idle = 0;
        return;
    }
    number_buckets(p);
    bisection_run(&p->bisection, p->length, fits_nowhere, NULL);
    if (p->idle * p->bisection.n_refused * CUT_COST < p->length) {
        for (; p->idle > 0; p->idle--)
            rearrange(p);
    } else {
        carry_out_by_power(p);
    }
    p->idle = 0;
}

void wait_pool_idle_passes(struct wait_pool *p, size_t n)
{
    p->idle += n;
}

void wait_pool_add(struct wait_pool *p, size_t demand_class, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    carry_out_idle_passes(p);
    struct bucket *bucket = &p->buckets[p->bucket_of[demand_class]];
    bucket->tasks = sequence_append(p->arena, bucket->tasks, set, first, count, attempt);
    p->length += count;
    p->seen[demand_class] = true;
}

size_t wait_pool_pass(struct wait_pool *p, wait_pool_place_fn place, void *user)
{
    carry_out_idle_passes(p);
    if (p->length == 0)
        return 0;
    p->place = place;
    p->user = user;
    number_buckets(p);
    bisection_run(&p->bisection, p->length, try_task, p);
    size_t placed = p->bisection.n_fitted;
    rearrange(p);
    return placed;
}

void wait_pool_list(struct wait_pool *p, struct sequence_task *out)
{
    carry_out_idle_passes(p);
    number_buckets(p);
    list_tasks(p, out);
}
