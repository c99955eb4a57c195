#include <stdlib.h>

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
