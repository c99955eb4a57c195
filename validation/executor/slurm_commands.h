/* validation/executor/slurm_commands.h - Slurm, spoken to through its commands only: what it is
 * asked besides starting tasks.
 *
 * Each call runs one command and waits for it, some 30 ms. The commands run in process groups of
 * their own: what the user's Ctrl-C ends is the run, not a question about it. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_SLURM_COMMANDS_H
#define DAGCAST_VALIDATION_EXECUTOR_SLURM_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What the command writes to standard output; free() it. NULL: "cannot run 'squeue': ...",
 * "'scontrol show job 7' failed: <its words>". */
char *slurm_ask(const char *const *argv, char *const *environment, struct error *err);

/* id: "JOB.STEP" */
struct slurm_steps { size_t n; struct slurm_step { char *id; uint32_t task; } *steps; };
/* This user's steps, in any allocation, that slurm_step_name() has named for the run. */
int slurm_steps_of_run(const char *run_id, char *const *environment, struct slurm_steps *out,
                       struct error *err);
void slurm_steps_clear(struct slurm_steps *s);
/* new string */
char *slurm_step_name(const char *run_id, uint32_t task);

/* Sends `signal_name` ("TERM", "KILL") to steps; those that have ended meanwhile are no error. */
int slurm_cancel(const char *const *step_ids, size_t n, const char *signal_name,
                 char *const *environment, struct error *err);
/* Kills all steps of the run, and waits until none is left. -1: after some `patience_s` one is. */
int slurm_end_steps(const char *run_id, int patience_s, char *const *environment,
                    struct error *err);

/* false: the job has ended. lost[i] = true for those of the n named nodes that are drained,
 * draining, down or failing, or that the job has lost; others are left as they are. Where Slurm
 * does not answer there is no news. */
bool slurm_job_runs(const char *job, char *const *names, size_t n, char *const *environment,
                    bool *lost);

/* of "NAME=value": up to the next blank; new string, "": none */
char *slurm_field(const char *text, const char *name);
/* "n[1-4]": a name a line; free() it */
char *slurm_hostnames(const char *list, char *const *environment, struct error *err);

#endif
