#include "drive/arrivals.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/key_map.h"
#include "base/xalloc.h"

enum { LEVELS = 32 };

struct block { double submitted_s, arrived_s; uint32_t left; };

struct arrivals {
    struct key_map blocks;               /* by level and first task */
    size_t n_at_level[LEVELS];
};

static uint64_t key_of(int level, uint32_t task)
{
    return (uint64_t)level << 32 | task >> level << level;
}

struct arrivals *arrivals_new(void)
{
    struct arrivals *a = xcalloc(1, sizeof *a);
    a->blocks.value_size = sizeof(struct block);
    return a;
}

void arrivals_free(struct arrivals *a)
{
    if (!a)
        return;
    key_map_clear(&a->blocks);
    free(a);
}

void arrivals_reset(struct arrivals *a)
{
    key_map_empty(&a->blocks);
    for (int level = 0; level < LEVELS; level++)
        a->n_at_level[level] = 0;
}

/* The largest block that begins with `first` and has at most `count` tasks. */
static int level_of(uint32_t first, uint32_t count)
{
    int level = 0;
    while (level + 1 < LEVELS && count >> (level + 1) && first >> (level + 1) << (level + 1) == first)
        level++;
    return level;
}

void arrivals_add(struct arrivals *a, uint32_t first, uint32_t count, double submitted_s, double arrived_s)
{
    while (count > 0) {
        int level = level_of(first, count);
        uint32_t n = UINT32_C(1) << level;
        struct block *b = key_map_add(&a->blocks, key_of(level, first));
        assert(b->left == 0);
        *b = (struct block){ .submitted_s = submitted_s, .arrived_s = arrived_s, .left = n };
        a->n_at_level[level]++;
        first += n;
        count -= n;
    }
}

/* The smallest block that covers the task is its own: a larger one is of an attempt before, and stays for others that still wait. */
void arrivals_take(struct arrivals *a, uint32_t task, double *submitted_s, double *arrived_s)
{
    for (int level = 0; level < LEVELS; level++) {
        struct block *b = a->n_at_level[level] ? key_map_find(&a->blocks, key_of(level, task)) : NULL;
        if (!b)
            continue;
        *submitted_s = b->submitted_s;
        *arrived_s = b->arrived_s;
        if (--b->left == 0) {
            key_map_remove(&a->blocks, key_of(level, task));
            a->n_at_level[level]--;
        }
        return;
    }
    assert(!"the task has arrived");
}
