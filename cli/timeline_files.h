/* cli/timeline_files.h - replica 0 as files: --timeline and --chrome-trace. */
#ifndef DAGCAST_CLI_TIMELINE_FILES_H
#define DAGCAST_CLI_TIMELINE_FILES_H

#include <stdbool.h>

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "study/replicate.h"

/* Whether to keep replica 0's timeline for these files; a larger one is streamed in a run of its
 * own, so that memory does not grow with tasks. */
bool timeline_files_keep(const struct scenario *s, bool files);
/* Writes replica 0 of the runs as CSV and as Chrome trace (either may be NULL). -1: a file cannot
 * be written. */
int timeline_files_write(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err);

/* Replica 0 alone, without runs; NULL: what simulator_new() refuses. */
struct timeline *timeline_of_first(const struct scenario *s, struct error *err);

#endif
