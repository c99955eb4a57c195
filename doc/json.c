/* The JSON of a result holds its values by key and, under "page", the layout of its blocks. Each
 * value is stored once: the layout points to it, and holds only what has no key. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

/* Where members go: the open objects and lists, and which element of a list is opened next. */
struct scope {
    cJSON *open[DOC_DEEPEST];
    cJSON *next[DOC_DEEPEST];            /* of an open list: its element that is opened next */
    size_t depth;
};

static void add_member(cJSON *container, const char *key, cJSON *value)
{
    if (cJSON_IsArray(container))
        cJSON_AddItemToArray(container, value);
    else
        cJSON_AddItemToObject(container, key, value);
}

/* The member `part` as an object. Of a name that ends with '?' and no value, null: NULL then. */
static cJSON *nested(cJSON *object, char *part, bool any)
{
    size_t n = strlen(part);
    bool may_be_null = part[n - 1] == '?';
    part[n - may_be_null] = '\0';
    cJSON *there = cJSON_GetObjectItemCaseSensitive(object, part);
    if (cJSON_IsObject(there))
        return there;
    if (may_be_null && !any)
        return there ? NULL : (cJSON_AddNullToObject(object, part), NULL);
    if (there)
        cJSON_DeleteItemFromObjectCaseSensitive(object, part);
    return cJSON_AddObjectToObject(object, part);
}

/* The object that holds the last part of `key`, made if missing; *last: that part. `any`: there
 * is a value. NULL: a null takes its place. */
static cJSON *parent_of(cJSON *object, const char *key, bool any, const char **last)
{
    for (const char *slash; object && (slash = strchr(key, '/')) != NULL; key = slash + 1) {
        char *part = xstrndup(key, (size_t)(slash - key));
        object = nested(object, part, any);
        free(part);
    }
    *last = key;
    return object;
}

/* "q05|q50|q95": a member a number. */
static void add_parts(cJSON *object, const char *names, const struct doc_value *v)
{
    for (size_t i = 0; *names; i++) {
        size_t n = strcspn(names, "|");
        char *name = xstrndup(names, n);
        cJSON_AddItemToObject(object, name,
                              i < v->n ? cJSON_CreateNumber(v->x[i]) : cJSON_CreateNull());
        free(name);
        names += n + (names[n] == '|');
    }
}

static void add_value(cJSON *object, const char *key, const struct doc_value *v, enum doc_unit unit)
{
    const char *last;
    cJSON *parent = parent_of(object, key, !doc_value_is_none(v), &last);
    if (!parent)
        return;
    if (strchr(last, '|'))
        add_parts(parent, last, v);
    else
        add_member(parent, last, doc_value_json(v, unit));
}

static void fill_record(cJSON *object, const struct doc_grid *g, size_t r)
{
    for (size_t c = 0; c < g->n_columns; c++)
        if (g->columns[c].key)
            add_value(object, g->columns[c].key, doc_grid_cell(g, r, c), g->columns[c].format.unit);
}

/* A table whose key is there already adds its fields to the records. */
static void add_table(cJSON *here, const struct block *b)
{
    const struct doc_grid *g = b->grid;
    cJSON *all = cJSON_IsObject(here) ? cJSON_GetObjectItemCaseSensitive(here, b->key) : NULL,
          *next = all ? all->child : NULL;
    if (!all)
        add_member(here, b->key, all = g->named ? cJSON_CreateObject() : cJSON_CreateArray());
    for (size_t r = 0; r < g->n_records; r++) {
        cJSON *record = next ? next : cJSON_CreateObject();
        if (!next)
            add_member(all, g->records[r].name ? g->records[r].name : "", record);
        next = next ? next->next : NULL;
        fill_record(record, g, r);
    }
}

/* An object that is opened again goes on, as do the elements of a list, from the first. */
static void open_scope(struct scope *s, const struct block *b)
{
    cJSON *here = s->open[s->depth - 1], *container = NULL;
    cJSON **next = &s->next[s->depth - 1];
    if (cJSON_IsArray(here)) {
        container = *next;
        *next = container ? container->next : NULL;
    } else if (b->key)
        container = cJSON_GetObjectItemCaseSensitive(here, b->key);
    if (!container) {
        container = b->kind == BLOCK_OPEN ? cJSON_CreateObject() : cJSON_CreateArray();
        add_member(here, b->key ? b->key : "", container);
    }
    s->next[s->depth] = container->child;
    s->open[s->depth++] = container;
}

static void add_words(cJSON *here, const struct block *b)
{
    if (!str_ends(b->key, "[]")) {
        add_value(here, b->key, &(struct doc_value){ .text = b->text }, DOC_TEXT);
        return;
    }
    if (!b->text)
        return;
    char *key = xstrndup(b->key, strlen(b->key) - 2);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(here, key);
    list = list ? list : cJSON_AddArrayToObject(here, key);
    cJSON_AddItemToArray(list, cJSON_CreateString(b->text));
    free(key);
}

static void add_block(struct scope *s, const struct block *b)
{
    cJSON *here = s->open[s->depth - 1];
    if (b->kind == BLOCK_OPEN || b->kind == BLOCK_OPEN_LIST)
        open_scope(s, b);
    else if (b->kind == BLOCK_CLOSE)
        s->depth--;
    else if (b->kind == BLOCK_FACT && b->grid->columns[0].key)
        add_value(here, b->grid->columns[0].key, doc_grid_cell(b->grid, 0, 0),
                  b->grid->columns[0].format.unit);
    else if (b->kind == BLOCK_DATA)
        add_member(here, b->key, cJSON_Duplicate(b->data, true));
    else if (b->key && b->kind == BLOCK_SAY)
        add_words(here, b);
    else if (b->key && b->kind == BLOCK_TABLE)
        add_table(here, b);
}

cJSON *doc_render_json(const struct doc *d)
{
    cJSON *root = cJSON_CreateObject();
    struct scope s = { .open = { root }, .depth = 1 };
    cJSON_AddStringToObject(root, "command", d->command);
    cJSON_AddStringToObject(root, "version", d->version);
    for (size_t i = 0; i < d->n; i++)
        add_block(&s, &d->blocks[i]);
    cJSON_AddItemToObject(root, "page", layout_of(d));
    return root;
}
