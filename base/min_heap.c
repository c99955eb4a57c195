#include "base/min_heap.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

static bool before(struct heap_item a, struct heap_item b)
{
    return a.key != b.key ? a.key < b.key : a.value < b.value;
}

void min_heap_push(struct min_heap *h, struct heap_item item)
{
    xgrow(&h->items, &h->room, h->n + 1, sizeof *h->items);
    size_t i = h->n++;
    for (; i > 0 && before(item, h->items[(i - 1) / 2]); i = (i - 1) / 2)
        h->items[i] = h->items[(i - 1) / 2];
    h->items[i] = item;
}

struct heap_item min_heap_pop(struct min_heap *h)
{
    assert(h->n > 0);
    struct heap_item top = h->items[0], last = h->items[--h->n];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        child += child + 1 < h->n && before(h->items[child + 1], h->items[child]);
        if (!before(h->items[child], last))
            break;
        h->items[i] = h->items[child];
    }
    h->items[i] = last;
    return top;
}

void min_heap_clear(struct min_heap *h)
{
    free(h->items);
    *h = (struct min_heap){ 0 };
}
