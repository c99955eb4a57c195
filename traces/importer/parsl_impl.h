/* traces/importer/parsl_impl.h - queries of a Parsl database, for its importer. */
#ifndef DAGCAST_TRACES_IMPORTER_PARSL_IMPL_H
#define DAGCAST_TRACES_IMPORTER_PARSL_IMPL_H

#include <sqlite3.h>

#include "traces/importer/task_records.h"

struct parsl {
    sqlite3 *db;
    const char *path;
    char *run; /* the run that is read: the last */
    int64_t other_runs;
    struct task_records *records;
    double cores; /* of a task; NAN: no node is described */
    int steps;
    size_t memoised, internal, no_start;
};

/* -1 and SQLite's sentence. */
int parsl_fail(const struct parsl *p, struct error *err);
/* SQLite's progress handler: not 0 once a query has taken too long. */
int parsl_count_steps(void *context);
/* NULL and a sentence. A '?' stands for the run. */
sqlite3_stmt *parsl_prepare(struct parsl *p, const char *sql, struct error *err);
/* Ends a query after its last step. -1: that was a failure. */
int parsl_done(struct parsl *p, sqlite3_stmt *q, int step, struct error *err);
const char *parsl_text(sqlite3_stmt *q, int column);     /* "" for none */
/* SQLAlchemy writes "2023-08-03 06:19:59.181000", in UTC. NAN: no time. */
double parsl_time(sqlite3_stmt *q, int column);
bool parsl_has_table(struct parsl *p, const char *name); /* a view could be anything: none */

#endif
