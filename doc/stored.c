#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

struct reader {
    struct doc *doc;
    const cJSON *root;
    const struct doc_drawer *drawer;
};

/* ---- values by JSON Pointer ---- */

/* Does the part up to the next slash name the key? */
static bool is_part(const char *part, size_t n, const char *key)
{
    for (; *key; key++) {
        char c = n > 1 && *part == '~' ? part[1] == '0' ? '~' : '/' : n > 0 ? *part : '\0';
        size_t used = n > 1 && *part == '~' ? 2 : 1;
        if (c != *key)
            return false;
        part += used;
        n -= used;
    }
    return n == 0;
}

static const cJSON *step(const cJSON *at, const char *part, size_t n)
{
    const cJSON *item;
    if (cJSON_IsArray(at))
        return cJSON_GetArrayItem(at, atoi(part));
    cJSON_ArrayForEach(item, at) if (item->string && is_part(part, n, item->string)) return item;
    return NULL;
}

/* `way` with or without a leading slash. NULL: there is nothing. */
static const cJSON *at_way(const cJSON *at, const char *way)
{
    way += *way == '/';
    while (at && *way) {
        size_t n = strcspn(way, "/");
        at = step(at, way, n);
        way += n + (way[n] == '/');
    }
    return at;
}

/* "summary/q05|q50|q95": the three as one value. */
static struct doc_value parts_at(const cJSON *object, const char *names)
{
    struct doc_value v = { 0 };
    while (*names && v.n < 3) {
        size_t n = strcspn(names, "|");
        char *name = xstrndup(names, n);
        const cJSON *x = cJSON_GetObjectItemCaseSensitive(object, name);
        free(name);
        if (!cJSON_IsNumber(x))
            return doc_none();
        v.x[v.n++] = x->valuedouble;
        names += n + (names[n] == '|');
    }
    return v;
}

static struct doc_value value_at(const cJSON *from, const char *way)
{
    const char *slash = strrchr(way, '/');
    if (!strchr(slash ? slash : way, '|'))
        return doc_value_of_json(at_way(from, way));
    char *before = slash ? xstrndup(way, (size_t)(slash - way)) : xstrdup("");
    struct doc_value v = parts_at(at_way(from, before), slash ? slash + 1 : way);
    free(before);
    return v;
}

/* ---- members of the layout ---- */

static const char *text_of(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static struct column column_of(const cJSON *o)
{
    const cJSON *decimals = cJSON_GetObjectItemCaseSensitive(o, "decimals");
    const char *key = text_of(o, "key"), *label = text_of(o, "label"), *unit = text_of(o, "unit");
    int u = unit ? doc_unit_find(unit) : -1;
    struct column c = { .key = key ? xstrdup(key) : NULL,
                        .label = xstrdup(label ? label : ""),
                        .optional = is_true(o, "optional"),
                        .main = is_true(o, "main") };
    c.format.unit = u < 0 ? DOC_TEXT : (enum doc_unit)u;
    c.format.sign = is_true(o, "sign");
    if (cJSON_IsNumber(decimals) && fabs(decimals->valuedouble) < 20)
        c.format.decimals = (int)decimals->valuedouble;
    return c;
}

static void add_fact(struct reader *r, const cJSON *o)
{
    const char *at = text_of(o, "at");
    struct doc_value v = at ? value_at(r->root, at)
                            : doc_value_of_json(cJSON_GetObjectItemCaseSensitive(o, "value"));
    struct doc_grid *g = doc_grid_new(DOC_COLUMNS, false, 1, 1);
    g->columns[0] = column_of(o);
    g->records[0].shown = true;
    doc_grid_set(g, 0, 0, v);
    doc_add_block(r->doc, BLOCK_FACT, NULL, NULL)->grid = g;
}

static void add_say(struct reader *r, const cJSON *o)
{
    const char *at = text_of(o, "at"), *name = text_of(o, "role");
    const char *words = at ? cJSON_GetStringValue(at_way(r->root, at)) : text_of(o, "words");
    int role = name ? role_find(name) : -1;
    doc_say(r->doc, role < 0 ? DOC_PLAIN : (enum doc_role)role, NULL, words);
}

static size_t size_of(const cJSON *o, const char *key, size_t most)
{
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(o, key);
    double x = cJSON_IsNumber(n) ? n->valuedouble : 0;
    return x > 0 && x <= (double)most ? (size_t)x : 0;
}

static void fill_field(struct doc_grid *g, size_t column, const cJSON *field, const cJSON *records)
{
    const cJSON *cell = cJSON_GetObjectItemCaseSensitive(field, "cells"),
                *record = records ? records->child : NULL;
    const char *key = text_of(field, "key");
    cell = cell ? cell->child : NULL;
    for (size_t i = 0; i < g->n_records; i++) {
        doc_grid_set(g, i, column, key ? value_at(record, key) : doc_value_of_json(cell));
        record = record ? record->next : NULL;
        cell = cell ? cell->next : NULL;
    }
}

static void mark_records(struct doc_grid *g, const cJSON *o)
{
    const cJSON *item;
    size_t i = 0;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(
                                 o, "shown")) if (item->valuedouble >= 0 &&
                                                  item->valuedouble < (double)g->n_records)
        g->records[(size_t)item->valuedouble]
            .shown = true;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(
                                 o, "main")) if (item->valuedouble >= 0 &&
                                                 item->valuedouble < (double)g->n_records)
        g->records[(size_t)item->valuedouble]
            .main = true;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(o, "names")) if (i < g->n_records)
        g->records[i++]
            .name = xstrdup(cJSON_IsString(item) ? item->valuestring : "");
    for (i = 0; i < g->n_records; i++)
        g->left_out += !g->records[i].shown;
}

