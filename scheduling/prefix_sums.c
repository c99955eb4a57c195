#include "scheduling/prefix_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void prefix_sums_init(struct prefix_sums *s, size_t n)
{
    *s = (struct prefix_sums){ .n = n, .top = 1, .sum = xcalloc(n + 1, sizeof *s->sum) };
    while (s->top * 2 <= n)
        s->top *= 2;
}

void prefix_sums_clear(struct prefix_sums *s)
{
    free(s->sum);
    *s = (struct prefix_sums){ 0 };
}

void prefix_sums_reset(struct prefix_sums *s)
{
    memset(s->sum, 0, (s->n + 1) * sizeof *s->sum);
}

void prefix_sums_add(struct prefix_sums *s, size_t at, size_t amount)
{
    for (size_t i = at + 1; i <= s->n; i += i & (~i + 1))
        s->sum[i] += amount;
}

void prefix_sums_subtract(struct prefix_sums *s, size_t at, size_t amount)
{
    for (size_t i = at + 1; i <= s->n; i += i & (~i + 1))
        s->sum[i] -= amount;
}

size_t prefix_sums_find(const struct prefix_sums *s, size_t i, size_t *before)
{
    size_t at = 0, left = i;
    for (size_t step = s->top; step > 0; step /= 2)
        if (at + step <= s->n && s->sum[at + step] <= left) {
            at += step;
            left -= s->sum[at];
        }
    *before = i - left;
    return at;
}

size_t prefix_sums_before(const struct prefix_sums *s, size_t at)
{
    size_t sum = 0;
    for (size_t i = at; i > 0; i -= i & (~i + 1))
        sum += s->sum[i];
    return sum;
}
