#include "base/xalloc.h"
#include "doc/doc_impl.h"

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
