/* traces/importer/task_values.h - the values of a table of tasks as tools write them: dates, durations, states, node lists. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_VALUES_H
#define DAGCAST_TRACES_IMPORTER_TASK_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/timeline.h"

/* Seconds, or "2024-05-01T12:30:00" (a blank for T; a fraction; Z, +02:00; without a zone it counts as UTC), then *date is set. What
 * stands for no time ("", "Unknown", "None", "N/A", "-") gives NAN. false: anything else. */
bool task_value_time(const char *text, double *time_s, bool *date);

/* Seconds, or [days-]hours:minutes:seconds, or what str_to_seconds() reads; NAN for no value. false: anything else, or negative. */
bool task_value_duration(const char *text, double *seconds);

/* GPUs in Slurm's TRES ("cpu=4,gres/gpu=2,gres/gpu:a100=2"); 0: none. */
double task_value_tres_gpus(const char *text);

/* Slurm's states and common words; false: not known. "CANCELLED by 123" is TASK_KILLED (whoever has seen no start makes it CANCELLED). */
bool task_value_state(const char *text, enum task_status *status);

/* Calls add() for each name of "n[001-003,7],m1" (blanks and semicolons may separate too), at most `most` of them. false: not a list, or
 * longer; names before the mistake have been added. */
typedef void task_value_node_fn(void *context, const char *name);
bool task_value_nodes(const char *text, size_t most, task_value_node_fn *add, void *context);

#endif
