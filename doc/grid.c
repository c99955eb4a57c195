#include <stdlib.h>

#include "base/table.h"
#include "base/xalloc.h"
#include "doc/doc_impl.h"

struct doc_grid *doc_grid_new(enum doc_layout layout, bool named, size_t n_columns,
                              size_t n_records)
{
    struct doc_grid *g = xcalloc(1, sizeof *g);
    *g = (struct doc_grid){
        .layout = layout, .named = named, .n_columns = n_columns, .n_records = n_records
    };
    g->columns = xcalloc(n_columns + 1, sizeof *g->columns);
    g->records = xcalloc(n_records + 1, sizeof *g->records);
    return g;
}

void doc_grid_free(struct doc_grid *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n_columns * g->records_held; i++)
        free(g->cells[i].text);
    for (size_t i = 0; i < g->n_records; i++)
        free(g->records[i].name);
    for (size_t i = 0; i < g->n_columns; i++) {
        xfree(g->columns[i].key, g->columns[i].label);
    }
    xfree(g->columns, g->records, g->cells, g);
}

/* Cells of records up to this one; those behind have room once they get a value. */
static void hold(struct doc_grid *g, size_t record)
{
    size_t held = g->records_held, more = record + 1 > 2 * held ? record + 1 : 2 * held;
    if (record < held)
        return;
    more = more < g->n_records ? more : g->n_records;
    g->cells = xrealloc(g->cells, more * g->n_columns, sizeof *g->cells);
    for (size_t i = held * g->n_columns; i < more * g->n_columns; i++)
        g->cells[i] = doc_none();
    g->records_held = more;
}

const struct doc_value *doc_grid_cell(const struct doc_grid *g, size_t record, size_t column)
{
    static const struct doc_value none = { 0 };
    if (record >= g->records_held)
        return &none;
    return &g->cells[record * g->n_columns + column];
}

void doc_grid_set(struct doc_grid *g, size_t record, size_t column, struct doc_value v)
{
    if (v.text && !v.owned)
        v.text = xstrdup(v.text);
    v.owned = v.text != NULL;
    hold(g, record);
    g->cells[record * g->n_columns + column] = v;
}

bool doc_grid_shows(const struct doc_grid *g, size_t column)
{
    bool any = !g->columns[column].optional;
    for (size_t i = 0; i < g->n_records && !any; i++)
        any = g->records[i].shown && !doc_value_is_none(doc_grid_cell(g, i, column));
    return any && g->columns[column].label;
}

bool *doc_grid_shown(const struct doc_grid *g)
{
    bool *shown = xcalloc(g->n_columns + 1, sizeof *shown);
    for (size_t c = 0; c < g->n_columns; c++)
        shown[c] = doc_grid_shows(g, c);
    return shown;
}

bool doc_grid_is_visible(const struct doc_grid *g)
{
    bool any = false;
    for (size_t c = 0; c < g->n_columns && !any; c++)
        any = g->columns[c].label != NULL;
    return any && g->left_out < g->n_records;
}

void doc_add_cell(struct str *out, const struct doc_grid *g, size_t record, size_t column)
{
    doc_value_add(out, doc_grid_cell(g, record, column), g->columns[column].format,
                  g->layout == DOC_ROWS);
}

/* ---- as people read it, cell by cell ---- */

static void set_cell(struct table *t, size_t column, const struct doc_grid *g, size_t record,
                     size_t field)
{
    struct str cell = { 0 };
    doc_add_cell(&cell, g, record, field);
    table_set_text(t, column, cell.text);
    str_clear(&cell);
}

static char *heading_of(const struct column *c)
{
    const char *unit = doc_unit_heading(c->format.unit);
    return str_format(*unit ? "%s [%s]" : "%s%s", c->label, unit);
}

static void fill_rows(struct table *t, const struct doc_grid *g, bool names)
{
    bool *shown = doc_grid_shown(g);
    if (names)
        table_add_column(t, "", TABLE_LEFT);
    for (size_t c = 0; c < g->n_columns; c++) {
        char *heading = shown[c] ? heading_of(&g->columns[c]) : NULL;
        if (heading)
            table_add_column(
                t, heading, doc_unit_is_left(g->columns[c].format.unit) ? TABLE_LEFT : TABLE_RIGHT);
        free(heading);
    }
    for (size_t r = 0; r < g->n_records; r++) {
        size_t at = names;
        if (!g->records[r].shown)
            continue;
        table_add_row(t);
        if (names)
            table_set_text(t, 0, g->records[r].name);
        for (size_t c = 0; c < g->n_columns; c++)
            if (shown[c])
                set_cell(t, at++, g, r, c);
    }
    free(shown);
}

static void fill_columns(struct table *t, const struct doc_grid *g)
{
    table_add_column(t, "", TABLE_LEFT);
    for (size_t r = 0; r < g->n_records; r++)
        if (g->records[r].shown)
            table_add_column(t, g->records[r].name ? g->records[r].name : "", TABLE_RIGHT);
    for (size_t c = 0; c < g->n_columns; c++) {
        size_t at = 1;
        if (!doc_grid_shows(g, c))
            continue;
        table_add_row(t);
        table_set_text(t, 0, g->columns[c].label);
        for (size_t r = 0; r < g->n_records; r++)
            if (g->records[r].shown)
                set_cell(t, at++, g, r, c);
    }
}

struct table *doc_grid_texts(const struct doc_grid *g, bool names)
{
    struct table *t = table_new();
    if (g->layout == DOC_ROWS)
        fill_rows(t, g, names && g->named);
    else
        fill_columns(t, g);
    return t;
}

/* ---- of a table of base/table.h ---- */

/* The format of a column: decimals are those of its first number. A column of texts is DOC_TEXT. */
static struct doc_format format_of(const struct table *t, size_t column)
{
    double x;
    int decimals;
    for (size_t r = 0; r < table_rows(t); r++)
        if (table_number(t, r, column, &x, &decimals))
            return (struct doc_format){ .unit = decimals > 0   ? DOC_NUMBER
                                                : decimals < 0 ? DOC_EXACT
                                                               : DOC_COUNT,
                                        .decimals = decimals > 0 ? decimals : 0 };
    return (struct doc_format){ .unit = DOC_TEXT };
}

static struct doc_value value_of(const struct table *t, size_t row, size_t column)
{
    double x;
    int decimals;
    if (table_number(t, row, column, &x, &decimals))
        return doc_number(x);
    return *table_text(t, row, column) ? doc_text(table_text(t, row, column)) : doc_none();
}

void doc_add_table(struct doc *d, const char *key, const char *title, const struct table *t)
{
    struct doc_grid *g = doc_grid_new(DOC_ROWS, false, table_columns(t), table_rows(t));
    for (size_t c = 0; c < g->n_columns; c++) {
        const char *name = table_column(t, c);
        g->columns[c] = (struct column){ xstrdup(name), xstrdup(name), format_of(t, c), false,
                                         false };
    }
    for (size_t r = 0; r < g->n_records; r++) {
        g->records[r].shown = true;
        for (size_t c = 0; c < g->n_columns; c++)
            doc_grid_set(g, r, c, value_of(t, r, c));
    }
    doc_add_block(d, BLOCK_TABLE, key, title)->grid = g;
}