enum { RECORDS_MOST = 10000000, FIELDS_MOST = 1000 };

static void add_table(struct reader *r, const cJSON *o)
{
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(o, "fields"), *field;
    const char *layout = text_of(o, "layout"), *at = text_of(o, "at");
    int n = cJSON_GetArraySize(fields);
    size_t column = 0, n_records = size_of(o, "records", RECORDS_MOST);
    if (n > FIELDS_MOST)
        return;
    struct doc_grid *g = doc_grid_new(str_equal(layout, "columns") ? DOC_COLUMNS : DOC_ROWS,
                                      cJSON_HasObjectItem(o, "names"), (size_t)n, n_records);
    cJSON_ArrayForEach(field, fields)
    {
        g->columns[column] = column_of(field);
        fill_field(g, column++, field, at ? at_way(r->root, at) : NULL);
    }
    mark_records(g, o);
    doc_add_block(r->doc, BLOCK_TABLE, NULL, text_of(o, "title"))->grid = g;
}

static void add_picture(struct reader *r, const cJSON *o, const char *caption)
{
    const struct doc_plot plot = { text_of(o, "kind"), text_of(o, "of") };
    if (plot.kind && plot.table && r->drawer->plot) {
        doc_plot(r->doc, caption, r->drawer->plot, &plot);
        return;
    }
    for (const struct doc_drawing *d = r->drawer->drawings; d && d->caption; d++) {
        if (!str_equal(d->caption, caption))
            continue;
        if (d->write)
            doc_gantt(r->doc, d->write, d->what);
        else
            doc_picture(r->doc, caption, d->draw, d->what);
        return;
    }
    doc_sayf(r->doc, DOC_NOTE, NULL,
             "Picture not stored: %s. Add --picture-data (or --report PAGE.html) to the command.",
             caption);
}

static void add_block(struct reader *r, const cJSON *o)
{
    const cJSON *item = o->child;
    const char *key = item && item->string ? item->string : "", *text = cJSON_GetStringValue(item);
    if (text && str_equal(key, "section"))
        doc_section(r->doc, text);
    else if (text && str_equal(key, "subsection"))
        doc_subsection(r->doc, text);
    else if (str_equal(key, "say"))
        add_say(r, item);
    else if (str_equal(key, "fact"))
        add_fact(r, item);
    else if (str_equal(key, "table"))
        add_table(r, item);
    else if (str_equal(key, "figure") && text_of(item, "name") && text_of(item, "figure"))
        doc_figure(r->doc, text_of(item, "name"), text_of(item, "figure"), text_of(item, "note"));
    else if (text && str_equal(key, "details"))
        doc_details(r->doc, text);
    else if (str_equal(key, "details_end"))
        doc_details_end(r->doc);
    else if (str_equal(key, "page_only"))
        doc_page_only(r->doc);
    else if (text && str_equal(key, "picture"))
        add_picture(r, o, text);
    else if (cJSON_IsObject(item) && str_equal(key, "explore"))
        doc_explore(r->doc, cJSON_Duplicate(item, true));
}

const char *doc_stored_title(const cJSON *json)
{
    return text_of(cJSON_GetObjectItemCaseSensitive(json, "page"), "title");
}

const cJSON *doc_stored_at(const cJSON *json, const char *path)
{
    return at_way(json, path);
}

const cJSON *doc_stored_records(const cJSON *json)
{
    const cJSON *page = cJSON_GetObjectItemCaseSensitive(json, "page"), *block;
    cJSON_ArrayForEach(block, cJSON_GetObjectItemCaseSensitive(page, "blocks"))
    {
        const char *at = text_of(cJSON_GetObjectItemCaseSensitive(block, "table"), "at");
        const cJSON *records = at ? at_way(json, at) : NULL;
        if (cJSON_IsArray(records) && cJSON_IsObject(records->child))
            return records;
    }
    return NULL;
}

struct doc *doc_load(const cJSON *json, const char *name, const struct doc_drawer *drawer,
                     struct error *err)
{
    static const struct doc_drawer nothing;
    const cJSON *page = cJSON_GetObjectItemCaseSensitive(json, "page"), *blocks, *block;
    const char *command = text_of(json, "command"), *version = text_of(json, "version"),
               *title = text_of(page, "title");
    blocks = cJSON_GetObjectItemCaseSensitive(page, "blocks");
    if (!command || !version || !cJSON_IsArray(blocks)) {
        error_set(err,
                  "%s: expected a result of dagcast with a \"page\", found %s; run the command "
                  "again with --json, or with --report PAGE.html",
                  name, command ? "one of an earlier version" : "other JSON");
        return NULL;
    }
    struct reader r = { doc_new(command, version), json, drawer ? drawer : &nothing };
    r.doc->stored = json;
    if (title)
        doc_title(r.doc, "%s", title);
    cJSON_ArrayForEach(block, blocks) add_block(&r, block);
    return r.doc;
}
