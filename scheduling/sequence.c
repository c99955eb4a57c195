#include "scheduling/sequence.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/sequence_impl.h"

/* Up to so many tasks are one array: copying them costs less than moving some. An array becomes
 * chunks above MOST, chunks an array up to LEAST. */
enum { MOST = 1024, LEAST = MOST / 2 };

struct sequence *sequence_new(void)
{
    return xcalloc(1, sizeof(struct sequence));
}

void sequence_free(struct sequence *s)
{
    if (!s)
        return;
    chunks_clear(&s->chunks);
    xfree(s->items, s->spare, s->picked.at, s->picked.stack, s->picked.moved, s);
}

void sequence_reset(struct sequence *s)
{
    chunks_reset(&s->chunks);
    s->n = s->n_picked = s->picked.n = 0;
    s->is_long = s->turned = false;
}

size_t sequence_length(const struct sequence *s)
{
    return s->is_long ? chunks_length(&s->chunks) : s->n;
}

static void put(struct sequence *s, size_t place, const struct sequence_item *items, size_t n)
{
    if (n == 0)
        return;
    chunks_replace(&s->chunks, place, place, items, n);
    chunks_settle(&s->chunks);
}

static void become_long(struct sequence *s)
{
    chunks_reset(&s->chunks);
    put(s, 0, s->items, s->n);
    s->is_long = true;
    s->turned = false;
}

static void become_short(struct sequence *s)
{
    size_t n = chunks_length(&s->chunks);
    xgrow(&s->items, &s->room, n, sizeof *s->items);
    if (n > 0)
        chunks_read(&s->chunks, 0, n, s->items);
    if (s->turned)
        sequence_turn_items(s->items, n);
    s->n = n;
    s->is_long = false;
}

static void number(struct sequence_item *items, uint32_t first, uint32_t count, uint32_t class)
{
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct sequence_item){ first + i, class };
}

void sequence_append(struct sequence *s, uint32_t first, uint32_t count, uint32_t demand_class)
{
    if (!s->is_long && s->n + count > MOST)
        become_long(s);
    if (!s->is_long) {
        xgrow(&s->items, &s->room, s->n + count, sizeof *s->items);
        number(s->items + s->n, first, count, demand_class);
        s->n += count;
        return;
    }
    number(sequence_room_to_move(s, count), first, count, demand_class);
    if (s->turned)
        sequence_turn_items(s->picked.moved, count);
    put(s, s->turned ? 0 : chunks_length(&s->chunks), s->picked.moved, count);
}

struct sequence_item sequence_at(const struct sequence *s, size_t i)
{
    if (!s->is_long)
        return s->items[i];
    size_t n = chunks_length(&s->chunks), place = s->turned ? n - 1 - i : i;
    size_t k = chunks_find(&s->chunks, place);
    return chunks_items(&s->chunks, k)[place - (s->chunks.at[k].end - s->chunks.at[k].n)];
}

static size_t skip_items(const struct sequence_item *from, size_t n, bool down, const bool *skip)
{
    size_t i = 0;
    if (down)
        while (i < n && skip[(from - i)->demand_class])
            i++;
    else
        while (i < n && skip[from[i].demand_class])
            i++;
    return i;
}

/* Which of the 64 sorts of classes that a chunk knows need not be skipped all; all, if finding out
 * costs more than it saves. */
static uint64_t sorts_left(const struct sequence_skipped *skip, size_t n)
{
    uint64_t left = 0;
    if (n < 2 * CHUNK_ITEMS || n < 4 * skip->n_classes)
        return UINT64_MAX;
    for (size_t c = 0; c < skip->n_classes; c++)
        left |= skip->is[c] ? 0 : chunk_sort_of(c);
    return left;
}

static size_t skip_long(const struct sequence *s, size_t i, size_t n, bool down,
                        const struct sequence_skipped *skip)
{
    const struct chunks *c = &s->chunks;
    size_t place = s->turned ? chunks_length(c) - 1 - i : i, done = 0;
    uint64_t left = sorts_left(skip, n);
    down = down != s->turned;
    for (size_t k = chunks_find(c, place); done < n; k = down ? k - 1 : k + 1) {
        size_t in = place - (c->at[k].end - c->at[k].n), here = down ? in + 1 : c->at[k].n - in;
        here = here < n - done ? here : n - done;
        size_t skipped = here;
        if (c->sorts[c->at[k].slot] & left)
            skipped = skip_items(chunks_items(c, k) + in, here, down, skip->is);
        if (skipped == c->at[k].n && left != UINT64_MAX && (c->sorts[c->at[k].slot] & left))
            c->sorts[c->at[k].slot] = chunk_sorts_of(chunks_items(c, k), skipped);
        done += skipped;
        if (skipped < here)
            break;
        place = down ? place - here : place + here;
    }
    return done;
}

size_t sequence_skip(const struct sequence *s, size_t i, size_t n, bool down,
                     const struct sequence_skipped *skip, struct sequence_item *at)
{
    size_t skipped =
        s->is_long ? skip_long(s, i, n, down, skip) : skip_items(s->items + i, n, down, skip->is);
    if (skipped < n)
        *at = sequence_at(s, down ? i - skipped : i + skipped);
    return skipped;
}

static void pick_short(struct sequence *s, size_t low, size_t high, bool down)
{
    size_t n = high + 1 - low;
    if (s->n_picked + n > s->spare_room)
        xgrow(&s->spare, &s->spare_room, s->n_picked + n, sizeof *s->spare);
    struct sequence_item *out = s->spare + s->n_picked;
    const struct sequence_item *from = s->items + high;
    if (down)
        for (size_t i = 0; i < n; i++)
            out[i] = *(from - i);
    else
        memcpy(out, s->items + low, n * sizeof *out);
    s->n_picked += n;
}

static void pick_long(struct sequence *s, size_t low, size_t high, bool down)
{
    if (s->picked.n == s->picked.room)
        xgrow(&s->picked.at, &s->picked.room, s->picked.n + 1, sizeof *s->picked.at);
    s->picked.at[s->picked.n++] = (struct stretch){ .low = low, .high = high + 1, .down = down };
}

void sequence_pick(struct sequence *s, size_t low, size_t high)
{
    if (s->is_long)
        pick_long(s, low, high, true);
    else
        pick_short(s, low, high, true);
}

void sequence_pick_up(struct sequence *s, size_t low, size_t high)
{
    if (s->is_long)
        pick_long(s, low, high, false);
    else
        pick_short(s, low, high, false);
}

static void keep_short(struct sequence *s)
{
    struct sequence_item *items = s->spare;
    size_t room = s->spare_room;
    s->spare = s->items;
    s->spare_room = s->room;
    s->items = items;
    s->room = room;
    s->n = s->n_picked;
    s->n_picked = 0;
}

void sequence_keep_picked(struct sequence *s)
{
    if (!s->is_long) {
        keep_short(s);
        return;
    }
    sequence_rearrange(s);
    if (chunks_length(&s->chunks) <= LEAST)
        become_short(s);
}
