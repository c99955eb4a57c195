/* base/bits.h - words as sets of 64 bits: counting, lowest member, lowest k members. */
#ifndef DAGCAST_BASE_BITS_H
#define DAGCAST_BASE_BITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Sums of 2, 4 and 8 bits side by side; the product adds the bytes. GCC's builtin is a call where
 * the processor need not have the instruction. */
static inline int bits_count(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (int)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Index of the lowest set bit; x must not be 0. */
static inline int bits_lowest(uint64_t x)
{
#ifdef COMPILER_HAS_BIT_BUILTINS
    return __builtin_ctzll(x);
#else
    int n = 0;
    for (; !(x & 1); x >>= 1)
        n++;
    return n;
#endif
}

/* The k lowest members of x if they lie side by side, the common case; else 0. x is not 0, k at
 * least 1. */
static inline uint64_t bits_lowest_run(uint64_t x, int k)
{
    int lowest = bits_lowest(x);
    if (k + lowest > 64)
        return 0;
    uint64_t run = (k == 64 ? ~UINT64_C(0) : (UINT64_C(1) << k) - 1) << lowest;
    return (x & run) == run ? run : 0;
}

/* The set of the k lowest members of x, which has at least k of them. */
static inline uint64_t bits_lowest_k(uint64_t x, int k)
{
    if (k == 0)
        return 0;
    uint64_t run = bits_lowest_run(x, k);
    if (run)
        return run;
    uint64_t rest = x;
    for (int i = 0; i < k; i++)
        rest &= rest - 1;
    return x & ~rest;
}

/* Of word w of a row of words, the members that are among from .. end - 1 of the row. */
static inline uint64_t bits_range(size_t w, size_t from, size_t end)
{
    size_t low = from > w * 64 ? from - w * 64 : 0;
    uint64_t below_end = end - w * 64 < 64 ? (UINT64_C(1) << (end - w * 64)) - 1 : ~UINT64_C(0);
    return below_end & ~UINT64_C(0) << low;
}

/* Members from .. end - 1 of a row of words are in; out. */
static inline void bits_add_range(uint64_t *words, size_t from, size_t end)
{
    for (size_t w = from / 64; w * 64 < end; w++)
        words[w] |= bits_range(w, from, end);
}

static inline void bits_remove_range(uint64_t *words, size_t from, size_t end)
{
    for (size_t w = from / 64; w * 64 < end; w++)
        words[w] &= ~bits_range(w, from, end);
}

#endif
