/* traces/importer/parsl_database.h - Parsl's monitoring database, opened for reading: plain, or
 * packed and then in memory. */
#ifndef DAGCAST_TRACES_IMPORTER_PARSL_DATABASE_H
#define DAGCAST_TRACES_IMPORTER_PARSL_DATABASE_H

#include <stdbool.h>

#include <sqlite3.h>

#include "base/error.h"

struct parsl_database {
    sqlite3 *db;
    const char *path;
    char *run;                           /* what a '?' in a query stands for; NULL: nothing yet */
    int steps;                           /* private: of the query at hand */
};
/* -1: it cannot be read, or is damaged. Close in any case. */
int parsl_database_open(struct parsl_database *d, const char *path, struct error *err);
void parsl_database_close(struct parsl_database *d);     /* frees `run` too */

typedef void parsl_row_fn(void *context, sqlite3_stmt *row);
/* Calls each() for every row. -1 and SQLite's sentence. */
int parsl_query(struct parsl_database *d, const char *sql, parsl_row_fn *each, void *context,
                struct error *err);
/* A view could be anything: it is none. */
bool parsl_has_table(struct parsl_database *d, const char *name);

/* A column of a row; "" for none. */
const char *parsl_text(sqlite3_stmt *row, int column);
/* SQLAlchemy writes "2023-08-03 06:19:59.181000", in UTC. NAN: no time. */
double parsl_time(sqlite3_stmt *row, int column);

#endif
