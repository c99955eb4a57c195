/* A try is an attempt; `task_depends` names all dependencies. A worker is a slot: a task holds
 * cpu_count / worker_count cores of its node, so that a node runs as many tasks at once as it had
 * workers. */
#include "traces/importer/importers.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/task_records.h"
#include "traces/importer/task_values.h"
#include "traces/packed_file.h"

static const char magic[] = "SQLite format 3", database_name[] = "monitoring.db";
enum { WAL_WRITE = 18, WAL_READ = 19 };  /* bytes of the header */
/* Thousands of instructions of one query: a hostile database must not run for ever. */
enum { MOST_STEPS = 2000000 };

struct manager {
    char *host;
    double from_s, to_s, workers, cpus, memory_mib;
};

struct parsl {
    sqlite3 *db;
    const char *path;
    char *run; /* the run that is read: the last */
    int64_t other_runs;
    struct task_records *records;
    size_t n_managers, room;
    struct manager *managers;
    double cores; /* of a task; NAN: no node is described */
    int steps;
    bool found;
    size_t memoised, internal, no_start;
};

/* --- queries ---------------------------------------------------------------------------------- */

static int refuse(const struct parsl *p, struct error *err)
{
    return error_set(err, "%s: cannot be read as Parsl's monitoring database: %s", p->path,
                     sqlite3_errmsg(p->db));
}

/* SQLite's progress handler: not 0 once a query has taken too long. */
static int count_steps(void *context)
{
    struct parsl *p = context;
    return ++p->steps > MOST_STEPS;
}

typedef void row_fn(struct parsl *p, sqlite3_stmt *q);

/* Calls each() for every row. A '?' stands for the run. -1 and SQLite's sentence. */
static int query(struct parsl *p, const char *sql, row_fn *each, struct error *err)
{
    sqlite3_stmt *q = NULL;
    p->steps = 0;
    int step = sqlite3_prepare_v2(p->db, sql, -1, &q, NULL);
    if (step == SQLITE_OK && p->run && sqlite3_bind_parameter_count(q) > 0)
        sqlite3_bind_text(q, 1, p->run, -1, SQLITE_STATIC);
    if (step == SQLITE_OK)
        while ((step = sqlite3_step(q)) == SQLITE_ROW)
            each(p, q);
    int status = step == SQLITE_DONE ? 0 : refuse(p, err);
    sqlite3_finalize(q);
    return status;
}

/* "" for none */
static const char *text_of(sqlite3_stmt *q, int column)
{
    const unsigned char *text = sqlite3_column_text(q, column);
    return text ? (const char *)text : "";
}

/* SQLAlchemy writes "2023-08-03 06:19:59.181000", in UTC. NAN: no time. */
static double time_of(sqlite3_stmt *q, int column)
{
    double t;
    bool date;
    return task_value_time(text_of(q, column), &t, &date) && date ? t : (double)NAN;
}

static void note_found(struct parsl *p, sqlite3_stmt *q)
{
    (void)q;
    p->found = true;
}

/* A view could be anything: it is none. */
static bool has_table(struct parsl *p, const char *name)
{
    char *sql =
        str_format("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '%s'", name);
    p->found = false;
    query(p, sql, note_found, NULL);
    free(sql);
    return p->found;
}

/* --- the run ---------------------------------------------------------------------------------- */

static const char run_sql[] =
    "SELECT run_id, time_began, time_completed, (SELECT count(*) FROM workflow) FROM workflow "
    "ORDER BY time_began DESC, rowid DESC LIMIT 1";

