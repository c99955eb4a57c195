/* traces/importer/task_table.h - a table of tasks (CSV, or aligned for people) as records: columns by their headings, values read. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_TABLE_H
#define DAGCAST_TRACES_IMPORTER_TASK_TABLE_H

#include <stdbool.h>

#include "base/error.h"
#include "traces/importer/task_records.h"

/* For the probe: how many headings are known, and whether they are enough. */
int task_table_known_columns(const char *head, bool *enough);

/* -1: no such file, no header with enough known columns, no row that can be read. Clear the records in any case. */
int task_table_load(struct task_records *t, const char *path, struct error *err);

/* Slurm's: steps that are no tasks are dropped, a row for several waiting elements of an array becomes as many. */
void slurm_jobs_choose(struct task_records *t);

#endif
