#include "base/key_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { FIRST_ROOM = 16 };

/* Where the key would lie if nothing were in its way: bits 32 and up of (key ^ key >> 32) x 2^64 / golden ratio, modulo 2^64 (Fibonacci
 * hashing, Knuth), as many as there is room for. They depend on all 64 bits of the key. */
static size_t home(const struct key_map *m, uint64_t key)
{
    key ^= key >> 32;
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (m->room - 1);
}

static void *value_at(const struct key_map *m, size_t i)
{
    return m->values + i * m->value_size;
}

/* Its own place, or the free one where it belongs. */
static size_t place_of(const struct key_map *m, uint64_t key)
{
    size_t i = home(m, key);
    while (m->keys[i] != KEY_MAP_NONE && m->keys[i] != key)
        i = (i + 1) & (m->room - 1);
    return i;
}

static void grow(struct key_map *m)
{
    struct key_map old = *m;
    m->room = old.room ? 2 * old.room : FIRST_ROOM;
    m->keys = xcalloc(m->room, sizeof *m->keys);
    m->values = xcalloc(m->room, m->value_size);
    memset(m->keys, 0xff, m->room * sizeof *m->keys);
    for (size_t i = 0; i < old.room; i++) {
        if (old.keys[i] == KEY_MAP_NONE)
            continue;
        size_t to = place_of(m, old.keys[i]);
        m->keys[to] = old.keys[i];
        memcpy(value_at(m, to), value_at(&old, i), m->value_size);
    }
    free(old.keys);
    free(old.values);
}

void *key_map_add(struct key_map *m, uint64_t key)
{
    assert(key != KEY_MAP_NONE && m->value_size > 0);
    if (4 * (m->n + 1) > 3 * m->room)
        grow(m);
    size_t i = place_of(m, key);
    if (m->keys[i] == KEY_MAP_NONE) {
        m->keys[i] = key;
        memset(value_at(m, i), 0, m->value_size);
        m->n++;
    }
    return value_at(m, i);
}

void *key_map_find(const struct key_map *m, uint64_t key)
{
    if (m->n == 0)
        return NULL;
    size_t i = place_of(m, key);
    return m->keys[i] == key ? value_at(m, i) : NULL;
}

/* What lies behind the gap and would be looked for from before it, moves into it. */
void key_map_remove(struct key_map *m, uint64_t key)
{
    if (m->n == 0)
        return;
    size_t gap = place_of(m, key), mask = m->room - 1;
    if (m->keys[gap] != key)
        return;
    for (size_t i = (gap + 1) & mask; m->keys[i] != KEY_MAP_NONE; i = (i + 1) & mask) {
        if (((i - home(m, m->keys[i])) & mask) < ((i - gap) & mask))
            continue;
        m->keys[gap] = m->keys[i];
        memcpy(value_at(m, gap), value_at(m, i), m->value_size);
        gap = i;
    }
    m->keys[gap] = KEY_MAP_NONE;
    m->n--;
}

void key_map_empty(struct key_map *m)
{
    if (m->n > 0)
        memset(m->keys, 0xff, m->room * sizeof *m->keys);
    m->n = 0;
}

void key_map_clear(struct key_map *m)
{
    free(m->keys);
    free(m->values);
    *m = (struct key_map){ .value_size = m->value_size };
}
