#include "scheduling/waiting.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

bool waiting_before(const struct waiting_run *a, const struct waiting_run *b)
{
    return a->key < b->key || (a->key == b->key && a->arrival < b->arrival);
}

void waiting_clear(struct waiting *q)
{
    free(q->ring);
    free(q->heap);
    *q = (struct waiting){ 0 };
}

void waiting_reset(struct waiting *q)
{
    q->ring_first = q->ring_end = q->heap_count = q->n_tasks = 0;
}

static void heap_push(struct waiting *q, const struct waiting_run *run)
{
    xgrow(&q->heap, &q->heap_room, q->heap_count + 1, sizeof *q->heap);
    size_t i = q->heap_count++;
    for (; i > 0 && waiting_before(run, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
        q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = *run;
}

static void heap_pop(struct waiting *q)
{
    struct waiting_run last = q->heap[--q->heap_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < q->heap_count; i = child) {
        if (child + 1 < q->heap_count && waiting_before(&q->heap[child + 1], &q->heap[child]))
            child++;
        if (!waiting_before(&q->heap[child], &last))
            break;
        q->heap[i] = q->heap[child];
    }
    q->heap[i] = last;
}

static bool follows(const struct waiting_run *tail, const struct waiting_run *run)
{
    return tail->set == run->set && tail->attempt == run->attempt && tail->key == run->key &&
           tail->first + tail->count == run->first && tail->arrival + tail->count == run->arrival;
}

static void ring_push(struct waiting *q, const struct waiting_run *run)
{
    if (q->ring_end == q->ring_room && q->ring_first > q->ring_room / 2) {
        memmove(q->ring, q->ring + q->ring_first, (q->ring_end - q->ring_first) * sizeof *q->ring);
        q->ring_end -= q->ring_first;
        q->ring_first = 0;
    }
    xgrow(&q->ring, &q->ring_room, q->ring_end + 1, sizeof *q->ring);
    q->ring[q->ring_end++] = *run;
}

void waiting_push(struct waiting *q, const struct waiting_run *run)
{
    q->n_tasks += run->count;
    if (q->ring_first == q->ring_end) {
        q->ring_first = q->ring_end = 0;
        ring_push(q, run);
        return;
    }
    struct waiting_run *tail = &q->ring[q->ring_end - 1];
    if (follows(tail, run))
        tail->count += run->count;
    else if (waiting_before(tail, run))
        ring_push(q, run);
    else
        heap_push(q, run);
}

static bool heap_is_first(const struct waiting *q)
{
    if (q->heap_count == 0)
        return false;
    return q->ring_first == q->ring_end || waiting_before(&q->heap[0], &q->ring[q->ring_first]);
}

const struct waiting_run *waiting_first(const struct waiting *q)
{
    if (heap_is_first(q))
        return &q->heap[0];
    return q->ring_first < q->ring_end ? &q->ring[q->ring_first] : NULL;
}

void waiting_take(struct waiting *q, const struct waiting_run *first)
{
    bool from_heap = first == q->heap;
    struct waiting_run *run = from_heap ? &q->heap[0] : &q->ring[q->ring_first];
    q->n_tasks--;
    run->first++;
    run->arrival++;
    if (--run->count > 0)
        return;
    if (from_heap)
        heap_pop(q);
    else
        q->ring_first++;
}
