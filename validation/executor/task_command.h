/* validation/executor/task_command.h - the command line and environment of one attempt of a task.
 *
 * It is the set's command with its placeholders filled in, or the synthetic task. In a command
 * {set} {task} {attempt} {ranks} {node} {cores} {gpus} {duration} stand for the set's name, the
 * task's number in it from 0, the attempt from 0, the ranks, names of nodes, ids of slots and GPUs
 * (joined by commas), seconds. Other braces are left. Environment: DAGCAST_RUN, _TIMES, _DECISION
 * (docs/decisions.md), _SET, _TASK, _ATTEMPT, _RANKS, _NODES, _CORES; CUDA_VISIBLE_DEVICES and
 * ROCR_VISIBLE_DEVICES (empty: no GPU); OMP_NUM_THREADS (slots of one rank). */
#ifndef DAGCAST_VALIDATION_EXECUTOR_TASK_COMMAND_H
#define DAGCAST_VALIDATION_EXECUTOR_TASK_COMMAND_H

#include <stdbool.h>

#include "core/platform.h"
#include "core/workflow.h"
#include "validation/executor/executor.h"

/* NULL-terminated, with the texts in them */
struct task_command { char **argv, **environment; };

/* Fills argv and environment of `task`, of which output, parts, ranks, slots, duration_s and fails
 * are set. */
struct attempt_of { const struct workflow *workflow; int set; uint32_t task; unsigned attempt; };
struct task_command task_command_of(const struct attempt_of *a, const struct executor_setup *setup,
                                    bool busy, const struct executor_task *task);
void task_command_clear(struct task_command *c);

/* -1 and a sentence: the program of a set's command is not there or cannot be executed (as far as
 * `environment`'s PATH says); or a set without a command is a service or asks one. */
int task_command_check(const struct workflow *w, char *const *environment, struct error *err);

/* Environments as execve() takes them: NULL-terminated "NAME=value". */

/* `base` with `changes` in place of the variables of the same names. free() the array only: the
 * texts are those given. */
char **environment_merge(char *const *base, char *const *changes);

#endif
