/* scheduling/prefix_sums.h - counts in a row, of which any may change: which one holds the i-th
 * thing, and how many lie before it. A Fenwick tree (1994): O(log n) each. */
#ifndef DAGCAST_SCHEDULING_PREFIX_SUMS_H
#define DAGCAST_SCHEDULING_PREFIX_SUMS_H

#include <stddef.h>

/* top: the largest power of two <= n; sum[i]: Fenwick's, from 1 */
struct prefix_sums { size_t n, top; size_t *sum; };
void prefix_sums_init(struct prefix_sums *s, size_t n);                  /* all 0; n >= 1 */
void prefix_sums_clear(struct prefix_sums *s);                           /* frees */
void prefix_sums_reset(struct prefix_sums *s);                           /* all 0 */
void prefix_sums_add(struct prefix_sums *s, size_t at, size_t amount);
void prefix_sums_subtract(struct prefix_sums *s, size_t at, size_t amount);
/* The count that holds thing number i, from 0; i is less than their sum. *before: the sum of those
 * before it. */
size_t prefix_sums_find(const struct prefix_sums *s, size_t i, size_t *before);
/* the sum of those before it */
size_t prefix_sums_before(const struct prefix_sums *s, size_t at);

#endif
