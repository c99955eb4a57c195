/* validation/executor/child_spawn.h - starts one process, with files for its output. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_CHILD_SPAWN_H
#define DAGCAST_VALIDATION_EXECUTOR_CHILD_SPAWN_H

#include <sys/types.h>

#include "base/error.h"
#include "validation/executor/children.h"

/* libuv aborts where it cannot open its own files, so they are counted first, and the limit of open
 * files is raised where that is needed. -1: it is too low. */
int child_check_files(struct error *err);
/* 0, or an error number and its sentence; as children_spawn(). */
int child_spawn(const struct child_spec *spec, pid_t *pid, struct error *err);

#endif
