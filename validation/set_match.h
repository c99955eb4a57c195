/* validation/set_match.h - the task sets of a workflow found again in a measured session, so that
 * its dependencies can be used there.
 *
 * A set is matched by its name, else by its label and iteration (both without regard to case), else
 * by its shape: tasks and demand, in the platform's slots, where sets of one shape follow each
 * other in the same order in both. Every set of either side has exactly one counterpart, or there
 * is no match. Durations stay those that were measured. */
#ifndef DAGCAST_VALIDATION_SET_MATCH_H
#define DAGCAST_VALIDATION_SET_MATCH_H

#include <stddef.h>

#include "base/error.h"
#include "core/platform.h"
#include "core/workflow.h"

enum match_by { MATCH_NAME, MATCH_LABEL, MATCH_SHAPE, MATCHES };
const char *match_by_name(enum match_by by);              /* "name" ... */

struct set_match {
    size_t n;                            /* sets of either side */
    int *given_of;                       /* by the session's set: the workflow's */
    int *session_of;                     /* the other way round */
    enum match_by *by;                   /* by the session's set */
    /* of mean durations: largest |measured - given| / measured; NAN where none was measured */
    double worst_share;
};
/* -1: a set of either has no counterpart, or one of the same name has other tasks; the sentence
 * names it. */
int set_match(struct set_match *out, const struct workflow *session, const struct workflow *given,
              const struct platform *p, struct error *err);
void set_match_clear(struct set_match *m);

/* Gives `w`, numbered as the session's workflow, the dependencies, iterations, stages and pipelines
 * of `given`. */
void set_match_take_order(struct workflow *w, const struct workflow *given,
                          const struct set_match *m);

#endif
