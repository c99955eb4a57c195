#include "model/wave_queue.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

static bool before(const struct wave_event *a, const struct wave_event *b)
{
    return a->time_s < b->time_s || (a->time_s == b->time_s && a->number < b->number);
}

void wave_queue_push(struct wave_queue *q, struct wave_event ev)
{
    ev.number = q->pushed++;
    xgrow(&q->heap, &q->room, q->n + 1, sizeof *q->heap);
    size_t i = q->n++;
    for (; i > 0 && before(&ev, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
        q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = ev;
}

struct wave_event wave_queue_pop(struct wave_queue *q)
{
    assert(q->n > 0);
    struct wave_event top = q->heap[0], last = q->heap[--q->n];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < q->n) {
        if (child + 1 < q->n && before(&q->heap[child + 1], &q->heap[child]))
            child++;
        if (!before(&q->heap[child], &last))
            break;
        q->heap[i] = q->heap[child];
        i = child;
    }
    q->heap[i] = last;
    return top;
}

void wave_queue_reset(struct wave_queue *q)
{
    q->n = 0;
    q->pushed = 0;
}

void wave_queue_clear(struct wave_queue *q)
{
    free(q->heap);
    *q = (struct wave_queue){ 0 };
}
