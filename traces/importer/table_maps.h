/* traces/importer/table_maps.h - one map of headings for each kind of table, and which tables are
 * of that kind. Adding a tool's table: a row of kind TABLE_PLAIN with a map, before the last. */
#ifndef DAGCAST_TRACES_IMPORTER_TABLE_MAPS_H
#define DAGCAST_TRACES_IMPORTER_TABLE_MAPS_H

#include "traces/importer/table_columns.h"

/* Keys in order of preference; TASK_COLUMNS: not read. A map ends with NULL. */
struct heading { enum task_column column; const char *keys; };
extern const struct heading table_map_plain[];           /* what all kinds share */

/* A table is of the first row of which it has one of the headings `by`, or of which `is` is true.
 */
struct table_map {
    enum table_kind kind;
    const char *by;
    bool (*is)(char *const *headings, size_t n);
    const struct heading *map;
};
const struct table_map *table_map_of(enum table_kind kind, char *const *headings, size_t n);

#endif
