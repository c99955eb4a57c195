/* base/sort.h - qsort() of what mostly is in order already: what was recorded in time is asked for by time.
 *
 * O(n) where the items are sorted, else qsort() after at most n more comparisons. Comparisons must be of a total order: equal items
 * come in any. */
#ifndef DAGCAST_BASE_SORT_H
#define DAGCAST_BASE_SORT_H

#include <stddef.h>

void sort_items(void *items, size_t n, size_t size, int (*compare)(const void *, const void *));

#endif
