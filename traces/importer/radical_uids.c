#include "traces/importer/radical_uids.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { SIDE_BITS = 4, TEXT_BLOCK_BYTES = 1 << 16, FIRST_SIZE = 1024 };

/* number: one more than the uid's, 0 = empty */
struct radical_uid_entry { uint32_t number, hash; };

void radical_uids_init(struct radical_uids *u)
{
    *u = (struct radical_uids){ .table_size = FIRST_SIZE,
                                .texts = { .block_bytes = TEXT_BLOCK_BYTES } };
    u->table = xcalloc(u->table_size, sizeof *u->table);
}

void radical_uids_clear(struct radical_uids *u)
{
    arena_clear(&u->texts);
    xfree(u->at, u->table);
}

/* Uids that differ in their last digit only lie side by side in the table, so that tasks that are
 * near in number are near in memory: the least bits are those of the last character, the others a
 * hash of what stands before it, eight bytes at a time. */
static uint32_t hash_of(const char *text, size_t length)
{
    static const uint64_t factor = 0x9e3779b97f4a7c15u;
    size_t n = length ? length - 1 : 0, i = 0;
    uint64_t h = length, word = 0;
    for (; i + sizeof word <= n; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        h = (h ^ word) * factor;
        h ^= h >> 32;
    }
    for (word = 0; i < n; i++)
        word = word << 8 | (unsigned char)text[i];
    h = (h ^ word) * factor;
    return (uint32_t)(h >> 32 << SIDE_BITS) |
           (length ? (unsigned char)text[n] & ((1u << SIDE_BITS) - 1) : 0);
}

static bool is_uid(const struct radical_uids *u, size_t number, const char *text, size_t length)
{
    const struct radical_uid *uid = &u->at[number];
    if (uid->length != length || !length)
        return uid->length == length;
    /* mostly numbers: those that differ mostly do in the last character */
    return uid->text[length - 1] == text[length - 1] && !memcmp(uid->text, text, length - 1);
}

/* Open addressing, linear probing: where the uid of this hash stands in the table, or the empty
 * place where it would. */
static size_t place_of(const struct radical_uids *u, const char *text, size_t length, uint32_t hash)
{
    size_t mask = u->table_size - 1, i = hash & mask;
    for (; u->table[i].number; i = (i + 1) & mask)
        if (u->table[i].hash == hash && is_uid(u, u->table[i].number - 1, text, length))
            break;
    return i;
}

static void grow(struct radical_uids *u)
{
    struct radical_uid_entry *old = u->table;
    size_t n = u->table_size, mask = 2 * n - 1;
    u->table = xcalloc(2 * n, sizeof *u->table);
    u->table_size = 2 * n;
    for (size_t i = 0; i < n; i++) {
        size_t place = old[i].hash & mask;
        if (!old[i].number)
            continue;
        while (u->table[place].number)
            place = (place + 1) & mask;
        u->table[place] = old[i];
    }
    free(old);
}

/* Records follow one another by task or by event, then in the order in which tasks came: mostly the
 * last or the next, without the table. */
size_t radical_uids_find(struct radical_uids *u, const char *text, size_t length)
{
    for (size_t i = u->last; i < u->n && i <= u->last + 1; i++)
        if (is_uid(u, i, text, length))
            return u->last = i;
    uint32_t found = u->table[place_of(u, text, length, hash_of(text, length))].number;
    return found ? (u->last = found - 1) : RADICAL_UIDS_NONE;
}

size_t radical_uids_add(struct radical_uids *u, const char *text, size_t length)
{
    uint32_t hash = hash_of(text, length);
    size_t place = place_of(u, text, length, hash);
    xgrow(&u->at, &u->room, u->n + 1, sizeof *u->at);
    u->at[u->n] = (struct radical_uid){ arena_keep(&u->texts, text, length), (uint32_t)length };
    u->last = u->n;
    u->table[place] = (struct radical_uid_entry){ .number = (uint32_t)++u->n, .hash = hash };
    if (u->n * 2 > u->table_size)
        grow(u);
    return u->n - 1;
}
