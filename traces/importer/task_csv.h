/* traces/importer/task_csv.h - a user's CSV of tasks, such as `sacct --parsable2` prints; docs/formats.md, "Task tables". */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_CSV_H
#define DAGCAST_TRACES_IMPORTER_TASK_CSV_H

#include "traces/importer.h"
#include "traces/importer/task_table.h"

extern const struct importer_ops importer_task_csv, importer_sacct_json;
struct session *task_csv_load(const char *path, struct error *err);

struct task_source { const char *importer, *name, *path; };      /* of the session to make */
/* A session from rows, however they were read: what they lack is inferred. The table is not used up; clear it. */
struct session *task_table_session(struct task_table *t, const struct task_source *source, struct error *err);

#endif
