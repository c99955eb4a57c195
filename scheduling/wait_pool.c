#include "scheduling/wait_pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/bisection.h"
#include "scheduling/sequence.h"

enum { SEVERAL = -1 };

struct bucket {                          /* the tasks of one size */
    double size;
    size_t n_classes;                    /* that have this size; */
    int only_class;                      /* the one that has it, or SEVERAL */
    size_t offset;                       /* index of its first task in the sorted pool; that of the next bucket is behind its last */
    struct sequence *tasks;
};

/* Workspace of carry_out_by_power(), one entry a waiting task. */
struct power {
    uint32_t *before, *after, *from, *cycle;
    bool *done;
    size_t room;
};

struct wait_pool {
    size_t n_buckets, n_classes, length;
    struct bucket *buckets;              /* largest size first; one more marks the end */
    size_t *bucket_of;                   /* class -> bucket */
    bool *seen;                          /* class -> some were added since the pool was empty */
    struct bisection bisection;
    size_t idle;                         /* passes counted and not yet carried out */
    struct power power;
    const struct wait_pool_ops *ops;     /* of the pass at hand */
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
    p->buckets = xcalloc(n_classes + 1, sizeof *p->buckets);
    p->bucket_of = xcalloc(n_classes, sizeof *p->bucket_of);
    p->seen = xcalloc(n_classes, sizeof *p->seen);
    for (size_t c = 0; c < n_classes; c++)
        p->buckets[c].size = size[c];
    qsort(p->buckets, n_classes, sizeof *p->buckets, by_size_descending);
    for (size_t b = 0; b < n_classes; b++)
        if (b == 0 || p->buckets[b].size < p->buckets[p->n_buckets - 1].size)
            p->buckets[p->n_buckets++].size = p->buckets[b].size;
    for (size_t b = 0; b < p->n_buckets; b++)
        p->buckets[b].tasks = sequence_new();
    for (size_t c = 0; c < n_classes; c++) {
        while (p->buckets[p->bucket_of[c]].size > size[c])
            p->bucket_of[c]++;
        struct bucket *bucket = &p->buckets[p->bucket_of[c]];
        bucket->only_class = bucket->n_classes++ == 0 ? (int)c : SEVERAL;
    }
    return p;
}

void wait_pool_free(struct wait_pool *p)
{
    if (!p)
        return;
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_free(p->buckets[b].tasks);
    bisection_clear(&p->bisection);
    free(p->power.before);
    free(p->power.after);
    free(p->power.from);
    free(p->power.cycle);
    free(p->power.done);
    free(p->buckets);
    free(p->bucket_of);
    free(p->seen);
    free(p);
}

static void forget_classes(struct wait_pool *p)
{
    for (size_t c = 0; c < p->n_classes; c++)
        p->seen[c] = false;
}

void wait_pool_reset(struct wait_pool *p)
{
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_reset(p->buckets[b].tasks);
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
        offset += sequence_length(p->buckets[b].tasks);
    }
    p->buckets[p->n_buckets].offset = offset;
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
    if (bucket->only_class != SEVERAL && !p->ops->may(p->user, (size_t)bucket->only_class))
        return false;
    return p->ops->place(p->user, sequence_at(bucket->tasks, index - bucket->offset));
}

static bool fits_nowhere(void *user, size_t index)
{
    (void)user;
    (void)index;
    return false;
}

/* The pool as the bisection leaves it, sorted: of each bucket what was refused, in the order of refusal; what fitted is gone. */
static void rearrange(struct wait_pool *p)
{
    for (size_t i = 0; i < p->bisection.n_refused; i++) {
        const struct bisection_piece *piece = &p->bisection.refused[i];
        size_t next = piece->high + 1, b = (size_t)(bucket_at(p, piece->high) - p->buckets) + 1;
        while (next > piece->low) {
            const struct bucket *bucket = &p->buckets[--b];
            size_t from = bucket->offset > piece->low ? bucket->offset : piece->low;
            if (from < next)
                sequence_pick(bucket->tasks, from - bucket->offset, next - 1 - bucket->offset);
            next = from;
        }
    }
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_keep_picked(p->buckets[b].tasks);
    p->length -= p->bisection.n_fitted;
    if (p->length == 0)
        forget_classes(p);
}

