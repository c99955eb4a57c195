/* validation/executor/slurm_step.h - one task as a step of the allocation: the srun that starts it,
 * and what its ranks recorded.
 *
 * A rank is a process, on the node that the scheduler has chosen, with as many cores and GPUs as it
 * was given; which ones, Slurm decides. Nodes with equally many ranks make one component of the
 * step; others follow as components of their own (":"). Each rank runs under dagcast-task and
 * records its start and its end in OUTPUT.times, rank N > 0 in OUTPUT.times.N. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_SLURM_STEP_H
#define DAGCAST_VALIDATION_EXECUTOR_SLURM_STEP_H

#include <stdbool.h>

#include "validation/executor/executor.h"
#include "validation/executor/slurm_allocation.h"

/* NULL-terminated; free() each text and the array. */
char **slurm_step_argv(const struct executor_setup *setup, const struct slurm_allocation *a,
                       const struct executor_task *task);
/* The same of the environment: the setup's and the task's, without what salloc's options have left
 * in it that would change the step (SLURM_GPUS_PER_NODE, ...), and without our ids of GPUs where
 * Slurm gives its own. */
char **slurm_step_environment(const struct executor_setup *setup, const struct executor_task *task);
/* The step shares whatever Slurm believes that other steps hold. */
void slurm_step_overlap(char ***environment);
/* "never ran: <what srun wrote first> (OUTPUT.err)", new; *node: the one that could not launch it,
 * as srun names it, new, or NULL. */
char *slurm_step_said(const char *output, char **node);

struct slurm_step_record {               /* of all ranks together; NAN, -1: not recorded by all */
    double started_epoch_s, stopped_epoch_s;             /* the first start, the last end */
    int status;                          /* the largest */
};
/* of an attempt that is made again */
void slurm_step_forget_records(const char *output, int ranks);
/* false: no rank has recorded that it started. */
bool slurm_step_load_record(const char *output, int ranks, struct slurm_step_record *out);

#endif