static void read_run(struct parsl *p, sqlite3_stmt *q)
{
    p->run = xstrdup(text_of(q, 0));
    p->records->begun_s = time_of(q, 1);
    p->records->ended_s = time_of(q, 2);
    p->other_runs = sqlite3_column_int64(q, 3) - 1;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* A manager (uid) has a row for each of its messages, or one. */
static const char managers_sql[] =
    "SELECT hostname, min(timestamp), max(last_heartbeat), max(worker_count), max(cpu_count), "
    "max(total_memory) FROM node WHERE run_id = ? GROUP BY hostname, uid ORDER BY min(rowid)";

static void read_manager(struct parsl *p, sqlite3_stmt *q)
{
    xgrow(&p->managers, &p->room, p->n_managers + 1, sizeof *p->managers);
    p->managers[p->n_managers++] = (struct manager){ xstrdup(text_of(q, 0)),
                                                     time_of(q, 1),
                                                     time_of(q, 2),
                                                     sqlite3_column_double(q, 3),
                                                     sqlite3_column_double(q, 4),
                                                     sqlite3_column_double(q, 5) / 1048576 };
}

static double cores_of_task(const struct parsl *p)
{
    double least = NAN;
    for (size_t i = 0; i < p->n_managers; i++) {
        const struct manager *m = &p->managers[i];
        if (m->workers >= 1 && m->cpus >= 1)
            least = earlier_known(least, fmax(1, floor(m->cpus / m->workers)));
    }
    return least;
}

/* The most workers at once of all managers on the host of one of them. */
static double workers_on(const struct parsl *p, const char *host)
{
    struct infer_load *loads = xcalloc(2 * p->n_managers, sizeof *loads);
    size_t n = 0;
    for (size_t i = 0; i < p->n_managers; i++) {
        const struct manager *m = &p->managers[i];
        if (!str_equal(m->host, host) || !(m->workers >= 1))
            continue;
        loads[n++] = (struct infer_load){ known_or(m->from_s, -INFINITY), m->workers };
        loads[n++] = (struct infer_load){ known_or(m->to_s, INFINITY), -m->workers };
    }
    double most = infer_peak(loads, n);
    free(loads);
    return most;
}

static int read_nodes(struct parsl *p, struct error *err)
{
    int status = has_table(p, "node") ? query(p, managers_sql, read_manager, err) : 0;
    p->cores = cores_of_task(p);
    for (size_t i = 0; i < p->n_managers; i++) {
        const struct manager *m = &p->managers[i];
        struct task_node node = { m->host, workers_on(p, m->host) * p->cores, 0,
                                  m->memory_mib >= 1 ? m->memory_mib : (double)NAN,
                                  known_or(m->from_s, 0) };
        if (node.cores >= 1)
            task_records_add_node(p->records, &node);
    }
    return status;
}

/* --- tries ------------------------------------------------------------------------------------ */

enum {
    TASK, NAME, DEPENDS, INVOKED, TASK_RETURNED, LAUNCHED, RUNNING, RETURNED, HOST, EXECUTOR,
    STATE, HISTORY, LAST,
};

static enum task_status status_of(sqlite3_stmt *q, const struct task_row *row)
{
    const char *state = text_of(q, STATE);
    bool last = sqlite3_column_int(q, LAST) != 0;
    if (str_equal(state, "dep_fail"))
        return TASK_CANCELLED;
    if (str_equal(state, "failed") || str_equal(state, "fail_retryable") ||
        (!last && *text_of(q, HISTORY)))
        return TASK_FAILED;
    if (!last)
        return TASK_FAILED; /* it was tried again */
    return is_known(row->end_s) || str_equal(state, "exec_done") || str_equal(state, "memo_done")
               ? TASK_DONE
               : TASK_CUT;
}

static void read_times(struct parsl *p, sqlite3_stmt *q, struct task_row *row)
{
    bool last = sqlite3_column_int(q, LAST) != 0;
    row->submit_s = time_of(q, INVOKED);
    row->arrived_s = time_of(q, LAUNCHED);
    row->start_s = time_of(q, RUNNING);
    row->end_s =
        known_or(time_of(q, RETURNED), last ? time_of(q, TASK_RETURNED) : (double)NAN);
    row->notified_s = last ? time_of(q, TASK_RETURNED) : (double)NAN;
    row->elapsed_s = row->end_s - row->start_s;
    if (str_equal(text_of(q, STATE), "memo_done")) { /* no times in this run */
        row->submit_s = row->arrived_s = row->start_s = row->end_s = row->notified_s = NAN;
        row->elapsed_s = 0;
        p->memoised++;
    }
}

static void read_try(struct parsl *p, sqlite3_stmt *q)
{
    struct task_records *t = p->records;
    struct task_row row = task_row_new();
    const char *host = text_of(q, HOST), *executor = text_of(q, EXECUTOR);
    row.id = task_records_keep(t, text_of(q, TASK));
    row.name = task_records_keep(t, text_of(q, NAME));
    row.after = task_records_keep(t, text_of(q, DEPENDS));
    row.partition = task_records_keep(t, executor);
    read_times(p, q, &row);
    row.status = status_of(q, &row);
    p->no_start += row.status != TASK_CANCELLED && isnan(row.start_s) && is_known(row.end_s);
    row.cores = known_or(p->cores, 1);
    row.gpus = 0;
    bool internal = str_equal(executor, "_parsl_internal");
    p->internal += internal;
    if (*host && !internal)
        task_records_place(t, &row, host, NAN, NAN);
    task_records_add(t, &row);
}

/* Each try of each task, or a task without any; the state is the last one recorded of it. */
#define TRIES_SQL(state, states)                                                                   \
    "WITH last AS (SELECT task_id, max(try_id) AS try_id FROM try WHERE run_id = ?1 GROUP BY "     \
    "task_id)" states " SELECT t.task_id, t.task_func_name, t.task_depends, t.task_time_invoked, " \
                      "t.task_time_returned,"                                                      \
    " y.task_try_time_launched, y.task_try_time_running, y.task_try_time_returned, y.hostname, "   \
    "y.task_executor, " state                                                                      \
    ", y.task_fail_history, y.try_id IS NULL OR y.try_id = last.try_id FROM task t"                \
    " LEFT JOIN try y ON y.run_id = ?1 AND y.task_id = t.task_id LEFT JOIN last ON last.task_id "  \
    "= t.task_id"

static const char tries_sql[] =
    TRIES_SQL("''", "") " WHERE t.run_id = ?1 ORDER BY t.task_id, y.try_id";
static const char tries_with_states_sql[] = TRIES_SQL(
    "states.name",
    ", states AS (SELECT task_id, try_id, task_status_name AS name, max(rowid) FROM status"
    " WHERE run_id = ?1 GROUP BY task_id, try_id)") " LEFT JOIN states ON states.task_id = "
                                                    "t.task_id AND (y.try_id IS NULL OR "
                                                    "states.try_id = y.try_id) WHERE t.run_id = ?1 "
                                                    "ORDER BY t.task_id, y.try_id";

/* --- session ---------------------------------------------------------------------------------- */

static void note(struct parsl *p)
{
    struct notes *n = &p->records->notes;
    notes_add(n, p->other_runs > 0 ? (size_t)p->other_runs : 0, "runs",
              "in the same database: only the one that began last is read");
    notes_add(n, p->memoised, "tasks", "memoised: done without running, in no time");
    notes_add(n, p->internal, "tries", "joins, of Parsl's own process: on no node");
    notes_add(n, p->no_start, "tries", "no time of running: the start is not known");
    notes_add(n, isnan(p->cores), "nodes",
              "none described (no monitored workers): a task is taken to need one core");
    if (is_known(p->cores)) {
        char *why = str_format("ask for nothing in Parsl: %.0f core%s each (cpu_count / "
                               "worker_count), so that a node runs as many at once "
                               "as it had workers",
                               p->cores, p->cores > 1 ? "s" : "");
        notes_add(n, p->records->n, "tries", why);
        free(why);
    }
}

static int read_database(struct parsl *p, struct error *err)
{
    static const char *const tables[] = { "workflow", "task", "try" };
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        if (!has_table(p, tables[k]))
            return error_set(err, "%s: expected Parsl's monitoring database; found no table '%s'",
                             p->path, tables[k]);
    const char *tries = has_table(p, "status") ? tries_with_states_sql : tries_sql;
    if (query(p, run_sql, read_run, err))
        return -1;
    if (!p->run)
        return error_set(err, "%s: Parsl's monitoring database holds no run", p->path);
    if (read_nodes(p, err) || query(p, tries, read_try, err))
        return -1;
    note(p);
    return p->records->n ? 0
                         : error_set(err, "%s: run %s of Parsl's monitoring database holds no task",
                                     p->path, p->run);
}

/* A packed database is read in memory. */
static int open_database(struct parsl *p, struct error *err)
{
    const int flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY;
    uint64_t bytes;
    size_t size;
    if (!packed_file_is_packed(p->path))
        return sqlite3_open_v2(p->path, &p->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
                   ? 0
                   : refuse(p, err);
    if (packed_file_damage(p->path, &bytes))
        return error_set(err, "%s: %s; expected a whole SQLite database", p->path,
                         packed_file_damage(p->path, &bytes));
    char *text = packed_file_load(p->path, &size, err);
    if (!text)
        return -1;
    unsigned char *copy = sqlite3_malloc64(size);
    if (sqlite3_open(":memory:", &p->db) != SQLITE_OK || !copy) {
        sqlite3_free(copy);
        free(text);
        return refuse(p, err);
    }
    memcpy(copy, text, size);
    if (size > WAL_READ) /* in memory there is no log beside it: it is read as a database without */
        copy[WAL_WRITE] = copy[WAL_READ] = 1;
    free(text);
    return sqlite3_deserialize(p->db, "main", copy, (sqlite3_int64)size, (sqlite3_int64)size,
                               flags) == SQLITE_OK
               ? 0
               : refuse(p, err);
}

static int read_parsl(struct task_records *t, const char *path, struct error *err)
{
    struct parsl p = { .path = path, .records = t };
    char *inside = packed_file_in(path, database_name);
    if (inside)
        p.path = inside;
    t->kind = TABLE_PARSL;
    t->dates = t->has_submit = t->has_after = t->all_dependencies = true;
    int status = open_database(&p, err);
    if (status == 0) {
        sqlite3_db_config(p.db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_progress_handler(p.db, 1000, count_steps, &p);
        status = read_database(&p, err);
    }
    sqlite3_close(p.db);
    for (size_t i = 0; i < p.n_managers; i++)
        free(p.managers[i].host);
    xfree(p.managers, p.run, inside);
    return status;
}

static int probe(const struct importer_probe *p)
{
    if (p->is_folder && packed_file_is_in(p->path, database_name))
        return 90;
    return p->head_size >= sizeof magic && memcmp(p->head, magic, sizeof magic) == 0 ? 60 : 0;
}

const struct importer_ops importer_parsl = {
    .name = "parsl",
    .summary = "Parsl's monitoring.db (SQLite): the last run in it",
    .probe = probe,
    .read = read_parsl,
};
