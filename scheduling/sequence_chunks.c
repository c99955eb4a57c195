/* The chunks of a long sequence: found by their ends, split when full, joined when small. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/sequence_impl.h"

/* A chunk that is made anew is filled so far. */
enum { FILL = CHUNK_ITEMS * 3 / 4 };
/* One with so few items is joined with others. */
enum { SMALL = CHUNK_ITEMS / 4 };

void chunks_clear(struct chunks *c)
{
    xfree(c->at, c->slots, c->sorts, c->free_slots, c->joined);
    *c = (struct chunks){ 0 };
}

void chunks_reset(struct chunks *c)
{
    c->n = c->n_slots = c->n_free = 0;
    c->first_changed = SIZE_MAX;
}

size_t chunks_find(const struct chunks *c, size_t place)
{
    size_t chunk;
    SORT_COUNT_IF(chunk, c->n, i, c->at[i].end <= place);
    return chunk;
}

static struct sequence_item *items_of(struct chunks *c, size_t chunk)
{
    return &c->slots[(size_t)c->at[chunk].slot * CHUNK_ITEMS];
}

static size_t begin_of(const struct chunks *c, size_t chunk)
{
    return chunk > 0 ? c->at[chunk - 1].end : 0;
}

static uint32_t take_slot(struct chunks *c)
{
    if (c->n_free > 0)
        return c->free_slots[--c->n_free];
    if (c->n_slots == c->slot_room) {
        xgrow(&c->sorts, &c->slot_room, c->n_slots + 1, sizeof *c->sorts);
        c->slots = xrealloc(c->slots, c->slot_room * CHUNK_ITEMS, sizeof *c->slots);
    }
    return (uint32_t)c->n_slots++;
}

static void give_slot(struct chunks *c, uint32_t slot)
{
    if (c->n_free == c->free_room)
        xgrow(&c->free_slots, &c->free_room, c->n_free + 1, sizeof *c->free_slots);
    c->free_slots[c->n_free++] = slot;
}

void chunks_read(const struct chunks *c, size_t low, size_t high, struct sequence_item *out)
{
    for (size_t k = chunks_find(c, low); low < high; k++) {
        size_t end = c->at[k].end < high ? c->at[k].end : high;
        memcpy(out, chunks_items(c, k) + (low - begin_of(c, k)), (end - low) * sizeof *out);
        out += end - low;
        low = end;
    }
}

static void note_changed(struct chunks *c, size_t k)
{
    c->first_changed = k < c->first_changed ? k : c->first_changed;
    c->some_small |= c->at[k].n <= SMALL;
}

static void remove_items(struct chunks *c, size_t low, size_t high)
{
    for (size_t k = chunks_find(c, low); low < high; k++) {
        struct chunk *chunk = &c->at[k];
        size_t begin = begin_of(c, k), end = chunk->end < high ? chunk->end : high;
        struct sequence_item *items = items_of(c, k) + (low - begin);
        size_t gone = end - low, behind = chunk->n - (end - begin);
        memmove(items, items + gone, behind * sizeof *items);
        chunk->n -= (uint32_t)gone;
        note_changed(c, k);
        low = end;
    }
}

uint64_t chunk_sorts_of(const struct sequence_item *items, size_t n)
{
    uint64_t sorts = 0;
    for (size_t i = 0; i < n; i++)
        sorts |= chunk_sort_of(items[i].demand_class);
    return sorts;
}

/* The items in place of the k-th chunk's, and in as many new ones behind it as they take. */
static void spread(struct chunks *c, size_t k, const struct sequence_item *items, size_t n)
{
    size_t pieces = n <= CHUNK_ITEMS ? 1 : (n + FILL - 1) / FILL, more = pieces - 1;
    size_t begin = begin_of(c, k);
    c->first_changed = k < c->first_changed ? k : c->first_changed;
    if (c->n + more > c->room)
        xgrow(&c->at, &c->room, c->n + more, sizeof *c->at);
    memmove(&c->at[k + pieces], &c->at[k + 1], (c->n - k - 1) * sizeof *c->at);
    c->n += more;
    for (size_t i = 0, done = 0; i < pieces; i++) {
        size_t upto = n * (i + 1) / pieces;
        struct chunk *chunk = &c->at[k + i];
        if (i > 0)
            *chunk = (struct chunk){ .slot = take_slot(c) };
        chunk->n = (uint32_t)(upto - done);
        chunk->end = begin + upto;
        memcpy(items_of(c, k + i), items + done, (upto - done) * sizeof *items);
        c->sorts[chunk->slot] = chunk_sorts_of(items + done, upto - done);
        done = upto;
    }
}

