/* sim/staged_before.h - what jobs of a chain staged in for tasks that they did not place: part of
 * the task's record in a later job. */
#ifndef DAGCAST_SIM_STAGED_BEFORE_H
#define DAGCAST_SIM_STAGED_BEFORE_H

#include "core/timeline.h"

struct phases;
struct staged_before;
struct staged_before *staged_before_new(const struct workflow *w, const struct platform *p);
void staged_before_free(struct staged_before *b);        /* NULL allowed */
void staged_before_clear(struct staged_before *b);       /* for the next replica */

/* The phases of a record that the timeline of all jobs leaves out, later by `by_s`. */
void staged_before_keep(struct staged_before *b, const struct timeline *t, size_t record,
                        double by_s);
/* Those of the session that has just ended which no record of it has. */
void staged_before_keep_rest(struct staged_before *b, struct phases *p, double by_s);
/* To the record added last, which is the task's. */
void staged_before_add(struct staged_before *b, uint32_t task, struct timeline *to);

#endif
