/* base/table.h - rows of cells under named columns, for people.
 *
 * doc/fit.h prints one; doc_add_table() takes one whose columns are known at run time only. Tables
 * of records are lists of fields (doc/doc.h). Cells are texts or numbers; an empty cell is "no
 * value" (in CSV empty, in JSON null).
 */
#ifndef DAGCAST_BASE_TABLE_H
#define DAGCAST_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/str.h"

struct table;
enum table_align { TABLE_LEFT, TABLE_RIGHT };

struct table *table_new(void);
void table_free(struct table *t);
/* before the first row */
void table_add_column(struct table *t, const char *name, enum table_align align);
/* all cells empty; the next setters fill it */
void table_add_row(struct table *t);
/* in the last row; copied */
void table_set_text(struct table *t, size_t column, const char *text);
/* decimals < 0: shortest exact text; NaN: no value */
void table_set_number(struct table *t, size_t column, double value, int decimals);
size_t table_rows(const struct table *t);
size_t table_columns(const struct table *t);
const char *table_column(const struct table *t, size_t column);                     /* its name */
enum table_align table_align(const struct table *t, size_t column);
/* False: the cell is empty or a text. `decimals` as it was set. */
bool table_number(const struct table *t, size_t row, size_t column, double *value, int *decimals);
/* as printed; "" when empty */
const char *table_text(const struct table *t, size_t row, size_t column);

#endif
