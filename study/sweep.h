/* study/sweep.h - runs the points of a study that its store does not hold yet.
 *
 * A point's row is a pure function of the study: on any machine and any number of threads
 * or machines, the same figures come out. All points use the same random numbers unless `seed` is
 * an axis, so that settings are compared replica by replica. */
#ifndef DAGCAST_STUDY_SWEEP_H
#define DAGCAST_STUDY_SWEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "core/scenario.h"
#include "study/backend.h"

struct sweep_options {
    const char *study, *store;           /* paths */
    const char *const *data_dirs;
    document_fn *document_of;   /* opens files (core/scenario.h) */
    const char *version;                 /* of the program: rows of two versions do not mix */
    const struct backend_ops *backend;
    int threads;                         /* of each process, >= 1 */
    /* the caller sets it: end soon, keeping what is complete; NULL allowed */
    const atomic_bool *stop;
    FILE *progress;                      /* shown there when it is a terminal; NULL: not */
};

struct sweep_outcome {
    /* this process is rank 0; of the others nothing is to be said */
    bool first;
    size_t n_points, n_before;           /* of the study; in the store when it was opened */
    size_t n_run, n_failed;              /* run now; of these points that cannot run */
    bool interrupted;
};

/* -1: the study, what it names, or the store is refused, or the store cannot be written any more.
 */
int sweep_run(const struct sweep_options *o, struct sweep_outcome *out, struct error *err);

#endif
