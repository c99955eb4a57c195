/* traces/importer/table_file.h - a table in a file, row by row; of a large one a part is in memory
 * at a time.
 *
 * A file of 4 MiB or more is read as its rows are asked for, if it is neither packed nor UTF-16 nor
 * a pipe, and its columns are separated; any other file is held whole while it is open. */
#ifndef DAGCAST_TRACES_IMPORTER_TABLE_FILE_H
#define DAGCAST_TRACES_IMPORTER_TABLE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/error.h"

struct table_file { /* private, but for `csv`: its rows, by csv_next() */
    struct csv csv;
    char *text;
    size_t size;
    FILE *stream; /* what is left of it; NULL: all of it was read */
    char *kept; /* memory before it is not given back */
};

/* Opens the table as table_text_open() does. -1: the file cannot be read, or is too large; nothing
 * is open then. */
int table_file_open(struct table_file *t, const char *path, struct error *err);
/* Gives back the memory of the rows read since the first such call, the last one too: their texts
 * are gone. Rows before the first call stay. */
void table_file_pass(struct table_file *t);
/* -1: the file could not be read to its end. Closed in any case. */
int table_file_close(struct table_file *t, const char *path, struct error *err);

#endif
