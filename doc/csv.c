#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

/* "q05|q50|q95": the names of a value's numbers. */
static size_t names_in(const char *key)
{
    size_t n = 1;
    for (; *key; key++)
        n += *key == '|';
    return n;
}

/* How many columns of the CSV a field takes: as many as its values have numbers. */
static size_t width_of(const struct doc_grid *g, size_t column)
{
    const char *key = g->columns[column].key;
    size_t most = key ? names_in(key) : 0;
    for (size_t r = 0; key && r < g->n_records; r++) {
        size_t n = doc_grid_cell(g, r, column)->n;
        most = n > most ? n : most;
    }
    return most;
}

/* "session.mean" of "session/mean"; of several numbers, by its name, else by `index`. */
static void add_heading(struct str *out, const char *key, size_t index, size_t width)
{
    const char *slash = strrchr(key, '/'), *part = slash ? slash + 1 : key;
    bool named = strchr(part, '|') != NULL;
    struct str name = { 0 };
    for (; key < part; key++)
        if (*key != '?')
            str_add_n(&name, *key == '/' ? "." : key, 1);
    for (size_t i = 0; named && i < index; i++)
        part = strchr(part, '|') + 1;
    str_add_n(&name, part, strcspn(part, "|"));
    if (!named && width > 1)
        str_addf(&name, ".%zu", index);
    escape_csv(out, name.text);
    str_clear(&name);
}

static void add_part(struct str *out, const struct doc_value *v, enum doc_unit unit, size_t index)
{
    if (v->text && index == 0)
        escape_csv(out, v->text);
    else if (!v->text && index < v->n && unit == DOC_FLAG)
        str_add(out, v->x[index] != 0 ? "true" : "false");
    else if (!v->text && index < v->n)
        str_add_double(out, v->x[index]);
}

/* The row of a record, or of the headings (NULL). */
static void add_row(struct str *out, const struct doc_grid *g, const size_t *widths,
                    const size_t *record)
{
    const char *before = "";
    if (g->named) {
        escape_csv(out, !record ? "name" : g->records[*record].name);
        before = ",";
    }
    for (size_t c = 0; c < g->n_columns; c++)
        for (size_t i = 0; i < widths[c]; i++, before = ",") {
            str_add(out, before);
            if (record)
                add_part(out, doc_grid_cell(g, *record, c), g->columns[c].format.unit, i);
            else
                add_heading(out, g->columns[c].key, i, widths[c]);
        }
    str_add(out, "\n");
}

bool doc_render_csv(const struct doc *d, struct str *out)
{
    const struct doc_grid *g = NULL;
    for (size_t i = 0; i < d->n && !g; i++)
        if (d->blocks[i].kind == BLOCK_TABLE && d->blocks[i].key)
            g = d->blocks[i].grid;
    if (!g)
        return false;
    size_t *widths = xcalloc(g->n_columns + 1, sizeof *widths);
    for (size_t c = 0; c < g->n_columns; c++)
        widths[c] = width_of(g, c);
    add_row(out, g, widths, NULL);
    for (size_t r = 0; r < g->n_records; r++)
        add_row(out, g, widths, &r);
    free(widths);
    return true;
}
