/* traces/importer/libensemble_stats.h - reads libE_stats.txt: the calls of libEnsemble's
 * workers, one a line. */
#ifndef DAGCAST_TRACES_IMPORTER_LIBENSEMBLE_STATS_H
#define DAGCAST_TRACES_IMPORTER_LIBENSEMBLE_STATS_H

#include <stddef.h>

#include "base/error.h"
#include "traces/importer/task_records.h"

enum { LIBENSEMBLE_MOST_WORKERS = 65535 };

struct libensemble_generator {
    const char *id;
    double started_s, stopped_s;
};

struct libensemble_stats { /* the file, as it is read */
    struct task_records *table;
    int ensembles; /* begun so far: libE() may be called again in one folder */
    size_t n_generators, room, open; /* open: begun without an exit */
    struct libensemble_generator *generators; /* those that persisted */
    int generator_worker; /* a worker that one of them held; -1 */
};

/* Adds the calls to the table. -1: no line of a worker can be read. */
int libensemble_read_stats(struct libensemble_stats *s, const char *path, struct error *err);

#endif
