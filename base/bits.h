/* base/bits.h - words as sets of 64 bits: counting, lowest member, lowest k members. */
#ifndef DAGCAST_BASE_BITS_H
#define DAGCAST_BASE_BITS_H

#include <stdint.h>

#include "base/compiler.h"

static inline int bits_count(uint64_t x)
{
#ifdef COMPILER_HAS_BIT_BUILTINS
    return __builtin_popcountll(x);
#else
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
#endif
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

/* The set of the k lowest members of x, which has at least k of them. */
static inline uint64_t bits_lowest_k(uint64_t x, int k)
{
    if (k == 0)
        return 0;
    uint64_t mask = k >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << k) - 1;
    uint64_t run = mask << bits_lowest(x);
    if ((x & run) == run && bits_count(run) == k)
        return run;                              /* they lie side by side: the common case */
    uint64_t rest = x;
    for (int i = 0; i < k; i++)
        rest &= rest - 1;
    return x & ~rest;
}

#endif
