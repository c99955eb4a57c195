/* base/arena.h - many pieces of memory that are freed as one: a piece is where the last one ended,
 * and nothing is remembered of it.
 *
 *     struct arena a = { .block_bytes = 1 << 14 };
 *     const char *kept = arena_keep(&a, text, length);
 *
 * Memory comes in blocks: of a block nothing is touched before it is given away, so a large one
 * costs no more than what is used of it. */
#ifndef DAGCAST_BASE_ARENA_H
#define DAGCAST_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena {
    /* set by the caller, before the first piece: of each block; a larger piece has one of its own
     */
    size_t block_bytes;
    /* private, as what follows; NULL: nothing was given away yet */
    struct arena_block *blocks;
    char *at, *end;                      /* what is left of the last block */
};
/* size > 0; not zeroed; for pointers, doubles, integers of 8 bytes */
void *arena_alloc(struct arena *a, size_t size);
/* a copy, with a NUL behind it */
char *arena_keep(struct arena *a, const char *text, size_t length);
/* Is it one of its pieces? O(blocks), the last first */
bool arena_holds(const struct arena *a, const void *piece);
/* All pieces at once; the last block stays for the next ones, unless a large piece made it. */
void arena_reset(struct arena *a);
/* all pieces at once; the arena can be used again */
void arena_clear(struct arena *a);

#endif
