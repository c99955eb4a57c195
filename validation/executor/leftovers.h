/* validation/executor/leftovers.h - what an executor that was killed has left running: found by the
 * run's id, which every process of a run carries in its environment and hands down, whatever
 * process group or session it has moved to. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_LEFTOVERS_H
#define DAGCAST_VALIDATION_EXECUTOR_LEFTOVERS_H

#include <stddef.h>

#include "base/error.h"

/* Kills every process of this machine and user whose environment has DAGCAST_RUN=<run_id>, and
 * waits until none is left. Returns how many there were in *n. -1: one does not go away within ten
 * seconds. */
int leftovers_end(const char *run_id, size_t *n, struct error *err);

#endif
