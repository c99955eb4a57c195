/* Long lists, parsed element by element when they are read. */
#include "base/json_apart.h"

#include <assert.h>
#include <string.h>

#include "base/json_find.h"
#include "base/json_impl.h"

enum { ELEMENT_BLOCK = 1 << 14 }; /* bytes of memory */

static const cJSON *at_way(const cJSON *value, const size_t *way, size_t depth)
{
    for (size_t k = 0; k < depth; k++) {
        value = value->child;
        for (size_t i = 0; i < way[k]; i++)
            value = value->next;
    }
    return value;
}

void json_apart_find(struct json_document *doc)
{
    for (size_t k = 0; k < doc->parts.n_apart; k++) {
        struct json_apart *list = &doc->parts.apart[k];
        list->list = at_way(doc->root, list->way, list->depth);
    }
}

const struct json_apart *json_apart_of(const struct json_document *doc, const cJSON *list)
{
    for (size_t k = 0; k < doc->parts.n_apart && list; k++)
        if (doc->parts.apart[k].list == list)
            return &doc->parts.apart[k];
    return NULL;
}

bool json_has_apart(const struct json_document *doc)
{
    return doc->parts.n_apart > 0;
}

/* ---- walking ---- */

struct json_walk json_walk(const struct json *list)
{
    const struct json_document *doc = list->document;
    return (
        struct json_walk){ .list = list,
                           .apart = json_apart_of(doc, list->value),
                           .window = { .source = doc->source, .window_bytes = doc->window_bytes },
                           .tree.block_bytes = ELEMENT_BLOCK };
}

static void drop_element(struct json_walk *w)
{
    json_tree_free(w->held, &w->tree);
    w->held = NULL;
}

void json_walk_end(struct json_walk *w)
{
    drop_element(w);
    arena_clear(&w->tree);
    text_window_clear(&w->window);
}

/* Goes on to element i; its bytes with what follows up to the next one. */
static size_t step_to(struct json_walk *w, size_t i)
{
    const struct json_apart *list = w->apart;
    if (w->n_sizes == 0)
        w->begin = list->begin + json_apart_size(list, &w->n_sizes);
    assert(i >= w->index);
    for (; w->index < i; w->index++)
        w->begin += json_apart_size(list, &w->n_sizes);
    size_t behind = w->n_sizes;
    return (size_t)json_apart_size(list, &behind);
}

/* 1, 0 behind the last, -1. */
static int parse_element(struct json_walk *w, size_t i, struct json *out, struct error *err)
{
    const struct json_document *doc = w->list->document;
    drop_element(w);
    if (i >= w->apart->n)
        return 0;
    size_t size = step_to(w, i), there;
    const char *text = text_window_at(&w->window, w->begin, size, &there);
    w->held = there >= size ? json_tree_of(text, size, &w->tree) : NULL;
    *out = (struct json){ .document = doc, .value = w->held, .parent = w->list, .index = i };
    if (text_source_check(doc->source, err))
        return -1;
    if (!w->held)
        return json_error(w->list, err, "element %zu is not JSON that cJSON %s reads", i,
                          cJSON_Version());
    return json_check_keys(out, err) == 0 ? 1 : -1;
}

int json_walk_at(struct json_walk *w, size_t i, struct json *out, struct error *err)
{
    if (w->apart)
        return parse_element(w, i, out, err);
    if (!w->at.value) {
        w->at = json_first(w->list);
        w->index = 0;
    }
    assert(i >= w->index);
    for (; w->at.value && w->index < i; w->index++)
        w->at = json_next(&w->at);
    *out = w->at;
    return w->at.value != NULL;
}

size_t json_walk_count(const struct json *list)
{
    const struct json_apart *apart = json_apart_of(list->document, list->value);
    return apart ? apart->n : json_count(list);
}

/* ---- lines ---- */

size_t json_line_of_rest(const struct json_document *doc, const size_t *way, size_t depth)
{
    const struct json_parts *parts = &doc->parts;
    size_t at = (size_t)(json_find(parts->rest, way, depth) - parts->rest),
           line = json_find_line(parts->rest, way, depth);
    for (size_t k = 0; k < parts->n_apart; k++) {
        const struct json_apart *cut = &parts->apart[k];
        if (cut->rest_at <= at)
            line += text_source_lines(doc->source, cut->begin, cut->end);
    }
    return line;
}

size_t json_line_of_element(const struct json_document *doc, const struct json_apart *list,
                            size_t index, const size_t *way, size_t depth)
{
    size_t at = 0, size = 0, there, line;
    uint64_t begin = list->begin + json_apart_size(list, &at);
    for (size_t i = 0; i < index; i++)
        begin += json_apart_size(list, &at);
    size = (size_t)json_apart_size(list, &at);
    struct text_window window = { .source = doc->source, .window_bytes = doc->window_bytes };
    const char *text = text_window_at(&window, begin, size, &there);
    line = 1 + text_source_lines(doc->source, 0, begin);
    if (depth > 0 && there >= size)
        line += json_find_line(text, way, depth) - 1;
    text_window_clear(&window);
    return line;
}
