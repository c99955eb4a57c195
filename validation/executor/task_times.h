/* validation/executor/task_times.h - the record that a task leaves of itself (task/dagcast_task.c
 * writes it). */
#ifndef DAGCAST_VALIDATION_EXECUTOR_TASK_TIMES_H
#define DAGCAST_VALIDATION_EXECUTOR_TASK_TIMES_H

#include <stdbool.h>
#include <stddef.h>

struct task_times {                      /* seconds */
    double started_real_s, started_monotonic_s;          /* NAN: not recorded */
    double stopped_real_s, stopped_monotonic_s;
    int status;                          /* exit status; -1: not recorded */
};
/* When each step of `dagcast-task phases` ended, s since its start; at most `most` are read. */
size_t task_times_steps(const char *path, double *step_s, size_t most);

/* false, all unknown: there is no such file, or no start in it. A record without its end is of a
 * task that was killed. */
bool task_times_load(const char *path, struct task_times *out);

#endif
