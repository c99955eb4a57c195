/* traces/importer/table_columns.h - which column of a table of tasks means what: one map of
 * headings per kind of table.
 *
 * Headings are compared in lower case without blanks, '_' and '-'. A unit at the end of a heading
 * ("mem_gb", "start (ms)") scales its column. The maps and their order of preference are in
 * docs/formats.md, "Task tables". */
#ifndef DAGCAST_TRACES_IMPORTER_TABLE_COLUMNS_H
#define DAGCAST_TRACES_IMPORTER_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "traces/importer/task_records.h"

enum task_column {
    TASK_ID,
    TASK_NAME,
    TASK_SUBMIT,
    TASK_ELIGIBLE,
    TASK_START,
    TASK_END,
    TASK_ELAPSED, /* execution */
    TASK_SPAN, /* from submission to end */
    TASK_CORES,
    TASK_ASKED_CORES,
    TASK_GPUS,
    TASK_TRES,
    TASK_ASKED_TRES,
    TASK_GRES,
    TASK_ASKED_GRES,
    TASK_NODES,
    TASK_NODE_COUNT,
    TASK_MEMORY,
    TASK_PEAK_MEMORY,
    TASK_PARTITION,
    TASK_PRIORITY,
    TASK_STATE,
    TASK_EXIT,
    TASK_AFTER,
    TASK_COLUMNS
};

struct table_columns {
    enum table_kind kind;
    /* fields of a row: one more than columns if the heading line ends with a separator */
    size_t width;
    bool ends_with_separator;            /* the heading line does: then rows do too */
    size_t known;                        /* headings that are in the map */
    bool enough;                         /* an id or a name, and a duration or a start and an end */
    int at[TASK_COLUMNS];                /* -1: absent */
    /* of a time in s, of memory in MiB; NAN: the heading names none */
    double unit[TASK_COLUMNS];
};

/* A heading as the maps spell it, without blanks, '_' and '-': "Submit Time" is "submittime".
 * Returns false if nothing is left, or too much. */
enum { TABLE_HEADING_LONGEST = 47 };
bool table_heading_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1]);
/* The same without the unit of time at its end: "wait_s" is "wait", *unit_s 1. False: it has none.
 */
bool table_heading_time_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1],
                            double *unit_s);

/* The place of such a key among keys with blanks between; -1: it is not there. */
int table_heading_place(const char *keys, const char *key);

/* -1: the headings are those of another tool than Nextflow, which was asked for. */
int table_columns_check_tool(enum table_kind asked, char *const *headings, size_t n,
                             const char *path, struct error *err);
/* kind TABLE_ANY: told by the headings. */
struct table_columns table_columns_find(enum table_kind kind, char *const *headings, size_t n);

/* Adds "gpu, mem_gb": the headings that no column of the map uses. Returns how many. */
size_t table_columns_unused(const struct table_columns *c, char *const *headings, size_t n,
                            struct str *out);

/* -1 and a sentence: the columns found, the kinds of column that are missing, and the headings that
 * would do. */
int table_columns_refuse(const struct table_columns *c, char *const *headings, size_t n,
                         const char *path, struct error *err);

#endif
