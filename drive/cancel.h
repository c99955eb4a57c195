/* drive/cancel.h - tasks that a decision cancels while the session runs: those of a set, when
 * another set is done.
 *
 * What has not started never does; what runs ends, and its slots are free after the usual
 * latencies. Tasks that wait for a cancelled one go on as if it were done. Only sessions whose
 * workflow cancels anything (core/realised.h) have this; it costs them a byte a task, and each
 * cancellation as much as waits then. */
#ifndef DAGCAST_DRIVE_CANCEL_H
#define DAGCAST_DRIVE_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/workflow.h"

struct cancels;
struct driver;
struct bulk;
struct decision;
struct submission;

/* NULL: nothing is cancelled. `any`: any set may be, since tasks of a real run say so. */
struct cancels *cancels_new(const struct workflow *w, bool any);
void cancels_free(struct cancels *c);
void cancels_begin(struct cancels *c);

/* The driver tells what happens to tasks. */
/* Parts without what was cancelled meanwhile; may be split: `take` gets each. */
void cancels_split(struct driver *d, const struct submission *part,
                   void (*take)(struct driver *d, const struct submission *part));
void cancels_arrived(struct driver *d, const struct submission *part);
void cancels_placed(struct driver *d, uint32_t set, uint32_t task);
void cancels_again(struct driver *d, uint32_t set, uint32_t task, uint32_t attempt);
void cancels_over(struct driver *d, uint32_t set, uint32_t task);

/* The set is done: cancels what it cancels; after all that its end makes ready was submitted. */
void cancels_of(struct driver *d, uint32_t set);
/* The same of what the task that is over has said. */
void cancels_of_task(struct driver *d);

#endif
