/* base/compiler.h - the only place that knows compilers: attributes that improve warnings or speed,
 * nothing that changes meaning. */
#ifndef DAGCAST_BASE_COMPILER_H
#define DAGCAST_BASE_COMPILER_H

#if defined(__GNUC__) || defined(__clang__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
/* rare or large: keeps the registers of its callers free */
#define OUT_OF_LINE __attribute__((noinline))
/* seldom called: what calls it is laid out for the other case */
#define RARE __attribute__((noinline, cold))
/* What is needed soon starts on its way to the cache. The empty statement keeps functions that only
 * prefetch: GCC takes them for pure, and drops their calls. */
#define PREFETCH(address)                                                                          \
    do {                                                                                           \
        __builtin_prefetch((const void *)(address));                                               \
        __asm__ volatile("");                                                                      \
    } while (0)
/* A loop that gains by wider vectors is also compiled for them, and the machine's own is chosen
 * when the program is loaded. Without fused operations: the same bits everywhere. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && defined(__OPTIMIZE__)  \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE_VECTORS __attribute__((target_clones("avx2", "default")))
#endif
/* Before a loop of few steps: it stays one until vectors are made of it. */
#if !defined(__clang__)
#define FOR_VECTORS _Pragma("GCC unroll 1")
#endif
/* __builtin_ctzll; base/bits.h has plain C beside them */
#define COMPILER_HAS_BIT_BUILTINS
#else
#define PRINTF_LIKE(text, first)
#define OUT_OF_LINE
#define RARE
#define PREFETCH(address) ((void)(address))
#endif

#ifndef WIDE_VECTORS
#define WIDE_VECTORS
#endif
#ifndef FOR_VECTORS
#define FOR_VECTORS
#endif

#endif
