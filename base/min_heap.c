#include "base/min_heap.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

static bool before(const void *a, const void *b)
{
    const struct heap_item *x = a, *y = b;
    return x->key != y->key ? x->key < y->key : x->value < y->value;
}

void min_heap_push(struct min_heap *h, struct heap_item item)
{
    xgrow(&h->items, &h->room, h->n + 1, sizeof *h->items);
    heap_push(h->items, h->n++, sizeof *h->items, before, &item);
}

struct heap_item min_heap_pop(struct min_heap *h)
{
    assert(h->n > 0);
    struct heap_item top = h->items[0];
    heap_pop(h->items, h->n--, sizeof *h->items, before);
    return top;
}

void min_heap_clear(struct min_heap *h)
{
    free(h->items);
    *h = (struct min_heap){ 0 };
}
