#include "base/json_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct json_paths json_paths_of(const char *lists)
{
    struct json_paths p = { { NULL } };
    size_t n = 0;
    for (const char *word = lists; *word && n < JSON_MOST_APART; word += strspn(word, " ")) {
        p.left[n++] = word;
        word += strcspn(word, " ");
    }
    return p;
}

struct json_paths json_paths_behind(const struct json_paths *of, const char *key, size_t length)
{
    struct json_paths p = { { NULL } };
    for (size_t k = 0; k < JSON_MOST_APART; k++) {
        const char *path = of->left[k];
        size_t first = path ? strcspn(path, ". ") : 0;
        if (path && first == length && memcmp(path, key, length) == 0)
            p.left[k] = path + first + (path[first] == '.');
    }
    return p;
}

bool json_paths_any(const struct json_paths *p, bool here)
{
    for (size_t k = 0; k < JSON_MOST_APART; k++)
        if (p->left[k] && (*p->left[k] == '\0' || *p->left[k] == ' ') == here)
            return true;
    return false;
}

void json_parts_clear(struct json_parts *p)
{
    for (size_t k = 0; k < JSON_MOST_APART; k++)
        free(p->apart[k].sizes);
    free(p->rest);
    *p = (struct json_parts){ .rest = NULL };
}

void json_parts_keep(struct json_parts *p, const char *bytes, size_t n)
{
    xgrow(&p->rest, &p->rest_room, p->rest_size + n + 1, 1);
    memcpy(p->rest + p->rest_size, bytes, n);
    p->rest_size += n;
}

static void add_size(struct json_apart *list, uint64_t size)
{
    if (list->room < list->n_sizes + JSON_SIZE_BYTES)
        xgrow(&list->sizes, &list->room, list->n_sizes + JSON_SIZE_BYTES, 1);
    for (; size >= 0x80; size >>= 7)
        list->sizes[list->n_sizes++] = (uint8_t)(size | 0x80);
    list->sizes[list->n_sizes++] = (uint8_t)size;
}

uint64_t json_apart_size(const struct json_apart *list, size_t *at)
{
    uint64_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert(*at < list->n_sizes);
        uint8_t byte = list->sizes[(*at)++];
        size |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return size;
    }
}

void json_parts_open(struct json_parts *p, uint64_t offset, const size_t *way, size_t depth)
{
    assert(!p->listed && p->n_apart < JSON_MOST_APART && depth <= JSON_WAY_MOST);
    struct json_apart *list = &p->apart[p->n_apart];
    uint8_t *sizes = list->sizes;
    size_t room = list->room;
    *list = (struct json_apart){ .depth = depth,
                                 .rest_at = p->rest_size,
                                 .begin = offset,
                                 .last = offset,
                                 .sizes = sizes,
                                 .room = room };
    memcpy(list->way, way, depth * sizeof *way);
    p->listed = true;
    p->cut = false;
}

void json_parts_element(struct json_parts *p, uint64_t offset)
{
    struct json_apart *list = &p->apart[p->n_apart];
    add_size(list, offset - list->last);
    list->last = offset;
    list->n++;
}

bool json_parts_cut(struct json_parts *p, uint64_t offset)
{
    const struct json_apart *list = &p->apart[p->n_apart];
    if (!p->listed || p->cut || list->n == 0 || offset - list->begin < JSON_LONG_LIST)
        return false;
    p->rest_size = list->rest_at;
    p->cut = true;
    return true;
}

void json_parts_close(struct json_parts *p, uint64_t offset)
{
    struct json_apart *list = &p->apart[p->n_apart];
    p->listed = false;
    if (!p->cut)
        return;
    add_size(list, offset - list->last);
    list->end = offset;
    list->sizes = xrealloc(list->sizes, list->n_sizes, 1);
    list->room = list->n_sizes;
    p->n_apart++;
}
