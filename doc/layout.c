#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

/* ---- where a block is ---- */

static void add_to_pointer(struct str *pointer, const char *part)
{
    str_add(pointer, "/");
    for (; *part; part++)
        if (*part == '~' || *part == '/')
            str_add(pointer, *part == '~' ? "~0" : "~1");
        else
            str_add_n(pointer, part, 1);
}

void way_enter(struct way *w, const char *key, bool list)
{
    struct level *here = &w->open[w->depth];
    char index[24];
    snprintf(index, sizeof index, "%zu", here->next++);
    here->length = w->pointer.length;
    add_to_pointer(&w->pointer, here->list ? index : key);
    w->open[++w->depth] = (struct level){ .list = list };
}

void way_leave(struct way *w)
{
    size_t length = w->open[--w->depth].length;
    w->pointer.length = length;
    if (w->pointer.text)
        w->pointer.text[length] = '\0';
}

/* ---- blocks ---- */

/* `key` may be a way of its own, "a/b": its slashes separate. */
static void add_at(cJSON *o, const struct way *w, const char *key)
{
    char *at = str_format("%s/%s", w->pointer.text ? w->pointer.text : "", key);
    cJSON_AddStringToObject(o, "at", at);
    free(at);
}

static void add_text(cJSON *o, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(o, key, text);
}

/* Where the value is: "order/best" of "order?/best". */
static void add_key(cJSON *o, const char *key)
{
    struct str plain = { 0 };
    for (; *key; key++)
        if (*key != '?' || key[1] != '/')
            str_add_n(&plain, key, 1);
    cJSON_AddStringToObject(o, "key", plain.text ? plain.text : "");
    str_clear(&plain);
}

static void add_column(cJSON *o, const struct column *c)
{
    add_text(o, "label", c->label);
    cJSON_AddStringToObject(o, "unit", doc_unit_name(c->format.unit));
    if (c->format.decimals)
        cJSON_AddNumberToObject(o, "decimals", c->format.decimals);
    if (c->format.sign)
        cJSON_AddTrueToObject(o, "sign");
    if (c->optional)
        cJSON_AddTrueToObject(o, "optional");
    if (c->main)
        cJSON_AddTrueToObject(o, "main");
}

static void add_fact(cJSON *o, const struct way *w, const struct doc_grid *g)
{
    cJSON *fact = cJSON_AddObjectToObject(o, "fact");
    add_column(fact, &g->columns[0]);
    if (g->columns[0].key)
        add_at(fact, w, g->columns[0].key);
    else
        cJSON_AddItemToObject(fact, "value",
                              doc_value_json(doc_grid_cell(g, 0, 0), g->columns[0].format.unit));
}

/* Values that are nowhere else: of fields without a key, of tables without one. A long table ends
 * with the last that people see; missing cells are read as none. */
static void add_cells(cJSON *field, const struct doc_grid *g, size_t column)
{
    cJSON *cells = cJSON_AddArrayToObject(field, "cells");
    size_t n = g->n_records;
    while (n > 0 && !g->records[n - 1].shown &&
           doc_value_is_none(doc_grid_cell(g, n - 1, column)))
        n--;
    for (size_t r = 0; r < n; r++)
        cJSON_AddItemToArray(
            cells, doc_value_json(doc_grid_cell(g, r, column), g->columns[column].format.unit));
}

static void add_fields(cJSON *table, const struct doc_grid *g, bool stored)
{
    cJSON *fields = cJSON_AddArrayToObject(table, "fields");
    for (size_t c = 0; c < g->n_columns; c++) {
        cJSON *field = cJSON_CreateObject();
        if (!g->columns[c].label) {
            cJSON_Delete(field);
            continue;
        }
        add_column(field, &g->columns[c]);
        if (stored && g->columns[c].key)
            add_key(field, g->columns[c].key);
        else
            add_cells(field, g, c);
        cJSON_AddItemToArray(fields, field);
    }
}

static void add_records(cJSON *table, const struct doc_grid *g)
{
    cJSON *shown = cJSON_AddArrayToObject(table, "shown"),
          *main = cJSON_AddArrayToObject(table, "main");
    for (size_t r = 0; r < g->n_records; r++) {
        if (g->records[r].shown)
            cJSON_AddItemToArray(shown, cJSON_CreateNumber((double)r));
        if (g->records[r].main)
            cJSON_AddItemToArray(main, cJSON_CreateNumber((double)r));
    }
    if (!g->named)
        return;
    cJSON *names = cJSON_AddArrayToObject(table, "names");
    for (size_t r = 0; r < g->n_records; r++)
        cJSON_AddItemToArray(names,
                             cJSON_CreateString(g->records[r].name ? g->records[r].name : ""));
}

