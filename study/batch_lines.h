/* study/batch_lines.h - the head of a batch script that asks for so many nodes for so long. */
#ifndef DAGCAST_STUDY_BATCH_LINES_H
#define DAGCAST_STUDY_BATCH_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Adds "#SBATCH --nodes=16\n#SBATCH --time=00:30:00\n" for "slurm", likewise for "pbs" and "lsf" (whose walltime is in minutes).
 * false, nothing added: NULL or another scheduler. */
bool batch_lines_add(struct str *text, const char *scheduler, size_t nodes, double walltime_s);

#endif
