#include "scheduling/expected_ends.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"

enum { BLOCK = 128 };                    /* the most entries of a block */

static bool before(const struct expected_end *a, const struct expected_end *b)
{
    return a->end_s < b->end_s || (a->end_s == b->end_s && a->grant < b->grant);
}

void expected_ends_clear(struct expected_ends *e)
{
    for (size_t b = 0; b < e->n_blocks; b++)
        free(e->blocks[b].at);
    xfree(e->blocks, e->of_grant);
    *e = (struct expected_ends){ 0 };
}

/* The block in which the entry lies, or belongs: the last one that begins at or before it. */
static size_t find_block(const struct expected_ends *e, const struct expected_end *key)
{
    size_t n;
    SORT_COUNT_IF(n, e->n_blocks, i, !before(key, &e->blocks[i].at[0]));
    return n > 0 ? n - 1 : 0;
}

/* The first entry of the block that is not before the key. */
static uint32_t find_entry(const struct ends_block *b, const struct expected_end *key)
{
    uint32_t n;
    SORT_COUNT_IF(n, b->n, i, before(&b->at[i], key));
    return n;
}

/* An empty block, before the one of that number. */
static struct ends_block *insert_block(struct expected_ends *e, size_t at)
{
    xgrow(&e->blocks, &e->block_room, e->n_blocks + 1, sizeof *e->blocks);
    memmove(e->blocks + at + 1, e->blocks + at, (e->n_blocks - at) * sizeof *e->blocks);
    e->n_blocks++;
    e->blocks[at] = (struct ends_block){ 0, xcalloc(BLOCK, sizeof(struct expected_end)) };
    return &e->blocks[at];
}

static void remove_block(struct expected_ends *e, size_t at)
{
    free(e->blocks[at].at);
    e->n_blocks--;
    memmove(e->blocks + at, e->blocks + at + 1, (e->n_blocks - at) * sizeof *e->blocks);
}

static void split_block(struct expected_ends *e, size_t at)
{
    struct ends_block *upper = insert_block(e, at + 1), *lower = &e->blocks[at];
    lower->n = BLOCK / 2;
    upper->n = BLOCK - BLOCK / 2;
    memcpy(upper->at, lower->at + lower->n, upper->n * sizeof *upper->at);
}

void expected_ends_add(struct expected_ends *e, uint32_t grant, double end_s)
{
    struct expected_end new = { end_s, grant };
    if (e->n_blocks == 0)
        insert_block(e, 0);
    size_t number = find_block(e, &new);
    if (e->blocks[number].n == BLOCK) {
        split_block(e, number);
        number = find_block(e, &new);
    }
    struct ends_block *b = &e->blocks[number];
    uint32_t at = find_entry(b, &new);
    memmove(b->at + at + 1, b->at + at, (b->n - at) * sizeof *b->at);
    b->at[at] = new;
    b->n++;
    e->n++;
    xgrow(&e->of_grant, &e->grant_room, (size_t)grant + 1, sizeof *e->of_grant);
    e->of_grant[grant] = end_s;
}

double expected_ends_remove(struct expected_ends *e, uint32_t grant)
{
    struct expected_end key = { e->of_grant[grant], grant };
    size_t number = find_block(e, &key);
    struct ends_block *b = &e->blocks[number];
    uint32_t at = find_entry(b, &key);
    assert(at < b->n && b->at[at].grant == grant);
    memmove(b->at + at, b->at + at + 1, (b->n - at - 1) * sizeof *b->at);
    b->n--;
    e->n--;
    if (b->n == 0)
        remove_block(e, number);
    return key.end_s;
}

/* At the first entry that is not before the key. */
static struct ends_cursor find(const struct expected_ends *e, const struct expected_end *key)
{
    struct ends_cursor c = { find_block(e, key), 0 };
    if (c.block < e->n_blocks && (c.at = find_entry(&e->blocks[c.block], key)) ==
                                     e->blocks[c.block].n)
        c = (struct ends_cursor){ c.block + 1, 0 };
    return c;
}

struct ends_cursor expected_ends_from(const struct expected_ends *e, double at_s)
{
    return find(e, &(struct expected_end){ at_s, 0 });
}

double expected_ends_behind(const struct expected_ends *e, double at_s)
{
    struct ends_cursor c = find(e, &(struct expected_end){ at_s, UINT32_MAX });
    const struct expected_end *first = expected_ends_at(e, &c);
    return first ? first->end_s : INFINITY;
}
