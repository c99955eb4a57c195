/* traces/importer/task_table.h - a table of tasks (CSV, or aligned for people) as records: columns
 * by their headings, values read. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_TABLE_H
#define DAGCAST_TRACES_IMPORTER_TASK_TABLE_H

#include <stdbool.h>

#include "base/error.h"
#include "traces/importer/task_records.h"

/* For a probe: the tool by the headings, how many of them are known, and whether they are enough.
 */
struct task_table_head { enum table_kind kind; size_t known; bool enough; };
struct task_table_head task_table_head(const char *text);

/* -1: no such file, no header with enough known columns, no row that can be read. */
int task_table_load(struct task_records *t, const char *path, struct error *err);
/* headings are Nextflow's in any case */
int task_table_load_nextflow(struct task_records *t, const char *path, struct error *err);

/* What `sacct --json` prints (Slurm 21.08 and later). -1: no such file, no JSON, no "jobs". */
int slurm_json_load(struct task_records *t, const char *path, struct error *err);

/* Slurm's: steps that are no tasks are dropped, and the arrays' rows expanded. */
void slurm_jobs_choose(struct task_records *t);
/* Slurm's and LSF's: a row for several elements of an array becomes one for each that has none of
 * its own. Linear in the rows. */
void array_rows_expand(struct task_records *t);

#endif
