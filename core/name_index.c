#include "core/name_index.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

#define uthash_malloc(size) xmalloc(size)
#include <uthash.h>

struct entry {
    const char *name;
    int id;
    UT_hash_handle hh;
};

struct name_index {
    struct entry *table;
};

struct name_index *name_index_new(void)
{
    return xcalloc(1, sizeof(struct name_index));
}

void name_index_free(struct name_index *index)
{
    if (!index)
        return;
    struct entry *e = index->table;
    HASH_CLEAR(hh, index->table);
    while (e) {
        struct entry *next = e->hh.next;
        free(e);
        e = next;
    }
    free(index);
}

int name_index_add(struct name_index *index, const char *name, int id)
{
    struct entry *e;
    HASH_FIND_STR(index->table, name, e);
    if (e)
        return e->id;
    e = xmalloc(sizeof *e);
    e->name = name;
    e->id = id;
    HASH_ADD_KEYPTR(hh, index->table, e->name, strlen(e->name), e);
    return -1;
}

int name_index_find(const struct name_index *index, const char *name)
{
    struct entry *e;
    HASH_FIND_STR(index->table, name, e);
    return e ? e->id : -1;
}

const char *name_index_nearest(const struct name_index *index, const char *word)
{
    size_t n = 0;
    const char **names = xcalloc(HASH_COUNT(index->table) + (size_t)1, sizeof *names);
    for (const struct entry *e = index->table; e; e = e->hh.next)
        names[n++] = e->name;
    const char *nearest = str_nearest(word, names);
    free(names);
    return nearest;
}
