#include "scheduling/waiting.h"

#include <string.h>

#include "base/min_heap.h"
#include "base/xalloc.h"

bool waiting_before(const struct waiting_run *a, const struct waiting_run *b)
{
    return a->key < b->key || (a->key == b->key && a->arrival < b->arrival);
}

void waiting_clear(struct waiting *q)
{
    xfree(q->ring, q->heap);
    *q = (struct waiting){ 0 };
}

void waiting_reset(struct waiting *q)
{
    q->ring_first = q->ring_end = q->heap_count = q->n_tasks = 0;
}

static bool run_before(const void *a, const void *b)
{
    return waiting_before(a, b);
}

static void push_out_of_order(struct waiting *q, const struct waiting_run *run)
{
    xgrow(&q->heap, &q->heap_room, q->heap_count + 1, sizeof *q->heap);
    heap_push(q->heap, q->heap_count++, sizeof *q->heap, run_before, run);
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
        push_out_of_order(q, run);
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
        heap_pop(q->heap, q->heap_count--, sizeof *q->heap, run_before);
    else
        q->ring_first++;
}
