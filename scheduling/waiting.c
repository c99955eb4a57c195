#include "scheduling/waiting.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/min_heap.h"
#include "base/xalloc.h"

bool waiting_before(const struct waiting_run *a, const struct waiting_run *b)
{
    return a->key < b->key || (a->key == b->key && a->arrival < b->arrival);
}

static void free_ring(struct waiting *q)
{
    if (q->ring != &q->one)
        xfree(q->ring);
}

void waiting_clear(struct waiting *q)
{
    free_ring(q);
    if (q->late)
        xfree(q->late->run, q->late);
    *q = (struct waiting){ 0 };
}

void waiting_reset(struct waiting *q)
{
    q->ring_first = q->ring_end = q->n_tasks = 0;
    if (q->late)
        q->late->n = 0;
}

static bool run_before(const void *a, const void *b)
{
    return waiting_before(a, b);
}

static void push_out_of_order(struct waiting *q, const struct waiting_run *run)
{
    if (!q->late)
        q->late = xcalloc(1, sizeof *q->late);
    struct waiting_heap *h = q->late;
    xgrow(&h->run, &h->room, h->n + 1, sizeof *h->run);
    heap_push(h->run, h->n++, sizeof *h->run, run_before, run);
}

static bool follows(const struct waiting_run *tail, const struct waiting_run *run)
{
    return tail->set == run->set && tail->attempt == run->attempt && tail->key == run->key &&
           tail->first + tail->count == run->first && tail->arrival + tail->count == run->arrival;
}

OUT_OF_LINE static void make_room(struct waiting *q)
{
    if (q->ring_first > q->ring_room / 2) {
        q->ring_end -= q->ring_first;
        memmove(q->ring, q->ring + q->ring_first, q->ring_end * sizeof *q->ring);
        q->ring_first = 0;
    } else if (!q->ring) {
        q->ring = &q->one;
        q->ring_room = 1;
    } else {
        uint32_t room = q->ring_room > UINT32_MAX / 2 ? UINT32_MAX : 2 * q->ring_room + 2;
        bool own = q->ring != &q->one;
        q->ring = xrealloc(own ? q->ring : NULL, room, sizeof *q->ring);
        if (!own)
            q->ring[0] = q->one;
        q->ring_room = room;
    }
}

static void ring_push(struct waiting *q, const struct waiting_run *run)
{
    if (q->ring_end == q->ring_room)
        make_room(q);
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

static bool late_is_first(const struct waiting *q)
{
    if (waiting_late_runs(q) == 0)
        return false;
    return q->ring_first == q->ring_end ||
           waiting_before(&q->late->run[0], &q->ring[q->ring_first]);
}

const struct waiting_run *waiting_first(const struct waiting *q)
{
    if (late_is_first(q))
        return &q->late->run[0];
    return q->ring_first < q->ring_end ? &q->ring[q->ring_first] : NULL;
}

enum { MANY_RUNS = 1 << 16 };            /* whose room is given back once it is empty */

OUT_OF_LINE static void drop_ring(struct waiting *q)
{
    free(q->ring);
    q->ring = NULL;
    q->ring_first = q->ring_end = q->ring_room = 0;
}

void waiting_take(struct waiting *q, const struct waiting_run *first)
{
    bool late = q->late && first == q->late->run;
    struct waiting_run *run = late ? &q->late->run[0] : &q->ring[q->ring_first];
    q->n_tasks--;
    run->first++;
    run->arrival++;
    if (--run->count > 0)
        return;
    if (late)
        heap_pop(q->late->run, q->late->n--, sizeof *run, run_before);
    else if (++q->ring_first == q->ring_end && q->ring_room > MANY_RUNS)
        drop_ring(q);
}
