/* traces/importer/timeline_rows_impl.h - reading slots and names for the rows of a timeline. */
#ifndef DAGCAST_TRACES_IMPORTER_TIMELINE_ROWS_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TIMELINE_ROWS_IMPL_H

#include "traces/importer/timeline_rows.h"

/* The number of a name, which becomes a new one if it has not been seen. */
int timeline_rows_number(struct name_index *index, const char ***names, size_t *n, size_t *room,
                         const char *name);
/* Behind the apostrophe that escape_csv() puts before what could be a formula. */
char *timeline_rows_unguarded(char *field);
/* The four columns that say where a row ran. false: they do not fit together; then the row has no
 * slots. */
bool timeline_rows_read_parts(struct timeline_rows *r, char *const *fields, size_t ids_limit,
                              struct timeline_row *row);
/* The platform of the session's row: all slots and GPUs of each node, and the slots that are never
 * given. It comes whole or not at all. */
void timeline_rows_read_platform(struct timeline_rows *r, char *const *fields, size_t ids_limit);

#endif
