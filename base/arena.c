#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { ALIGNMENT = 8 };

struct arena_block {
    struct arena_block *next;
    size_t size;                         /* with this head */
    _Alignas(ALIGNMENT) char bytes[];    /* also where pointers are shorter */
};

static char *from_new_block(struct arena *a, size_t size)
{
    assert(a->block_bytes > 0 && size > 0 && size < PTRDIFF_MAX - sizeof(struct arena_block));
    size_t least = sizeof(struct arena_block) + size,
           bytes = least > a->block_bytes ? least : a->block_bytes;
    struct arena_block *b = xmalloc_large(bytes);
    b->next = a->blocks;
    b->size = bytes;
    a->blocks = b;
    a->at = b->bytes + size;
    a->end = (char *)b + bytes;
    return b->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t gap = -(uintptr_t)a->at % ALIGNMENT, left = (size_t)(a->end - a->at);
    if (left < gap || left - gap < size)
        return from_new_block(a, size);
    char *piece = a->at + gap;
    a->at = piece + size;
    return piece;
}

char *arena_keep(struct arena *a, const char *text, size_t length)
{
    size_t size = length + 1;
    char *kept = a->at;
    if ((size_t)(a->end - a->at) < size)
        kept = from_new_block(a, size);
    else
        a->at += size;
    memcpy(kept, text, length);
    kept[length] = '\0';
    return kept;
}

bool arena_holds(const struct arena *a, const void *piece)
{
    for (const struct arena_block *b = a->blocks; b; b = b->next)
        if ((uintptr_t)piece - (uintptr_t)b < b->size)
            return true;
    return false;
}

void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->blocks;
    if (!kept || (size_t)(a->end - (char *)kept) != a->block_bytes) {
        arena_clear(a);
        return;
    }
    for (struct arena_block *b = kept->next, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    kept->next = NULL;
    a->at = kept->bytes;
}

void arena_clear(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){ .block_bytes = a->block_bytes };
}
