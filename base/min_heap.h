/* base/min_heap.h - binary heaps: the smallest first. One of numbers with something on them, and
 * push and pop of any other, in an array of its own. */
#ifndef DAGCAST_BASE_MIN_HEAP_H
#define DAGCAST_BASE_MIN_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct heap_item { double key; uint64_t value; };        /* no NAN; by key, then value */
/* zeros: empty. items[0] is the smallest of n > 0 */
struct min_heap { struct heap_item *items; size_t n, room; };

void min_heap_push(struct min_heap *h, struct heap_item item);           /* O(log n) */
struct heap_item min_heap_pop(struct min_heap *h);       /* h->n > 0; O(log n) */
void min_heap_clear(struct min_heap *h);

typedef bool (*heap_before_fn)(const void *a, const void *b);

/* Into a heap of n elements of that size; there is room for one more. Inline, so that size and
 * comparison are the caller's constants. */
static inline void heap_push(void *items, size_t n, size_t size, heap_before_fn before,
                             const void *item)
{
    char *at = items;
    size_t i = n;
    for (; i > 0 && before(item, at + (i - 1) / 2 * size); i = (i - 1) / 2)
        memcpy(at + i * size, at + (i - 1) / 2 * size, size);
    memcpy(at + i * size, item, size);
}

/* Removes the first of n > 0; the others are the first n - 1 afterwards. */
static inline void heap_pop(void *items, size_t n, size_t size, heap_before_fn before)
{
    char *at = items;
    const char *last = at + (n - 1) * size;
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < n - 1; i = child) {
        child += child + 2 < n && before(at + (child + 1) * size, at + child * size);
        if (!before(at + child * size, last))
            break;
        memcpy(at + i * size, at + child * size, size);
    }
    if (i < n - 1)
        memcpy(at + i * size, last, size);
}

#endif