static void make_room(struct power *w, size_t n)
{
    if (n <= w->room)
        return;
    w->room = n;
    w->before = xrealloc(w->before, n, sizeof *w->before);
    w->after = xrealloc(w->after, n, sizeof *w->after);
    w->from = xrealloc(w->from, n, sizeof *w->from);
    w->cycle = xrealloc(w->cycle, n, sizeof *w->cycle);
    w->done = xrealloc(w->done, n, sizeof *w->done);
}

/* from[i]: which place of the pool place i is filled from by one pass that places nothing. */
static void find_permutation(struct wait_pool *p)
{
    uint32_t *from = p->power.from;
    size_t n = 0;
    for (size_t b = 0; b < p->n_buckets; b++)
        for (size_t i = 0; i < p->bisection.n_refused; i++) {
            size_t begin = p->buckets[b].offset, end = p->buckets[b + 1].offset;
            const struct bisection_piece *piece = &p->bisection.refused[i];
            size_t high = piece->high + 1 < end ? piece->high + 1 : end, low = piece->low > begin ? piece->low : begin;
            while (high > low)
                from[n++] = (uint32_t)--high;
        }
}

/* after[i] = task that stands at place i after `power` applications of the permutation: each cycle is shifted by power mod length. */
static void permute(struct power *w, size_t n, size_t power)
{
    memset(w->done, 0, n * sizeof *w->done);
    for (uint32_t start = 0; start < n; start++) {
        size_t length = 0;
        for (uint32_t at = start; !w->done[at]; at = w->from[at]) {
            w->done[at] = true;
            w->cycle[length++] = at;
        }
        for (size_t i = 0, from = length > 0 ? power % length : 0; i < length; i++, from = from + 1 < length ? from + 1 : 0)
            w->after[w->cycle[i]] = w->before[w->cycle[from]];
    }
}

static void list_tasks(const struct wait_pool *p, uint32_t *out)
{
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_list(p->buckets[b].tasks, out + p->buckets[b].offset);
}

static void carry_out_by_power(struct wait_pool *p)
{
    make_room(&p->power, p->length);
    find_permutation(p);
    list_tasks(p, p->power.before);
    permute(&p->power, p->length, p->idle);
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_assign(p->buckets[b].tasks, p->power.after + p->buckets[b].offset, p->buckets[b + 1].offset - p->buckets[b].offset);
}

/* Carries out the passes that were only counted. One costs about as much as `refused` picks; all at once the pool's length. */
static void carry_out_idle_passes(struct wait_pool *p)
{
    enum { PICK_COST = 8 };              /* in moves of a task */
    if (p->idle == 0 || p->length == 0) {
        p->idle = 0;
        return;
    }
    number_buckets(p);
    bisection_run(&p->bisection, p->length, fits_nowhere, NULL);
    if (p->idle * p->bisection.n_refused * PICK_COST < p->length) {
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

void wait_pool_add(struct wait_pool *p, size_t demand_class, uint32_t first, uint32_t count)
{
    carry_out_idle_passes(p);
    struct bucket *bucket = &p->buckets[p->bucket_of[demand_class]];
    sequence_append(bucket->tasks, first, count);
    p->length += count;
    p->seen[demand_class] = true;
}

size_t wait_pool_pass(struct wait_pool *p, const struct wait_pool_ops *ops, void *user)
{
    carry_out_idle_passes(p);
    if (p->length == 0)
        return 0;
    p->ops = ops;
    p->user = user;
    number_buckets(p);
    bisection_run(&p->bisection, p->length, try_task, p);
    size_t placed = p->bisection.n_fitted;
    rearrange(p);
    return placed;
}

void wait_pool_list(struct wait_pool *p, uint32_t *out)
{
    carry_out_idle_passes(p);
    number_buckets(p);
    list_tasks(p, out);
}
