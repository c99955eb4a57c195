/* study/store_sql.c - a store's connection, and questions that writing and reading both ask. */
#include "study/store_impl.h"

#include "base/str.h"
#include "base/xalloc.h"

enum { BUSY_MS = 20000 };

int store_fail(const struct store *s, struct error *err)
{
    return error_set(err, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

int store_execute(struct store *s, const char *sql, struct error *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fail(s, err);
}

sqlite3_stmt *store_prepare(struct store *s, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    store_fail(s, err);
    return NULL;
}

static int ask_int(struct store *s, const char *sql, int64_t *out, struct error *err)
{
    sqlite3_stmt *q = store_prepare(s, sql, err);
    if (!q)
        return -1;
    int status = sqlite3_step(q) == SQLITE_ROW ? 0 : store_fail(s, err);
    if (status == 0)
        *out = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return status;
}

char *store_study_text(struct store *s, const char *key, struct error *err)
{
    sqlite3_stmt *q = store_prepare(s, "SELECT value FROM study WHERE key = ?", err);
    char *text = NULL;
    if (!q)
        return NULL;
    sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_text(q, 0))
        text = xstrdup((const char *)sqlite3_column_text(q, 0));
    else
        error_set(err, "%s: incomplete store: the study's %s is missing", s->path, key);
    sqlite3_finalize(q);
    return text;
}

struct store *store_connect(const char *path, int flags, struct error *err)
{
    struct store *s = xcalloc(1, sizeof *s);
    s->path = xstrdup(path);
    if (sqlite3_open_v2(path, &s->db, flags, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(s->db, BUSY_MS);
        return s;
    }
    store_fail(s, err);
    store_close(s);
    return NULL;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->insert) {
        sqlite3_finalize(s->insert);
        /* one plain file, unless another process still reads */
        sqlite3_exec(s->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(s->db);
    xfree(s->path, s);
}

int store_look(struct store *s, bool *ours, struct error *err)
{
    int64_t id, tables;
    if (ask_int(s, "PRAGMA application_id", &id, err) ||
        ask_int(s, "SELECT count(*) FROM sqlite_master", &tables, err))
        return -1;
    *ours = id == STORE_APPLICATION_ID && tables > 0;
    return *ours || tables == 0
               ? 0
               : error_set(err, "%s: is a database, but no store of a sweep", s->path);
}
