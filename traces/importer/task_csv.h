/* traces/importer/task_csv.h - a user's CSV of tasks, such as `sacct --parsable2` prints;
 * docs/formats.md, "Task tables". */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_CSV_H
#define DAGCAST_TRACES_IMPORTER_TASK_CSV_H

#include "traces/importer.h"

extern const struct importer_ops importer_task_csv, importer_nextflow, importer_sacct_json;
struct session *task_csv_load(const char *path, struct error *err);

#endif
