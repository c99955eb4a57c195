/* base/min_heap.h - numbers with something on them, the smallest first: a binary heap. */
#ifndef DAGCAST_BASE_MIN_HEAP_H
#define DAGCAST_BASE_MIN_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_item { double key; uint64_t value; };        /* no NAN; by key, then value */
/* zeros: empty. items[0] is the smallest of n > 0 */
struct min_heap { struct heap_item *items; size_t n, room; };

void min_heap_push(struct min_heap *h, struct heap_item item);           /* O(log n) */
struct heap_item min_heap_pop(struct min_heap *h);       /* h->n > 0; O(log n) */
void min_heap_clear(struct min_heap *h);

#endif
