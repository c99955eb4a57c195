/* traces/queue_columns.h - which column of a table of jobs says what, by its heading. */
#ifndef DAGCAST_TRACES_QUEUE_COLUMNS_H
#define DAGCAST_TRACES_QUEUE_COLUMNS_H

#include <stddef.h>

#include "base/error.h"

enum queue_column {
    QUEUE_ID, QUEUE_MACHINE, QUEUE_QUEUE, QUEUE_NODES, QUEUE_CORES, QUEUE_WALLTIME,
    QUEUE_WALLTIME_MINUTES, QUEUE_SUBMIT, QUEUE_ELIGIBLE, QUEUE_START, QUEUE_WAIT, QUEUE_STATE,
    QUEUE_END, QUEUE_ELAPSED, QUEUE_COLUMNS,
};
struct queue_columns {
    int at[QUEUE_COLUMNS];               /* -1: absent */
    double unit_s[QUEUE_COLUMNS];        /* of plain numbers; NAN: as usual */
};
/* Of several headings for a column, the one that the list of docs/formats.md has first. */
struct queue_columns queue_columns_of(char *const *headings, size_t n);
/* -1: no column says how large jobs were, or how long they waited. `name` stands in the error. */
int queue_columns_check(const struct queue_columns *c, const char *name, struct error *err);

#endif