/* As that, in the middle of its items. Places below are found as before. */
static void spread_at(struct chunks *c, size_t k, size_t in, const struct sequence_item *items,
                      size_t n)
{
    size_t behind = c->at[k].n - in;
    if (in + n + behind > c->joined_room)
        xgrow(&c->joined, &c->joined_room, in + n + behind, sizeof *c->joined);
    const struct sequence_item *old = items_of(c, k);
    memcpy(c->joined, old, in * sizeof *old);
    memcpy(c->joined + in, items, n * sizeof *items);
    memcpy(c->joined + in + n, old + in, behind * sizeof *old);
    spread(c, k, c->joined, in + n + behind);
}

static void insert_items(struct chunks *c, size_t place, const struct sequence_item *items,
                         size_t n)
{
    size_t k = chunks_find(c, place);
    if (c->n == 0) {
        if (c->room == 0)
            xgrow(&c->at, &c->room, 1, sizeof *c->at);
        c->at[c->n++] = (struct chunk){ .slot = take_slot(c) };
    }
    k -= k == c->n;
    size_t in = place - begin_of(c, k);
    assert(in <= c->at[k].n);
    if (c->at[k].n + n > CHUNK_ITEMS) {
        spread_at(c, k, in, items, n);
        return;
    }
    struct sequence_item *at = items_of(c, k) + in;
    memmove(at + n, at, (c->at[k].n - in) * sizeof *at);
    memcpy(at, items, n * sizeof *at);
    c->at[k].n += (uint32_t)n;
    c->sorts[c->at[k].slot] |= chunk_sorts_of(items, n);
    note_changed(c, k);
}

/* As many items in place of others. */
static void write_over(struct chunks *c, size_t low, size_t high, const struct sequence_item *items)
{
    for (size_t k = chunks_find(c, low); low < high; k++) {
        size_t n = (c->at[k].end < high ? c->at[k].end : high) - low;
        memcpy(items_of(c, k) + (low - begin_of(c, k)), items, n * sizeof *items);
        c->sorts[c->at[k].slot] |= chunk_sorts_of(items, n);
        items += n;
        low += n;
    }
}

void chunks_replace(struct chunks *c, size_t low, size_t high, const struct sequence_item *items,
                    size_t n)
{
    size_t same = n < high - low ? n : high - low;
    if (same > 0)
        write_over(c, low, low + same, items);
    if (low + same < high)
        remove_items(c, low + same, high);
    if (same < n)
        insert_items(c, low + same, items + same, n - same);
}

/* Whether a chunk is emptied into the one before it. */
static bool joins(const struct chunk *before, const struct chunk *chunk)
{
    return before->n + chunk->n <= CHUNK_ITEMS / 2;
}

static void join(struct chunks *c, size_t before, size_t k)
{
    struct chunk *to = &c->at[before];
    const struct chunk *from = &c->at[k];
    memcpy(items_of(c, before) + to->n, items_of(c, k), from->n * sizeof *c->slots);
    to->n += from->n;
    c->sorts[to->slot] |= c->sorts[from->slot];
}

static void join_small(struct chunks *c)
{
    size_t kept = 0;
    for (size_t k = 0; k < c->n; k++) {
        const struct chunk *chunk = &c->at[k];
        bool gone = chunk->n == 0 || (kept > 0 && joins(&c->at[kept - 1], chunk));
        if (gone && chunk->n > 0)
            join(c, kept - 1, k);
        if (gone)
            give_slot(c, chunk->slot);
        else
            c->at[kept++] = *chunk;
    }
    c->n = kept;
}

void chunks_settle(struct chunks *c)
{
    if (c->some_small) {
        join_small(c);
        c->first_changed = 0;
    }
    size_t k = c->first_changed < c->n ? c->first_changed : c->n, end = begin_of(c, k);
    for (; k < c->n; k++)
        c->at[k].end = end += c->at[k].n;
    c->first_changed = SIZE_MAX;
    c->some_small = false;
}
