/* cli/execute_job_impl.h - what a new run and one that goes on have in common before their first
 * task starts. */
#ifndef DAGCAST_CLI_EXECUTE_JOB_IMPL_H
#define DAGCAST_CLI_EXECUTE_JOB_IMPL_H

#include "cli/execute_job.h"

/* Now, on the executor's ticks, s since 1970. */
double execute_job_now_s(void);
/* The path from the root, free() it. NULL: the current folder is gone. */
char *execute_job_absolute(const char *path, struct error *err);
/* `w` decides at run time: nothing is decided so far. */
void execute_job_take_described(struct execute_job *job, const struct workflow *w);

/* Opens the run of --resume: its folder, its journal, what is done already. execute_resume.c */
int execute_job_resume(struct execute_job *job, const struct invocation *call, struct error *err);

#endif
