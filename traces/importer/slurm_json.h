/* traces/importer/slurm_json.h - what `sacct --json` prints (Slurm 21.08 and later) as rows of a
 * table of tasks. */
#ifndef DAGCAST_TRACES_IMPORTER_SLURM_JSON_H
#define DAGCAST_TRACES_IMPORTER_SLURM_JSON_H

#include "traces/importer/task_table.h"

/* -1: no such file, no JSON, no "jobs", none that can be read. Clear the table in any case. */
int slurm_json_load(struct task_records *t, const char *path, struct error *err);

#endif
