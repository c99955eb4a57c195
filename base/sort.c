#include "base/sort.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { DIGITS = sizeof(uint64_t), DIGIT_BITS = 8, DIGIT_VALUES = 1 << DIGIT_BITS, FEW = 48 };

static const uint64_t sign = (uint64_t)1 << 63;

int sort_by_int(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

int sort_by_uint16(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

int sort_by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int sort_by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void sort_items(void *items, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    const char *item = items;
    for (size_t i = 1; i < n; i++, item += size)
        if (compare(item, item + size) > 0) {
            qsort(items, n, size, compare);
            return;
        }
}

static size_t digit(uint64_t key, int d)
{
    return key >> (d * DIGIT_BITS) & (DIGIT_VALUES - 1);
}

static bool in_order(const struct sort_key *keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (keys[i - 1].key > keys[i].key)
            return false;
    return true;
}

static void sort_few(struct sort_key *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sort_key k = keys[i];
        size_t place = i;
        for (; place && keys[place - 1].key > k.key; place--)
            keys[place] = keys[place - 1];
        keys[place] = k;
    }
}

/* To where their digits belong, in order; `count` holds how many keys have each digit, and then
 * where the next one goes. */
static void deal(const struct sort_key *from, struct sort_key *to, size_t n, int d, size_t *count)
{
    size_t place = 0;
    for (size_t v = 0; v < DIGIT_VALUES; v++) {
        size_t n_here = count[v];
        count[v] = place;
        place += n_here;
    }
    for (size_t i = 0; i < n; i++)
        to[count[digit(from[i].key, d)]++] = from[i];
}

/* Radix sort, least significant digit first; digits that all keys share are passed over. */
void sort_keys(struct sort_key *keys, size_t n)
{
    if (in_order(keys, n))
        return;
    if (n <= FEW) {
        sort_few(keys, n);
        return;
    }
    size_t (*count)[DIGIT_VALUES] = xcalloc(DIGITS, sizeof *count);
    struct sort_key *other = xmalloc(n * sizeof *other), *from = keys, *to = other;
    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            count[d][digit(keys[i].key, d)]++;
    for (int d = 0; d < DIGITS; d++) {
        if (count[d][digit(keys[0].key, d)] == n)
            continue;
        deal(from, to, n, d, count[d]);
        struct sort_key *dealt = to;
        to = from;
        from = dealt;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
    xfree(other, count);
}

void sort_by_keys(void *items, size_t n, size_t size, struct sort_key *keys)
{
    if (in_order(keys, n))
        return;
    sort_keys(keys, n);
    char *before = xmemdup(items, n * size), *to = items;
    for (size_t i = 0; i < n; i++, to += size)
        memcpy(to, before + keys[i].item * size, size);
    free(before);
}

/* Bits that are ordered as the doubles are: of negative ones all are flipped, of others the sign.
 */
static uint64_t ordered_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

uint64_t sort_key_of(double x)
{
    return isnan(x) ? UINT64_MAX : ordered_bits(x + 0.0);
}

void sort_doubles(double *x, size_t n)
{
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ .key = ordered_bits(x[i]), .item = i };
    sort_keys(keys, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = keys[i].key & sign ? keys[i].key & ~sign : ~keys[i].key;
        memcpy(&x[i], &bits, sizeof bits);
    }
    free(keys);
}

size_t sort_count(const double *x, size_t n, double limit)
{
    size_t count;
    SORT_COUNT_IF(count, n, i, x[i] <= limit);
    return count;
}
