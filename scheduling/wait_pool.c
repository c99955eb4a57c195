#include "scheduling/wait_pool.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/wait_pool_impl.h"

SORT_ORDER(by_size_descending, struct wait_pool_bucket, SORT_LAST_DOWN(size))

static size_t bucket_of_size(const struct wait_pool *p, double size)
{
    size_t larger;
    SORT_COUNT_IF(larger, p->n_buckets, i, p->buckets[i].size > size);
    return larger;
}

struct wait_pool *wait_pool_new(const double *size, size_t n_classes)
{
    struct wait_pool *p = xcalloc(1, sizeof *p);
    p->n_classes = n_classes;
    p->buckets = xcalloc(n_classes, sizeof *p->buckets);
    p->bucket_of = xcalloc(n_classes, sizeof *p->bucket_of);
    for (size_t c = 0; c < n_classes; c++)
        p->buckets[c].size = size[c];
    qsort(p->buckets, n_classes, sizeof *p->buckets, by_size_descending);
    for (size_t b = 0; b < n_classes; b++)
        if (b == 0 || p->buckets[b].size < p->buckets[p->n_buckets - 1].size)
            p->buckets[p->n_buckets++].size = p->buckets[b].size;
    for (size_t b = 0; b < p->n_buckets; b++)
        p->buckets[b].tasks = sequence_new();
    prefix_sums_init(&p->lengths, p->n_buckets);
    p->touched = xcalloc(p->n_buckets, sizeof *p->touched);
    for (size_t c = 0; c < n_classes; c++) {
        p->bucket_of[c] = bucket_of_size(p, size[c]);
        struct wait_pool_bucket *bucket = &p->buckets[p->bucket_of[c]];
        bucket->only_class = bucket->n_classes++ == 0 ? (int)c : WAIT_POOL_SEVERAL;
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
    shuffle_clear(&p->shuffle);
    free(p->buckets);
    free(p->bucket_of);
    free(p->touched);
    prefix_sums_clear(&p->lengths);
    free(p);
}

void wait_pool_reset(struct wait_pool *p)
{
    for (size_t b = 0; b < p->n_buckets; b++)
        sequence_reset(p->buckets[b].tasks);
    prefix_sums_reset(&p->lengths);
    p->length = p->idle = p->near.end = 0;
}

size_t wait_pool_length(const struct wait_pool *p)
{
    return p->length;
}

bool wait_pool_sizes_are_classes(const struct wait_pool *p)
{
    return p->n_buckets == p->n_classes;
}

/* The bucket that holds the index, and its own indexes. */
struct wait_pool_span wait_pool_span_at(struct wait_pool *p, size_t index)
{
    struct wait_pool_span *near = &p->near;
    if (index >= near->begin && index < near->end)
        return *near;
    near->bucket = &p->buckets[prefix_sums_find(&p->lengths, index, &near->begin)];
    near->end = near->begin + sequence_length(near->bucket->tasks);
    return *near;
}

/* A bucket of which all was refused in one piece is turned round by the pass. That is made up for
 * when its tasks are asked for. */
void wait_pool_settle(struct wait_pool *p, struct wait_pool_bucket *bucket)
{
    size_t length = (p->turns - bucket->turned) % 2 == 1 ? sequence_length(bucket->tasks) : 0;
    bucket->turned = p->turns;
    if (length < 2)
        return;
    sequence_pick(bucket->tasks, 0, length - 1);
    sequence_keep_picked(bucket->tasks);
}

static void touch(struct wait_pool *p, struct wait_pool_bucket *bucket)
{
    if (bucket->touched)
        return;
    wait_pool_settle(p, bucket);
    bucket->touched = true;
    p->touched[p->n_touched++] = (size_t)(bucket - p->buckets);
}

static bool try_task(void *user, size_t index)
{
    struct wait_pool *p = user;
    struct wait_pool_span span = wait_pool_span_at(p, index);
    struct wait_pool_bucket *bucket = span.bucket;
    if (bucket->only_class != WAIT_POOL_SEVERAL &&
        !p->ops->may(p->user, (size_t)bucket->only_class))
        return false;
    wait_pool_settle(p, bucket);
    struct sequence_item item = sequence_at(bucket->tasks, index - span.begin);
    if (bucket->only_class == WAIT_POOL_SEVERAL && !p->ops->may(p->user, item.demand_class))
        return false;
    if (!p->ops->place(p->user, item.task))
        return false;
    touch(p, bucket);
    return true;
}

/* The part of a bucket that a piece covers. */
/* high: exclusive; both from the bucket's begin */
struct cut { struct wait_pool_bucket *bucket; size_t low, high, length; };

static struct cut cut_at(struct wait_pool *p, const struct bisection_piece *piece, size_t index)
{
    struct wait_pool_span s = wait_pool_span_at(p, index);
    return (struct cut){ s.bucket, (piece->low > s.begin ? piece->low : s.begin) - s.begin,
                         (piece->high + 1 < s.end ? piece->high + 1 : s.end) - s.begin,
                         s.end - s.begin };
}

static bool is_whole(const struct cut *c)
{
    return c->low == 0 && c->high == c->length;
}

static void pick_cut(struct wait_pool *p, const struct cut *c)
{
    if (is_whole(c))
        return;
    touch(p, c->bucket);
    sequence_pick(c->bucket->tasks, c->low, c->high - 1);
}

/* The pool as the bisection leaves it, sorted: of each bucket what was refused, in the order of
 * refusal; what fitted is gone. Only the first and the last bucket of a piece can be cut; those
 * between are turned round. */
static void rearrange(struct wait_pool *p)
{
    for (size_t i = 0; i < p->bisection.n_refused; i++) {
        const struct bisection_piece *piece = &p->bisection.refused[i];
        struct cut high = cut_at(p, piece, piece->high);
        pick_cut(p, &high);
        if (piece->low >= p->near.begin)
            continue;
        struct cut low = cut_at(p, piece, piece->low);
        pick_cut(p, &low);
    }
    p->turns++;
    for (size_t i = 0; i < p->n_touched; i++) {
        struct wait_pool_bucket *bucket = &p->buckets[p->touched[i]];
        size_t before = sequence_length(bucket->tasks);
        sequence_keep_picked(bucket->tasks);
        prefix_sums_subtract(&p->lengths, p->touched[i], before - sequence_length(bucket->tasks));
        bucket->turned = p->turns;
        bucket->touched = false;
    }
    p->n_touched = p->near.end = 0;
    p->length -= p->bisection.n_fitted;
}

void wait_pool_find_shuffle(struct wait_pool *p, size_t begin, size_t end)
{
    shuffle_begin(&p->shuffle);
    for (size_t i = 0; i < p->bisection.n_refused; i++) {
        const struct bisection_piece *piece = &p->bisection.refused[i];
        size_t high = piece->high + 1 < end ? piece->high + 1 : end,
               low = piece->low > begin ? piece->low : begin;
        if (high > low)
            shuffle_add(&p->shuffle, low - begin, high - 1 - begin);
    }
}

/* Touches the buckets that a pass which places nothing cuts. */
static void touch_cut(struct wait_pool *p)
{
    for (size_t i = 0; i < p->bisection.n_refused; i++) {
        const struct bisection_piece *piece = &p->bisection.refused[i];
        struct cut high = cut_at(p, piece, piece->high);
        if (!is_whole(&high))
            touch(p, high.bucket);
        if (piece->low >= p->near.begin)
            continue;
        struct cut low = cut_at(p, piece, piece->low);
        if (!is_whole(&low))
            touch(p, low.bucket);
    }
}

static void apply_power(struct wait_pool *p, size_t bucket)
{
    struct sequence *tasks = p->buckets[bucket].tasks;
    size_t n = sequence_length(tasks), begin = prefix_sums_before(&p->lengths, bucket);
    wait_pool_find_shuffle(p, begin, begin + n);
    const struct shuffle_list *power = shuffle_power(&p->shuffle, p->idle);
    for (size_t i = 0; i < power->n; i++) {
        const struct shuffle_piece *piece = &power->at[i];
        size_t last = shuffle_from(piece, piece->end - 1);
        if (piece->down)
            sequence_pick(tasks, last, piece->from);
        else
            sequence_pick_up(tasks, piece->from, last);
    }
    sequence_keep_picked(tasks);
}

static void carry_out_by_power(struct wait_pool *p)
{
    touch_cut(p);
    p->turns += p->idle;
    for (size_t i = 0; i < p->n_touched; i++) {
        struct wait_pool_bucket *bucket = &p->buckets[p->touched[i]];
        apply_power(p, p->touched[i]);
        bucket->turned = p->turns;
        bucket->touched = false;
    }
    p->n_touched = 0;
}

/* Carries out the passes that were only counted. A few are carried out one by one. */
void wait_pool_carry_out_idle(struct wait_pool *p)
{
    enum { FEW_IDLE = 2 };
    size_t n = p->length > 0 ? p->idle : 0;
    if (n > 0)
        bisection_refuse_all(&p->bisection, p->length);
    if (n > FEW_IDLE)
        carry_out_by_power(p);
    for (; n > 0 && n <= FEW_IDLE; n--)
        rearrange(p);
    p->idle = 0;
}

void wait_pool_idle_passes(struct wait_pool *p, size_t n)
{
    p->idle += n;
}

void wait_pool_add(struct wait_pool *p, size_t demand_class, uint32_t first, uint32_t count)
{
    wait_pool_carry_out_idle(p);
    struct wait_pool_bucket *bucket = &p->buckets[p->bucket_of[demand_class]];
    wait_pool_settle(p, bucket);
    sequence_append(bucket->tasks, first, count, (uint32_t)demand_class);
    prefix_sums_add(&p->lengths, p->bucket_of[demand_class], count);
    p->near.end = 0;
    p->length += count;
}

size_t wait_pool_pass(struct wait_pool *p, const struct wait_pool_ops *ops, void *user)
{
    wait_pool_carry_out_idle(p);
    if (p->length == 0)
        return 0;
    p->ops = ops;
    p->user = user;
    bisection_run(&p->bisection, p->length, try_task, p);
    size_t placed = p->bisection.n_fitted;
    if (placed > 0)
        rearrange(p);
    else
        p->idle = 1;
    return placed;
}
