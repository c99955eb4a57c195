/* cli/columns.h - a table from outside: named columns of a CSV file, of a stored result, or of an
 * array of objects in JSON. */
#ifndef DAGCAST_CLI_COLUMNS_H
#define DAGCAST_CLI_COLUMNS_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "cli/timelines.h"

struct columns {
    size_t n, n_rows;
    /* n; within objects "predicted.mean", within arrays "pi95.0" */
    char **names;
    char **cells;                        /* row-major, row * n + column; "" for nothing */
};

/* Of a result its first table (doc_stored_records()); of other JSON the root if it is an array,
 * else its first member that is an array of objects. -1: there is none, or the CSV has no rows. */
int columns_open(struct columns *c, const struct input *in, struct error *err);
/* Of a result in memory the table at that path, "explanation/parts". -1: it has no rows. */
int columns_of_result(struct columns *c, const cJSON *result, const char *table, struct error *err);
void columns_close(struct columns *c);

int columns_find(const struct columns *c, const char *name);             /* -1: none */
const char *columns_text(const struct columns *c, size_t row, int column);       /* column -1: "" */
/* NAN: no number */
double columns_number(const struct columns *c, size_t row, int column);
/* some cell differs from the first */
bool columns_vary(const struct columns *c, int column);

/* The column of that name; -1 and the nearest name, or all names. `what`: the option that says it,
 * "--x". */
int columns_need(const struct columns *c, const char *what, const char *name, struct error *err);

#endif
