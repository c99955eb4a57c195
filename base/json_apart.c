/* Long lists, parsed element by element when they are read. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_impl.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { SHORT_LIST = 1 << 16, ELEMENT_BLOCK = 1 << 14 };  /* bytes of text, of memory */

/* The text without what is between the list's brackets; free() it. */
static char *without(const char *text, size_t size, const struct json_span *list, size_t *left)
{
    size_t ahead = list->begin + 1, behind = size - (list->end - 1);
    char *copy = xmalloc(ahead + behind + 1);
    memcpy(copy, text, ahead);
    memcpy(copy + ahead, text + list->end - 1, behind);
    *left = ahead + behind;
    copy[*left] = '\0';
    return copy;
}

static const cJSON *member_at(const cJSON *object, size_t ordinal)
{
    const cJSON *e = object->child;
    while (e && ordinal-- > 0)
        e = e->next;
    return e;
}

static void list_elements(struct json_document *doc, const struct json_span *span)
{
    size_t n = 0, room = 0;
    const char *e = json_scan_first(doc->text + span->begin);
    for (; e; e = json_scan_next(e)) {
        xgrow(&doc->elements, &room, n + 2, sizeof *doc->elements);
        doc->elements[n++] = (uint32_t)(e - doc->text);
    }
    doc->n_elements = n;
    if (n > 0)
        doc->elements[n] = (uint32_t)span->end;
}

void json_parse_apart(struct json_document *doc, size_t size, const char *list)
{
    struct json_span span;
    if (size > UINT32_MAX || !json_scan_member(doc->text, list, &span) ||
        doc->text[span.begin] != '[' || span.end - span.begin < SHORT_LIST) {
        doc->root = json_tree_of(doc->text, size, &doc->tree);
        return;
    }
    size_t left;
    char *rest = without(doc->text, size, &span, &left);
    doc->root = json_tree_of(rest, left, &doc->tree);
    free(rest);
    if (!doc->root)
        return;
    doc->apart = member_at(doc->root, span.ordinal);
    list_elements(doc, &span);
}

/* ---- walking ---- */

static bool is_apart(const struct json *list)
{
    return list->value && list->value == list->document->apart;
}

struct json_walk json_walk(const struct json *list)
{
    return (struct json_walk){ .list = list, .tree.block_bytes = ELEMENT_BLOCK };
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
}

/* 1, 0 behind the last, -1. */
static int parse_element(struct json_walk *w, size_t i, struct json *out, struct error *err)
{
    const struct json_document *doc = w->list->document;
    drop_element(w);
    if (i >= doc->n_elements)
        return 0;
    size_t begin = doc->elements[i], size = doc->elements[i + 1] - begin;
    w->held = json_tree_of(doc->text + begin, size, &w->tree);
    *out = (struct json){ .document = doc, .value = w->held, .parent = w->list, .index = i };
    if (!w->held)
        return json_error(w->list, err, "element %zu is not JSON that cJSON %s reads", i,
                          cJSON_Version());
    return json_check_keys(out, err) == 0 ? 1 : -1;
}

int json_walk_at(struct json_walk *w, size_t i, struct json *out, struct error *err)
{
    if (is_apart(w->list))
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
    return is_apart(list) ? list->document->n_elements : json_count(list);
}
