#include "traces/importer/parsl_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "traces/importer/task_values.h"

/* Thousands of instructions of one query: a hostile database must not run for ever. */
enum { MOST_STEPS = 2000000 };

int parsl_fail(const struct parsl *p, struct error *err)
{
    return error_set(err, "%s: cannot be read as Parsl's monitoring database: %s", p->path,
                     sqlite3_errmsg(p->db));
}

int parsl_count_steps(void *context)
{
    struct parsl *p = context;
    return ++p->steps > MOST_STEPS;
}

sqlite3_stmt *parsl_prepare(struct parsl *p, const char *sql, struct error *err)
{
    sqlite3_stmt *q = NULL;
    p->steps = 0;
    if (sqlite3_prepare_v2(p->db, sql, -1, &q, NULL) != SQLITE_OK) {
        parsl_fail(p, err);
        return NULL;
    }
    if (p->run && sqlite3_bind_parameter_count(q) > 0)
        sqlite3_bind_text(q, 1, p->run, -1, SQLITE_STATIC);
    return q;
}

int parsl_done(struct parsl *p, sqlite3_stmt *q, int step, struct error *err)
{
    int status = step == SQLITE_DONE ? 0 : parsl_fail(p, err);
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

bool parsl_has_table(struct parsl *p, const char *name)
{
    char *sql =
        str_format("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '%s'", name);
    sqlite3_stmt *q = parsl_prepare(p, sql, NULL);
    bool has = q && sqlite3_step(q) == SQLITE_ROW;
    sqlite3_finalize(q);
    free(sql);
    return has;
}
