#include "core/unique_names.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"

struct unique_names {
    const char *separator;
    struct name_index *index;            /* names in use, and those that were numbered */
    struct arena texts;
    /* of each name: the last number that was tried behind it; 0: none */
    size_t *last;
    bool *in_use;
    size_t n, last_room, use_room;
};

struct unique_names *unique_names_new(const char *separator)
{
    struct unique_names *u = xcalloc(1, sizeof *u);
    u->separator = separator;
    u->index = name_index_new();
    u->texts.block_bytes = 1 << 14;
    return u;
}

void unique_names_free(struct unique_names *u)
{
    if (!u)
        return;
    name_index_free(u->index);
    arena_clear(&u->texts);
    xfree(u->last, u->in_use, u);
}

static size_t number_of(struct unique_names *u, const char *name)
{
    int known = name_index_find(u->index, name);
    if (known >= 0)
        return (size_t)known;
    name_index_add(u->index, arena_keep(&u->texts, name, strlen(name)), (int)u->n);
    xgrow(&u->last, &u->last_room, u->n + 1, sizeof *u->last);
    xgrow(&u->in_use, &u->use_room, u->n + 1, sizeof *u->in_use);
    u->last[u->n] = 0;
    u->in_use[u->n] = false;
    return u->n++;
}

bool unique_names_claim(struct unique_names *u, const char *name)
{
    size_t k = number_of(u, name);
    bool free_before = !u->in_use[k];
    u->in_use[k] = true;
    return free_before;
}

char *unique_names_numbered(struct unique_names *u, const char *name)
{
    size_t k = number_of(u, name);
    u->last[k] = u->last[k] ? u->last[k] : 1;
    for (;;) {
        char *candidate = str_format("%s%s%zu", name, u->separator, ++u->last[k]);
        if (unique_names_claim(u, candidate))
            return candidate;
        free(candidate);
    }
}

char *unique_names_take(struct unique_names *u, const char *name)
{
    return unique_names_claim(u, name) ? xstrdup(name) : unique_names_numbered(u, name);
}
