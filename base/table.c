#include "base/table.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct column {
    char *name;
    enum table_align align;
};

struct cell {
    char *text;                              /* as printed; NULL: no value */
    double number;
    int decimals;
    bool is_number;
};

struct table {
    struct column *columns;
    struct cell *cells;                      /* row-major, row * n_columns + column */
    size_t n_columns, column_room, n_rows, cell_room;
};

struct table *table_new(void)
{
    return xcalloc(1, sizeof(struct table));
}

void table_free(struct table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->columns[i].name);
    for (size_t i = 0; i < t->n_rows * t->n_columns; i++)
        free(t->cells[i].text);
    xfree(t->columns, t->cells, t);
}

void table_add_column(struct table *t, const char *name, enum table_align align)
{
    assert(t->n_rows == 0);
    xgrow(&t->columns, &t->column_room, t->n_columns + 1, sizeof *t->columns);
    t->columns[t->n_columns++] = (struct column){ .name = xstrdup(name), .align = align };
}

void table_add_row(struct table *t)
{
    size_t first = t->n_rows * t->n_columns;
    xgrow(&t->cells, &t->cell_room, first + t->n_columns, sizeof *t->cells);
    for (size_t i = 0; i < t->n_columns; i++)
        t->cells[first + i] = (struct cell){ 0 };
    t->n_rows++;
}

static const struct cell *cell_at(const struct table *t, size_t row, size_t column)
{
    assert(row < t->n_rows && column < t->n_columns);
    return &t->cells[row * t->n_columns + column];
}

/* Takes `text`. */
static void set(struct table *t, size_t column, char *text, bool is_number, double number)
{
    assert(t->n_rows > 0 && column < t->n_columns);
    struct cell *cell = &t->cells[(t->n_rows - 1) * t->n_columns + column];
    free(cell->text);
    *cell = (struct cell){ .text = text, .is_number = is_number, .number = number };
}

void table_set_text(struct table *t, size_t column, const char *text)
{
    set(t, column, xstrdup(text), false, 0);
}

void table_set_number(struct table *t, size_t column, double value, int decimals)
{
    struct str text = { 0 };
    if (isnan(value)) {
        set(t, column, NULL, false, 0);
        return;
    }
    if (decimals < 0)
        str_add_double(&text, value);
    else
        str_addf(&text, "%.*f", decimals, value);
    set(t, column, str_take(&text), true, value);
    t->cells[(t->n_rows - 1) * t->n_columns + column].decimals = decimals;
}

size_t table_rows(const struct table *t)
{
    return t->n_rows;
}

size_t table_columns(const struct table *t)
{
    return t->n_columns;
}

const char *table_column(const struct table *t, size_t column)
{
    return t->columns[column].name;
}

enum table_align table_align(const struct table *t, size_t column)
{
    return t->columns[column].align;
}

bool table_number(const struct table *t, size_t row, size_t column, double *value, int *decimals)
{
    const struct cell *cell = cell_at(t, row, column);
    if (!cell->is_number)
        return false;
    *value = cell->number;
    *decimals = cell->decimals;
    return true;
}

const char *table_text(const struct table *t, size_t row, size_t column)
{
    const struct cell *cell = cell_at(t, row, column);
    return cell->text ? cell->text : "";
}
