#include "traces/importer/parsl_database.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "traces/importer/task_values.h"
#include "traces/packed_file.h"

enum { WAL_WRITE = 18, WAL_READ = 19 };  /* bytes of the header */
/* Thousands of instructions of one query: a hostile database must not run for ever. */
enum { MOST_STEPS = 2000000 };

static int refuse(const struct parsl_database *d, struct error *err)
{
    return error_set(err, "%s: cannot be read as Parsl's monitoring database: %s", d->path,
                     sqlite3_errmsg(d->db));
}

/* SQLite's progress handler: not 0 once a query has taken too long. */
static int count_steps(void *context)
{
    struct parsl_database *d = context;
    return ++d->steps > MOST_STEPS;
}

int parsl_query(struct parsl_database *d, const char *sql, parsl_row_fn *each,
                void *context, struct error *err)
{
    sqlite3_stmt *q = NULL;
    d->steps = 0;
    int step = sqlite3_prepare_v2(d->db, sql, -1, &q, NULL);
    if (step == SQLITE_OK && d->run && sqlite3_bind_parameter_count(q) > 0)
        sqlite3_bind_text(q, 1, d->run, -1, SQLITE_STATIC);
    if (step == SQLITE_OK)
        while ((step = sqlite3_step(q)) == SQLITE_ROW)
            each(context, q);
    int status = step == SQLITE_DONE ? 0 : refuse(d, err);
    sqlite3_finalize(q);
    return status;
}

const char *parsl_text(sqlite3_stmt *q, int column)
{
    const unsigned char *text = sqlite3_column_text(q, column);
    return text ? (const char *)text : "";
}

double parsl_time(sqlite3_stmt *q, int column)
{
    double t;
    bool date;
    return task_value_time(parsl_text(q, column), &t, &date) && date ? t : (double)NAN;
}

static void note_found(void *found, sqlite3_stmt *q)
{
    (void)q;
    *(bool *)found = true;
}

bool parsl_has_table(struct parsl_database *d, const char *name)
{
    char *sql =
        str_format("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '%s'", name);
    bool found = false;
    parsl_query(d, sql, note_found, &found, NULL);
    free(sql);
    return found;
}

/* A packed database is read in memory. */
static int open_file(struct parsl_database *d, struct error *err)
{
    const int flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY;
    uint64_t bytes;
    size_t size;
    if (!packed_file_is_packed(d->path))
        return sqlite3_open_v2(d->path, &d->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
                   ? 0
                   : refuse(d, err);
    if (packed_file_damage(d->path, &bytes))
        return error_set(err, "%s: %s; expected a whole SQLite database", d->path,
                         packed_file_damage(d->path, &bytes));
    char *text = packed_file_load(d->path, &size, err);
    if (!text)
        return -1;
    unsigned char *copy = sqlite3_malloc64(size);
    if (sqlite3_open(":memory:", &d->db) != SQLITE_OK || !copy) {
        sqlite3_free(copy);
        free(text);
        return refuse(d, err);
    }
    memcpy(copy, text, size);
    if (size > WAL_READ) /* in memory there is no log beside it: it is read as a database without */
        copy[WAL_WRITE] = copy[WAL_READ] = 1;
    free(text);
    return sqlite3_deserialize(d->db, "main", copy, (sqlite3_int64)size, (sqlite3_int64)size,
                               flags) == SQLITE_OK
               ? 0
               : refuse(d, err);
}

int parsl_database_open(struct parsl_database *d, const char *path, struct error *err)
{
    *d = (struct parsl_database){ .path = path };
    if (open_file(d, err))
        return -1;
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_progress_handler(d->db, 1000, count_steps, d);
    return 0;
}

void parsl_database_close(struct parsl_database *d)
{
    sqlite3_close(d->db);
    free(d->run);
}
