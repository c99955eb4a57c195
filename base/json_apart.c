/* Long lists, parsed element by element when they are read. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_impl.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { SHORT_LIST = 1 << 16, ELEMENT_BLOCK = 1 << 14 };  /* bytes of text, of memory */

/* ---- finding the lists ---- */

struct finder {
    struct json_document *doc;
    /* of each list set apart: its number among the children of each value on the way to it */
    size_t way[JSON_MOST_APART][JSON_DEEPEST];
    size_t depth[JSON_MOST_APART];
};

/* What a member's key leaves of each list's path: "tasks" of "workflow.tasks"; "": it is the list;
 * NULL: another member. */
struct paths { const char *left[JSON_MOST_APART]; };

static struct paths all_paths(const char *lists)
{
    struct paths p = { { NULL } };
    size_t n = 0;
    for (const char *word = lists; *word && n < JSON_MOST_APART; word += strspn(word, " ")) {
        p.left[n++] = word;
        word += strcspn(word, " ");
    }
    return p;
}

static struct paths paths_behind(const struct paths *of, const char *key, size_t length)
{
    struct paths p = { { NULL } };
    for (size_t k = 0; k < JSON_MOST_APART; k++) {
        const char *path = of->left[k];
        size_t first = path ? strcspn(path, ". ") : 0;
        if (path && first == length && memcmp(path, key, length) == 0)
            p.left[k] = path + first + (path[first] == '.');
    }
    return p;
}

static bool any(const struct paths *p, bool whole)
{
    for (size_t k = 0; k < JSON_MOST_APART; k++)
        if (p->left[k] && (*p->left[k] == '\0' || *p->left[k] == ' ') == whole)
            return true;
    return false;
}

/* Behind the list at `p`. */
static const char *find_elements(struct finder *f, const char *p, const size_t *way, size_t depth)
{
    struct json_document *doc = f->doc;
    struct json_apart list = { .begin = (size_t)(p - doc->text) };
    size_t room = 0;
    for (p = json_scan_past_space(p + 1); *p != ']';) {
        xgrow(&list.elements, &room, list.n + 2, sizeof *list.elements);
        list.elements[list.n++] = (uint32_t)(p - doc->text);
        p = json_scan_past_value(p);
        p = *p == ',' ? json_scan_past_space(p + 1) : p;
    }
    list.end = (size_t)(++p - doc->text);
    if (list.n == 0 || list.end - list.begin < SHORT_LIST || doc->n_apart == JSON_MOST_APART) {
        free(list.elements);
        return p;
    }
    list.elements[list.n] = (uint32_t)list.end;
    memcpy(f->way[doc->n_apart], way, depth * sizeof *way);
    f->depth[doc->n_apart] = depth;
    doc->apart[doc->n_apart++] = list;
    return p;
}

/* Behind the object at `p`, in which the lists of these paths are looked for. */
static const char *find_lists(struct finder *f, const char *p, const struct paths *of, size_t *way,
                              size_t depth)
{
    p = json_scan_past_space(p + 1);
    for (way[depth] = 0; *p != '}'; way[depth]++) {
        const char *key = p + 1;
        p = json_scan_past_string(p);
        struct paths left = paths_behind(of, key, (size_t)(p - 1 - key));
        p = json_scan_past_space(json_scan_past_space(p) + 1);
        if (*p == '[' && any(&left, true))
            p = find_elements(f, p, way, depth + 1);
        else if (*p == '{' && any(&left, false))
            p = find_lists(f, p, &left, way, depth + 1);
        p = json_scan_past_value(p);
        p = *p == ',' ? json_scan_past_space(p + 1) : p;
    }
    return p + 1;
}

/* ---- the tree of the rest ---- */

/* The text without what is between the lists' brackets; free() it. */
static char *without(const struct json_document *doc, size_t size, size_t *left)
{
    char *rest = xmalloc(size + 1);
    size_t from = 0;
    *left = 0;
    for (size_t k = 0; k <= doc->n_apart; k++) {
        size_t to = k < doc->n_apart ? doc->apart[k].begin + 1 : size;
        memcpy(rest + *left, doc->text + from, to - from);
        *left += to - from;
        from = k < doc->n_apart ? doc->apart[k].end - 1 : to;
    }
    rest[*left] = '\0';
    return rest;
}

static const cJSON *at_way(const cJSON *value, const size_t *way, size_t depth)
{
    for (size_t k = 0; k < depth; k++) {
        value = value->child;
        for (size_t i = 0; i < way[k]; i++)
            value = value->next;
    }
    return value;
}

void json_parse_apart(struct json_document *doc, size_t size, const char *lists)
{
    struct finder f = { .doc = doc };
    struct paths all = all_paths(lists);
    size_t way[JSON_DEEPEST], left = size;
    const char *root = json_scan_past_space(doc->text);
    if (size <= UINT32_MAX && *root == '{')
        find_lists(&f, root, &all, way, 0);
    char *rest = doc->n_apart ? without(doc, size, &left) : NULL;
    doc->root = json_tree_of(rest ? rest : doc->text, left, &doc->tree);
    free(rest);
    for (size_t k = 0; k < doc->n_apart && doc->root; k++)
        doc->apart[k].list = at_way(doc->root, f.way[k], f.depth[k]);
}

const struct json_apart *json_apart_of(const struct json_document *doc, const cJSON *list)
{
    for (size_t k = 0; k < doc->n_apart && list; k++)
        if (doc->apart[k].list == list)
            return &doc->apart[k];
    return NULL;
}

/* ---- walking ---- */

struct json_walk json_walk(const struct json *list)
{
    return (struct json_walk){ .list = list, .apart = json_apart_of(list->document, list->value),
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
}

/* 1, 0 behind the last, -1. */
static int parse_element(struct json_walk *w, size_t i, struct json *out, struct error *err)
{
    const struct json_document *doc = w->list->document;
    drop_element(w);
    if (i >= w->apart->n)
        return 0;
    size_t begin = w->apart->elements[i], size = w->apart->elements[i + 1] - begin;
    w->held = json_tree_of(doc->text + begin, size, &w->tree);
    *out = (struct json){ .document = doc, .value = w->held, .parent = w->list, .index = i };
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
