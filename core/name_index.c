#include "core/name_index.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"

/* Names in the order of their coming, and a table of places among them with linear probing. Those
 * bits of a slot that a place does not need are of the name's hash, beside its home, so that few
 * texts are compared. */
struct name_index {
    const char **names;
    int *ids;                            /* NULL while each is its name's place */
    size_t n, room, id_room;
    uint32_t *table;                     /* slots: place from 1, bits of the hash; 0: empty */
    size_t size;                         /* a power of two, more than 4/3 n; 0: none yet */
};

enum { FIRST_SIZE = 16 };

struct name_index *name_index_new(void)
{
    return xcalloc(1, sizeof(struct name_index));
}

void name_index_free(struct name_index *index)
{
    if (!index)
        return;
    xfree(index->names, index->ids, index->table, index);
}

/* Depends on all bits of the text's hash (Fibonacci hashing, Knuth). */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = str_hash(name);
    return (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The name's slot, or the empty one where it belongs. */
static uint32_t *slot_of(const struct name_index *index, const char *name, uint64_t hash)
{
    uint32_t mask = (uint32_t)(index->size - 1), rest = (uint32_t)hash & ~mask;
    for (uint32_t i = (uint32_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        uint32_t *s = &index->table[i];
        if (*s == 0 || ((*s & ~mask) == rest && str_equal(index->names[(*s & mask) - 1], name)))
            return s;
    }
}

static void grow(struct name_index *index)
{
    index->size = index->size > 0 ? 2 * index->size : FIRST_SIZE;
    free(index->table);
    index->table = xcalloc(index->size, sizeof *index->table);
    uint32_t mask = (uint32_t)(index->size - 1);
    for (uint32_t i = 0; i < index->n; i++) {
        uint64_t hash = hash_of(index->names[i]);
        uint32_t at = (uint32_t)(hash >> 32) & mask;
        while (index->table[at] != 0)
            at = (at + 1) & mask;
        index->table[at] = (i + 1) | ((uint32_t)hash & ~mask);
    }
}

static int id_at(const struct name_index *index, uint32_t slot)
{
    int place = (int)(slot & (uint32_t)(index->size - 1)) - 1;
    return index->ids ? index->ids[place] : place;
}

/* Of the name that is added next. */
static void keep_id(struct name_index *index, int id)
{
    if (!index->ids && id == (int)index->n)
        return;
    bool first = !index->ids;
    xgrow(&index->ids, &index->id_room, index->n + 1, sizeof *index->ids);
    for (size_t i = 0; first && i < index->n; i++)
        index->ids[i] = (int)i;
    index->ids[index->n] = id;
}

int name_index_add(struct name_index *index, const char *name, int id)
{
    if (4 * (index->n + 1) > 3 * index->size)
        grow(index);
    uint64_t hash = hash_of(name);
    uint32_t *s = slot_of(index, name, hash);
    if (*s != 0)
        return id_at(index, *s);
    keep_id(index, id);
    xgrow(&index->names, &index->room, index->n + 1, sizeof *index->names);
    index->names[index->n++] = name;
    *s = (uint32_t)index->n | ((uint32_t)hash & ~(uint32_t)(index->size - 1));
    return -1;
}

int name_index_find(const struct name_index *index, const char *name)
{
    if (index->n == 0)
        return -1;
    uint32_t slot = *slot_of(index, name, hash_of(name));
    return slot != 0 ? id_at(index, slot) : -1;
}

const char *name_index_name(const struct name_index *index, int place)
{
    assert(place >= 0 && (size_t)place < index->n);
    return index->names[place];
}

const char *name_index_nearest(const struct name_index *index, const char *word)
{
    const char **names = xcalloc(index->n + 1, sizeof *names);
    for (size_t i = 0; i < index->n; i++)
        names[i] = index->names[i];
    const char *nearest = str_nearest(word, names);
    free(names);
    return nearest;
}
