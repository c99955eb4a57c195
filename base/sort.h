/* base/sort.h - sorting of what mostly is in order already (what was recorded in time is asked for
 * by time), and by numbers alone.
 *
 * All are O(n) where the items are sorted. Comparisons must be of a total order: equal items come
 * in any. */
#ifndef DAGCAST_BASE_SORT_H
#define DAGCAST_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Comparisons for qsort(): int NAME(const void *, const void *), by members of a struct, the first
 * counting most. Numbers only: in ascending order, or each in an order of its own,
 * SORT_ORDER(by_size, struct item, SORT_DOWN(size) SORT_LAST(number)). */
#define SORT_ORDER(name, type, ...)                                                                \
    static int name(const void *a, const void *b)                                                  \
    {                                                                                              \
        const type *x = a, *y = b;                                                                 \
        return __VA_ARGS__;                                                                        \
    }
#define SORT_BY(name, type, m) SORT_ORDER(name, type, SORT_LAST(m))
#define SORT_BY_2(name, type, m1, m2) SORT_ORDER(name, type, SORT_FIRST(m1) SORT_LAST(m2))
#define SORT_BY_3(name, type, m1, m2, m3)                                                          \
    SORT_ORDER(name, type, SORT_FIRST(m1) SORT_FIRST(m2) SORT_LAST(m3))
#define SORT_BY_4(name, type, m1, m2, m3, m4)                                                      \
    SORT_ORDER(name, type, SORT_FIRST(m1) SORT_FIRST(m2) SORT_FIRST(m3) SORT_LAST(m4))
#define SORT_FIRST(m) (x->m) != (y->m) ? ((x->m) < (y->m) ? -1 : 1) :
#define SORT_DOWN(m) (x->m) != (y->m) ? ((x->m) > (y->m) ? -1 : 1) :
#define SORT_LAST(m) (x->m > y->m) - (x->m < y->m)
#define SORT_LAST_DOWN(m) (x->m < y->m) - (x->m > y->m)
int sort_by_int(const void *a, const void *b);           /* items are ints */
int sort_by_uint16(const void *a, const void *b);
/* doubles; NAN equals anything: keep it out */
int sort_by_double(const void *a, const void *b);
int sort_by_text(const void *a, const void *b);          /* char *, by strcmp() */

/* Else qsort() after at most n more comparisons. */
void sort_items(void *items, size_t n, size_t size, int (*compare)(const void *, const void *));

/* Items by numbers, the least first; those of equal keys stay in order, so that sorting by the
 * least important key first and by the most important last sorts by all. O(n): a pass over the
 * items for each byte in which keys differ, an eighth of qsort()'s time for 10^5. */
struct sort_key { uint64_t key; size_t item; };
void sort_keys(struct sort_key *keys, size_t n);
/* The same of the items themselves: each key's `item` is the number of an item. */
void sort_by_keys(void *items, size_t n, size_t size, struct sort_key *keys);

/* A double as a key: in the doubles' order, 0 the same as -0, NAN (of any sign) last. */
uint64_t sort_key_of(double x);

/* ascending, -0 before 0; no NAN; in O(n) as well */
void sort_doubles(double *x, size_t n);
/* Sets `count` to how many of n items hold `condition`, which asks about item `i`; they come first.
 * O(log n) */
#define SORT_COUNT_IF(count, n, i, condition)                                                      \
    do {                                                                                           \
        size_t above_ = (n);                                                                       \
        for ((count) = 0; (count) < above_;) {                                                     \
            size_t i = (count) + (above_ - (count)) / 2;                                           \
            if (condition)                                                                         \
                (count) = i + 1;                                                                   \
            else                                                                                   \
                above_ = i;                                                                        \
        }                                                                                          \
    } while (0)
/* How many of n values, ascending, are at most `limit`. O(log n) */
size_t sort_count(const double *x, size_t n, double limit);

#endif
