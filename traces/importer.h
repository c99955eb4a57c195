/* traces/importer.h - other people's files in: each importer says how sure it is about a file, the
 * surest one loads it.
 *
 * One importer = one file in traces/importer/, its name in importers.h and one row in importer.c.
 * Nothing is ever unpacked to disk. What is broken in a session is skipped, counted and reported as
 * a gap of the session; an error is only what leaves nothing to import. */
#ifndef DAGCAST_TRACES_IMPORTER_H
#define DAGCAST_TRACES_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "traces/session.h"

struct importer_probe {                  /* what can be known cheaply */
    const char *path, *file_name;        /* file_name: behind the last '/' */
    bool is_folder;
    /* the first bytes of a file, NUL-terminated; "" for a folder */
    const char *head;
    size_t head_size;
};

struct task_records;

struct importer_ops {
    const char *name, *summary;
    const char *also;                    /* another name of it, or NULL */
    int (*probe)(const struct importer_probe *p);        /* 0: not mine .. 100: certainly */
    struct session *(*load)(const char *path, struct error *err);        /* NULL: it has `read` */
    /* Of tools that record tasks: fills records that are empty yet (importer/task_records.h), of
     * which importer/task_steps.h makes a session. -1: it cannot. */
    int (*read)(struct task_records *t, const char *path, struct error *err);
    const char *expected;                /* for `read`: told if no task was found; or NULL */
};

/* Loads with the named importer, or (name NULL) with the surest.
 * NULL and a sentence: no such file, unknown format, nothing in it. */
struct session *importer_load(const char *path, const char *name, struct error *err);

bool importer_knows(const char *path);   /* would some importer take it, by its first bytes? */
const struct importer_ops *importer_at(size_t i);        /* NULL past the end: for `dagcast list` */

#endif
