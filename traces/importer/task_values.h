/* traces/importer/task_values.h - the values of a table of tasks as tools write them: dates,
 * durations, states, node lists. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_VALUES_H
#define DAGCAST_TRACES_IMPORTER_TASK_VALUES_H

#include <stdbool.h>

#include "core/timeline.h"

/* Words for no value: "", "Unknown", "None", "N/A", "-", "(null)" and the like. */
bool task_value_is_nothing(const char *text);

/* Seconds, or "2024-05-01T12:30:00" (a blank for T; a fraction; Z, +02:00; without a zone it counts
 * as UTC) or "May  1 12:30:00 2024", then *date is set. Numbers above 1e11 are milliseconds, above
 * 1e14 microseconds, above 1e17 nanoseconds since 1970. Words for no time ("", "Unknown", "None",
 * "N/A", "-") give NAN. false: anything else. */
bool task_value_time(const char *text, double *time_s, bool *date);

/* "May  1 12:01", as LSF writes it: without a year (*has_year false) it counts as of
 * TASK_VALUE_NO_YEAR, a leap year. */
#define TASK_VALUE_NO_YEAR 1972
bool task_value_month_time(const char *text, double *time_s, bool *has_year);

/* Seconds, or [days-]hours:minutes:seconds, or "4h 12m 10s", "866ms", "1800 second(s)"; NAN for no
 * value. false: anything else, or negative. */
bool task_value_duration(const char *text, double *seconds);

/* "72.7 MB", "4000Mc", "1234kb", "1.2 Gbytes" as MiB (units of 1024), a number without a unit as it
 * is. *per: 'c' per CPU, 'n' per node, or NUL. NAN for no value. false: anything else. */
bool task_value_memory(const char *text, double *amount, bool *has_unit, char *per);

/* The value of a key in Slurm's TRES ("cpu=4,mem=40G,node=2"), memory in MiB; NAN: it has none. */
double task_value_tres(const char *text, const char *key);

/* GPUs in Slurm's TRES ("cpu=4,gres/gpu=2,gres/gpu:a100=2"); 0: none. */
double task_value_tres_gpus(const char *text);

/* GPUs in Slurm's GRES ("gpu:a100:2,nic:1", "gres:gpu:2(IDX:0-1)", "gpu"): the sum; 0: none. */
double task_value_gres_gpus(const char *text);

/* Slurm's states and common words; false: not known. "CANCELLED by 123" is TASK_KILLED (whoever has
 * seen no start makes it CANCELLED). */
bool task_value_state(const char *text, enum task_status *status);

#endif
