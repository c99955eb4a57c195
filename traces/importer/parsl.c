/* A try is an attempt; `task_depends` names all dependencies. A worker is a slot: a task holds
 * cpu_count / worker_count cores of its node, so that a node runs as many tasks at once as it had
 * workers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/importers.h"
#include "traces/importer/infer.h"
#include "traces/importer/parsl_database.h"
#include "traces/importer/task_records.h"
#include "traces/packed_file.h"

static const char magic[] = "SQLite format 3", database_name[] = "monitoring.db";

struct manager {
    char *host;
    double from_s, to_s, workers, cpus, memory_mib;
};

struct parsl {
    struct parsl_database db; /* of its runs the last is read */
    int64_t other_runs;
    struct task_records *records;
    size_t n_managers, room;
    struct manager *managers;
    double cores; /* of a task; NAN: no node is described */
    size_t memoised, internal, no_start;
};

/* --- the run ---------------------------------------------------------------------------------- */

static const char run_sql[] =
    "SELECT run_id, time_began, time_completed, (SELECT count(*) FROM workflow) FROM workflow "
    "ORDER BY time_began DESC, rowid DESC LIMIT 1";

static void read_run(void *context, sqlite3_stmt *q)
{
    struct parsl *p = context;
    p->db.run = xstrdup(parsl_text(q, 0));
    p->records->begun_s = parsl_time(q, 1);
    p->records->ended_s = parsl_time(q, 2);
    p->other_runs = sqlite3_column_int64(q, 3) - 1;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* A manager (uid) has a row for each of its messages, or one. */
static const char managers_sql[] =
    "SELECT hostname, min(timestamp), max(last_heartbeat), max(worker_count), max(cpu_count), "
    "max(total_memory) FROM node WHERE run_id = ? GROUP BY hostname, uid ORDER BY min(rowid)";

static void read_manager(void *context, sqlite3_stmt *q)
{
    struct parsl *p = context;
    xgrow(&p->managers, &p->room, p->n_managers + 1, sizeof *p->managers);
    p->managers[p->n_managers++] = (struct manager){ xstrdup(parsl_text(q, 0)),
                                                     parsl_time(q, 1),
                                                     parsl_time(q, 2),
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
    int status = parsl_has_table(&p->db, "node")
                     ? parsl_query(&p->db, managers_sql, read_manager, p, err)
                     : 0;
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
    const char *state = parsl_text(q, STATE);
    bool last = sqlite3_column_int(q, LAST) != 0;
    if (str_equal(state, "dep_fail"))
        return TASK_CANCELLED;
    if (str_equal(state, "failed") || str_equal(state, "fail_retryable") ||
        (!last && *parsl_text(q, HISTORY)))
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
    row->submit_s = parsl_time(q, INVOKED);
    row->arrived_s = parsl_time(q, LAUNCHED);
    row->start_s = parsl_time(q, RUNNING);
    row->end_s =
        known_or(parsl_time(q, RETURNED), last ? parsl_time(q, TASK_RETURNED) : (double)NAN);
    row->notified_s = last ? parsl_time(q, TASK_RETURNED) : (double)NAN;
    row->elapsed_s = row->end_s - row->start_s;
    if (str_equal(parsl_text(q, STATE), "memo_done")) { /* no times in this run */
        row->submit_s = row->arrived_s = row->start_s = row->end_s = row->notified_s = NAN;
        row->elapsed_s = 0;
        p->memoised++;
    }
}

static void read_try(void *context, sqlite3_stmt *q)
{
    struct parsl *p = context;
    struct task_records *t = p->records;
    struct task_row row = task_row_new();
    const char *host = parsl_text(q, HOST), *executor = parsl_text(q, EXECUTOR);
    row.id = task_records_keep(t, parsl_text(q, TASK));
    row.name = task_records_keep(t, parsl_text(q, NAME));
    row.after = task_records_keep(t, parsl_text(q, DEPENDS));
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
        if (!parsl_has_table(&p->db, tables[k]))
            return error_set(err, "%s: expected Parsl's monitoring database; found no table '%s'",
                             p->db.path, tables[k]);
    const char *tries = parsl_has_table(&p->db, "status") ? tries_with_states_sql : tries_sql;
    if (parsl_query(&p->db, run_sql, read_run, p, err))
        return -1;
    if (!p->db.run)
        return error_set(err, "%s: Parsl's monitoring database holds no run", p->db.path);
    if (read_nodes(p, err) || parsl_query(&p->db, tries, read_try, p, err))
        return -1;
    note(p);
    return p->records->n ? 0
                         : error_set(err, "%s: run %s of Parsl's monitoring database holds no task",
                                     p->db.path, p->db.run);
}

static int read_parsl(struct task_records *t, const char *path, struct error *err)
{
    struct parsl p = { .records = t };
    char *inside = packed_file_in(path, database_name);
    t->kind = TABLE_PARSL;
    t->dates = t->has_submit = t->has_after = t->all_dependencies = true;
    int status = parsl_database_open(&p.db, inside ? inside : path, err) ? -1
                                                                         : read_database(&p, err);
    parsl_database_close(&p.db);
    for (size_t i = 0; i < p.n_managers; i++)
        free(p.managers[i].host);
    xfree(p.managers, inside);
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
