/* traces/importer/dask_impl.h - what dask.c, which reads the task stream, and dask_report.c,
 * which finds it in a page, share. */
#ifndef DAGCAST_TRACES_IMPORTER_DASK_IMPL_H
#define DAGCAST_TRACES_IMPORTER_DASK_IMPL_H

#include <stddef.h>

#include "core/name_index.h"
#include "traces/importer/task_records.h"

struct dask_stream {
    struct task_records *records;
    struct name_index *threads; /* "worker thread" */
    size_t others; /* transfers and the like, */
    double others_s; /* and how long in all */
};

/* What a key computed by a thread of a worker. */
void dask_add_task(struct dask_stream *s, const char *key, const char *worker, const char *thread,
                   double start_s, double stop_s);
/* A transfer or the like. */
void dask_add_other(struct dask_stream *s, double seconds);
/* "simulate-3f2a...-7" -> "simulate", "('sum-part-0a1b...', 1, 2)" -> "sum-part": words up to the
 * first that is a hash or a number. New. */
char *dask_name_of_key(const char *key);

/* The tasks of a page; none if it holds no task stream. */
void dask_read_report(struct dask_stream *s, const char *html);

#endif
