/* traces/importer/task_table_impl.h - the rows of a table of tasks while they are read. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_TABLE_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_TABLE_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"
#include "base/str.h"
#include "traces/importer/table_columns.h"
#include "traces/importer/task_records.h"

struct table_counts { /* of rows that were not read, or read with a guess */
    size_t width_differs, bad_values, spans, memory_unit_unknown;
    size_t commas; /* numbers */
};

struct row_reader {
    struct task_records *table;
    struct table_counts counts;
    struct str first_bad; /* "line 3, start 'x'" */
    const struct csv *csv;
    const struct table_columns *columns;
    char *const *headings;
    bool in_milliseconds; /* plain numbers of durations */
};

/* The row in hand of `csv` to `table`, or to the counts. */
void task_table_read_row(struct row_reader *r);

#endif
