#include "drive/arrivals.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { LEVELS = 32, FIRST_ROOM = 16 };

struct block {
    uint64_t key;                        /* level and first task; FREE: nothing is here */
    double submitted_s, arrived_s;
    uint32_t left;
};
#define FREE UINT64_MAX

/* A table of its own, with open addressing: each task that waits out of order comes and goes, and
 * uthash takes a tenth of the time in which a timeline is written. */
struct arrivals {
    struct block *blocks;                /* `room` places, a power of two, of which n are taken */
    size_t n, room;
    size_t n_at_level[LEVELS];
};

static uint64_t key_of(int level, uint32_t task)
{
    return (uint64_t)level << 32 | task >> level << level;
}

struct arrivals *arrivals_new(void)
{
    return xcalloc(1, sizeof(struct arrivals));
}

void arrivals_free(struct arrivals *a)
{
    if (a)
        free(a->blocks);
    free(a);
}

void arrivals_reset(struct arrivals *a)
{
    if (a->n > 0)
        memset(a->blocks, 0xff, a->room * sizeof *a->blocks);
    a->n = 0;
    memset(a->n_at_level, 0, sizeof a->n_at_level);
}

/* Where the key would lie if nothing were in its way: bits 32 and up of (key ^ key >> 32) x 2^64 /
 * golden ratio, modulo 2^64 (Fibonacci hashing, Knuth), as many as there is room for. */
static size_t home(const struct arrivals *a, uint64_t key)
{
    key ^= key >> 32;
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (a->room - 1);
}

/* Its own place, or the free one where it belongs. */
static struct block *place_of(const struct arrivals *a, uint64_t key)
{
    size_t i = home(a, key);
    while (a->blocks[i].key != FREE && a->blocks[i].key != key)
        i = (i + 1) & (a->room - 1);
    return &a->blocks[i];
}

static void grow(struct arrivals *a)
{
    struct arrivals old = *a;
    a->room = old.room ? 2 * old.room : FIRST_ROOM;
    a->blocks = xcalloc(a->room, sizeof *a->blocks);
    memset(a->blocks, 0xff, a->room * sizeof *a->blocks);
    for (size_t i = 0; i < old.room; i++)
        if (old.blocks[i].key != FREE)
            *place_of(a, old.blocks[i].key) = old.blocks[i];
    free(old.blocks);
}

/* What lies behind the gap and would be looked for from before it, moves into it. */
static void drop(struct arrivals *a, const struct block *b)
{
    size_t gap = (size_t)(b - a->blocks), mask = a->room - 1;
    for (size_t i = (gap + 1) & mask; a->blocks[i].key != FREE; i = (i + 1) & mask) {
        if (((i - home(a, a->blocks[i].key)) & mask) < ((i - gap) & mask))
            continue;
        a->blocks[gap] = a->blocks[i];
        gap = i;
    }
    a->blocks[gap].key = FREE;
    a->n--;
}

/* The largest block that begins with `first` and has at most `count` tasks. */
static int level_of(uint32_t first, uint32_t count)
{
    int level = 0;
    while (level + 1 < LEVELS && count >> (level + 1) &&
           first >> (level + 1) << (level + 1) == first)
        level++;
    return level;
}

void arrivals_add(struct arrivals *a, uint32_t first, uint32_t count, double submitted_s,
                  double arrived_s)
{
    while (count > 0) {
        int level = level_of(first, count);
        uint32_t n = UINT32_C(1) << level;
        if (4 * (a->n + 1) > 3 * a->room)
            grow(a);
        struct block *b = place_of(a, key_of(level, first));
        assert(b->key == FREE);
        *b = (struct block){ key_of(level, first), submitted_s, arrived_s, n };
        a->n++;
        a->n_at_level[level]++;
        first += n;
        count -= n;
    }
}

/* The smallest block that covers the task is its own: a larger one is of an attempt before, and
 * stays for others that still wait. */
void arrivals_take(struct arrivals *a, uint32_t task, double *submitted_s, double *arrived_s)
{
    for (int level = 0; level < LEVELS; level++) {
        struct block *b = a->n_at_level[level] ? place_of(a, key_of(level, task)) : NULL;
        if (!b || b->key == FREE)
            continue;
        *submitted_s = b->submitted_s;
        *arrived_s = b->arrived_s;
        if (--b->left == 0) {
            drop(a, b);
            a->n_at_level[level]--;
        }
        return;
    }
    assert(!"the task has arrived");
}