static void add_table(cJSON *o, const struct way *w, const struct block *b)
{
    cJSON *table = cJSON_AddObjectToObject(o, "table");
    add_text(table, "title", b->text);
    cJSON_AddStringToObject(table, "layout", b->grid->layout == DOC_ROWS ? "rows" : "columns");
    cJSON_AddNumberToObject(table, "records", (double)b->grid->n_records);
    if (b->key)
        add_at(table, w, b->key);
    add_records(table, b->grid);
    add_fields(table, b->grid, b->key != NULL);
}

/* Sentences before block i that share its key, which ends with "[]". */
static size_t index_of(const struct doc *d, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < i; k++)
        n += d->blocks[k].text && str_equal(d->blocks[k].key, d->blocks[i].key);
    return n;
}

static void add_say(cJSON *o, const struct way *w, const struct doc *d, size_t i)
{
    const struct block *b = &d->blocks[i];
    cJSON *say = cJSON_AddObjectToObject(o, "say");
    cJSON_AddStringToObject(say, "role", role_name(b->role));
    if (b->key && str_ends(b->key, "[]")) {
        char *at = str_format("%.*s/%zu", (int)strlen(b->key) - 2, b->key, index_of(d, i));
        add_at(say, w, at);
        free(at);
    } else if (b->key)
        add_at(say, w, b->key);
    else
        add_text(say, "words", b->text);
}

static void add_figure(cJSON *o, const struct block *b)
{
    cJSON *figure = cJSON_AddObjectToObject(o, "figure");
    add_text(figure, "name", b->text);
    add_text(figure, "figure", b->figure);
    add_text(figure, "note", b->note);
}

static void add_picture(cJSON *o, const struct block *b)
{
    add_text(o, "picture", b->text);
    add_text(o, "kind", b->plot_kind);
    add_text(o, "of", b->plot_table);
}

static cJSON *item_of(struct way *w, const struct doc *d, size_t i)
{
    const struct block *b = &d->blocks[i];
    cJSON *o = cJSON_CreateObject();
    if (b->kind == BLOCK_OPEN || b->kind == BLOCK_OPEN_LIST)
        way_enter(w, b->key ? b->key : "", b->kind == BLOCK_OPEN_LIST);
    else if (b->kind == BLOCK_CLOSE)
        way_leave(w);
    else if (b->kind == BLOCK_SECTION)
        add_text(o, "section", b->text);
    else if (b->kind == BLOCK_SUBSECTION)
        add_text(o, "subsection", b->text);
    else if (b->kind == BLOCK_SAY && b->text)
        add_say(o, w, d, i);
    else if (b->kind == BLOCK_FACT && b->grid->columns[0].label)
        add_fact(o, w, b->grid);
    else if (b->kind == BLOCK_TABLE && (b->key || doc_grid_is_visible(b->grid)))
        add_table(o, w, b);
    else if (b->kind == BLOCK_FIGURE)
        add_figure(o, b);
    else if (b->kind == BLOCK_DETAILS)
        add_text(o, "details", b->text);
    else if (b->kind == BLOCK_DETAILS_END)
        cJSON_AddTrueToObject(o, "details_end");
    else if (b->kind == BLOCK_PICTURE)
        add_picture(o, b);
    else if (b->kind == BLOCK_GANTT)
        add_text(o, "picture", DOC_GANTT_CAPTION);
    else if (b->kind == BLOCK_EXPLORE)
        cJSON_AddItemReferenceToObject(o, "explore", b->data);
    else if (b->kind == BLOCK_PAGE_ONLY)
        cJSON_AddTrueToObject(o, "page_only");
    return o;
}

cJSON *layout_of(const struct doc *d)
{
    cJSON *page = cJSON_CreateObject();
    struct way w = { 0 };
    add_text(page, "title", d->title);
    cJSON *blocks = cJSON_AddArrayToObject(page, "blocks");
    for (size_t i = 0; i < d->n; i++) {
        cJSON *o = item_of(&w, d, i);
        if (o->child)
            cJSON_AddItemToArray(blocks, o);
        else
            cJSON_Delete(o);
    }
    str_clear(&w.pointer);
    return page;
}
