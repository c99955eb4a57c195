#include "traces/notes.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { TEXT_BLOCK_BYTES = 1 << 12 };

void notes_clear(struct notes *n)
{
    free(n->at);
    arena_clear(&n->texts);
    *n = (struct notes){ 0 };
}

void notes_add(struct notes *n, size_t count, const char *what, const char *why)
{
    if (!count)
        return;
    for (size_t i = 0; i < n->n; i++) {
        if (str_equal(n->at[i].what, what) && str_equal(n->at[i].why, why)) {
            n->at[i].count += count;
            return;
        }
    }
    n->texts.block_bytes = TEXT_BLOCK_BYTES;
    n->at = xrealloc(n->at, n->n + 1, sizeof *n->at);
    n->at[n->n++] = (struct note){ arena_keep(&n->texts, what, strlen(what)),
                                   arena_keep(&n->texts, why, strlen(why)), count };
}

void notes_add_all(struct notes *n, const struct notes *others)
{
    for (size_t i = 0; i < others->n; i++)
        notes_add(n, others->at[i].count, others->at[i].what, others->at[i].why);
}
