/* Documents: from text to a tree. */
#include <stdlib.h>
#include <string.h>

#include "base/json_impl.h"
#include "base/json_mend.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { FEW_KEYS = 16, LARGEST_BLOCK = 1 << 23 };

/* ---- memory ---- */

/* Of the document that this thread parses, else NULL. Here because cJSON's hooks get nothing
 * but a size. */
static _Thread_local struct arena *parsing;

static void *allocate(size_t size)
{
    return parsing ? arena_alloc(parsing, size) : malloc(size);
}

static void deallocate(void *p)
{
    if (!parsing)
        free(p);
}

void json_use_arenas(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = allocate, .free_fn = deallocate });
}

cJSON *json_tree_of(const char *text, size_t size, struct arena *a)
{
    parsing = a;
    cJSON *tree = cJSON_ParseWithLength(text, size);
    parsing = NULL;
    return tree;
}

void json_tree_free(cJSON *tree, struct arena *a)
{
    if (a->blocks)
        arena_reset(a);
    else
        cJSON_Delete(tree);
}

/* A tree takes some five times its text: a small document's is in one block. */
static size_t block_for(size_t size)
{
    return size < LARGEST_BLOCK / 8 ? 8 * size + 256 : LARGEST_BLOCK;
}

/* ---- documents ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct json *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static struct json place_of(const struct json *parent, const cJSON *value, size_t index)
{
    return (struct json){ .document = parent->document, .value = value, .parent = parent,
                          .key = value->string, .index = index };
}

static int appears_twice(const struct json *object, const cJSON *member, size_t index,
                         struct error *err)
{
    struct json place = place_of(object, member, index);
    return json_error(&place, err, "the key appears twice in its object");
}

/* Each with those ahead of it: for few that is less than sorting them. */
static int check_few_keys(const struct json *at, struct error *err)
{
    size_t index = 0;
    for (const cJSON *e = at->value->child; e; e = e->next, index++)
        for (const cJSON *other = at->value->child; other != e; other = other->next)
            if (json_is_called(other, e->string))
                return appears_twice(at, e, index, err);
    return 0;
}

/* Keys are compared as read, so that "a" and "\u0061" are the same. */
static int check_keys_of_object(const struct json *at, struct error *err)
{
    size_t n = json_count(at), i = 0;
    if (n <= FEW_KEYS)
        return check_few_keys(at, err);
    struct json *members = xcalloc(n, sizeof *members);
    int status = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        members[i] = e;
        members[i].index = i;
        i++;
    }
    qsort(members, n, sizeof *members, compare_keys);
    for (i = 1; i < n && status == 0; i++)
        if (str_equal(members[i].key, members[i - 1].key))
            status = appears_twice(at, members[i].value, members[i].index, err);
    free(members);
    return status;
}

int json_check_keys(const struct json *at, struct error *err)
{
    size_t index = 0;
    if (cJSON_IsObject(at->value) && check_keys_of_object(at, err))
        return -1;
    for (const cJSON *e = at->value->child; e; e = e->next, index++) {
        if (!e->child)
            continue;
        struct json place = place_of(at, e, index);
        if (json_check_keys(&place, err))
            return -1;
    }
    return 0;
}

/* The text is valid: the window still has what nothing was kept of. */
static void settle_rest(struct json_document *doc, struct text_window *window)
{
    struct json_parts *parts = &doc->parts;
    size_t size;
    if (parts->all) {
        const char *text = text_window_at(window, 0, 0, &size);
        parts->rest = text_source_release(doc->source, &parts->rest_size);
        if (!parts->rest)
            json_parts_keep(parts, text, size);
    }
    if (parts->n_apart > 0)
        return;
    text_source_free(doc->source);
    doc->source = NULL;
}

static int scan(struct json_document *doc, const char *lists, struct error *err)
{
    struct text_window window = { .source = doc->source, .window_bytes = doc->window_bytes };
    doc->parts.lists = json_paths_of(lists ? lists : "");
    int status = json_scan(&window, &doc->parts, err);
    if (status)
        error_prefix(err, "%s:", doc->name);
    if (text_source_check(doc->source, err))
        status = -1;
    if (status == 0)
        settle_rest(doc, &window);
    text_window_clear(&window);
    return status;
}

static int make_tree(struct json_document *doc, struct error *err)
{
    const struct json_parts *parts = &doc->parts;
    doc->tree.block_bytes = block_for(parts->rest_size);
    doc->root = json_tree_of(parts->rest, parts->rest_size, &doc->tree);
    if (!doc->root)
        return error_set(err, "%s: is not JSON that cJSON %s reads", doc->name, cJSON_Version());
    json_apart_find(doc);
    struct json root = json_root(doc);
    return json_check_keys(&root, err);
}

struct json_document *json_read(struct text_source *source, size_t window_bytes, const char *name,
                                const char *lists, struct error *err)
{
    struct json_document *doc = xcalloc(1, sizeof *doc);
    doc->name = xstrdup(name);
    doc->source = source;
    doc->window_bytes = window_bytes;
    if (scan(doc, lists, err) == 0 && make_tree(doc, err) == 0)
        return doc;
    json_free(doc);
    return NULL;
}

struct json_document *json_parse_source(struct text_source *source, const char *name,
                                        const char *lists, struct error *err)
{
    return json_read(source, 0, name, lists, err);
}

struct json_document *json_load_apart(const char *path, const char *lists, struct error *err)
{
    struct text_source *source = text_source_open(path, UINT32_MAX, err);
    return source ? json_parse_source(source, path, lists, err) : NULL;
}

struct json_document *json_load(const char *path, struct error *err)
{
    return json_load_apart(path, NULL, err);
}

struct json_document *json_parse(const char *text, size_t size, const char *name, struct error *err)
{
    return json_parse_source(text_source_borrow(text, size), name, NULL, err);
}

struct json_document *json_parse_apart_list(const char *text, size_t size, const char *name,
                                            const char *lists, struct error *err)
{
    char *copy = xmalloc(size + 1);
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return json_parse_source(text_source_take(copy, size), name, lists, err);
}

struct json_document *json_parse_mended(const char *text, size_t size, const char *name,
                                        size_t *replaced, struct error *err)
{
    size_t mended_size, n;
    char *mended = json_mend(text, size, &mended_size, &n);
    *replaced += n;
    return json_parse_source(text_source_take(mended, mended_size), name, NULL, err);
}

void json_free(struct json_document *doc)
{
    if (!doc)
        return;
    if (!doc->tree.blocks)
        cJSON_Delete(doc->root);
    arena_clear(&doc->tree);
    text_source_free(doc->source);
    json_parts_clear(&doc->parts);
    xfree(doc->name, doc);
}
