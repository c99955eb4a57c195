/* base/progress.h - one line on a terminal that says how far a long work is; silent when the stream
 * is no terminal. Thread-safe: several threads may step one progress. */
#ifndef DAGCAST_BASE_PROGRESS_H
#define DAGCAST_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress;
/* NULL, which all take, unless enabled && isatty. */
struct progress *progress_new(FILE *stream, const char *what, uint64_t total, bool enabled);
/* The next stage of the same work, from nothing: a bar of its own. `total` 0: not known, steps are
 * counted. NULL p allowed. */
void progress_begin(struct progress *p, const char *what, uint64_t total);
/* NULL allowed; redraws at most ten times a second, with the time left */
void progress_step(struct progress *p, uint64_t by);
void progress_free(struct progress *p);                       /* wipes the line */

#endif
