#include "study/ledger.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sha2.h>
#include <sqlite3.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { APPLICATION_ID = 0x4467634c, BUSY_MS = 20000 };   /* "DgcL" */

struct entry { char *kind, *content, hash[LEDGER_HASH_LENGTH + 1]; };

struct ledger {
    sqlite3 *db;
    char *path;
    size_t n, room;
    struct entry *at;
};

static int fail(const struct ledger *l, struct error *err)
{
    return error_set(err, "%s: %s", l->path, sqlite3_errmsg(l->db));
}

static int execute(struct ledger *l, const char *sql, struct error *err)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(l, err);
}

/* ---- the chain ---- */

static void hash_of(const struct ledger *l, const char *kind, const char *content,
                    char hash[LEDGER_HASH_LENGTH + 1])
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    const char *parts[] = { l->n ? l->at[l->n - 1].hash : zeros, "\n", kind, "\n", content };
    SHA2_CTX context;
    SHA256Init(&context);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        SHA256Update(&context, (const uint8_t *)parts[i], strlen(parts[i]));
    SHA256End(&context, hash);
}

static void append(struct ledger *l, const char *kind, const char *content, const char *hash)
{
    xgrow(&l->at, &l->room, l->n + 1, sizeof *l->at);
    struct entry *e = &l->at[l->n++];
    e->kind = xstrdup(kind);
    e->content = xstrdup(content);
    memcpy(e->hash, hash, sizeof e->hash);
}

/* One row of `entries`, checked against those before it. */
static int read_row(struct ledger *l, sqlite3_stmt *q, struct error *err)
{
    char hash[LEDGER_HASH_LENGTH + 1];
    const char *kind = (const char *)sqlite3_column_text(q, 1),
               *content = (const char *)sqlite3_column_text(q, 2),
               *stored = (const char *)sqlite3_column_text(q, 3);
    size_t number = l->n + 1;
    if (sqlite3_column_int64(q, 0) != (sqlite3_int64)number)
        return error_set(err, "%s: entry %zu is missing: the ledger was changed", l->path, number);
    hash_of(l, kind ? kind : "", content ? content : "", hash);
    if (!kind || !content || !stored || strcmp(stored, hash) != 0)
        return error_set(err,
                         "%s: entry %zu does not have its hash: it, or one before it, was changed "
                         "after it was registered",
                         l->path, number);
    append(l, kind, content, hash);
    return 0;
}

/* Entries behind those that are known. */
static int read_rest(struct ledger *l, struct error *err)
{
    sqlite3_stmt *q = NULL;
    int step = SQLITE_DONE, status = 0;
    if (sqlite3_prepare_v2(
            l->db,
            "SELECT number, kind, content, hash FROM entries WHERE number > ? ORDER BY number", -1,
            &q, NULL) != SQLITE_OK)
        return fail(l, err);
    sqlite3_bind_int64(q, 1, (sqlite3_int64)l->n);
    while (status == 0 && (step = sqlite3_step(q)) == SQLITE_ROW)
        status = read_row(l, q, err);
    if (status == 0 && step != SQLITE_DONE)
        status = fail(l, err);
    sqlite3_finalize(q);
    return status;
}

/* ---- the file ---- */

static int64_t pragma(struct ledger *l, const char *sql)
{
    sqlite3_stmt *q = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(l->db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
        value = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return value;
}

/* Updates and removals by mistake are refused; those with intent are found by the hashes. */
static int make_tables(struct ledger *l, struct error *err)
{
    char *sql = str_format("PRAGMA application_id = %d;CREATE TABLE IF NOT EXISTS entries (number "
                           "INTEGER PRIMARY KEY, kind TEXT NOT NULL, content TEXT NOT NULL, hash "
                           "TEXT NOT NULL);CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON "
                           "entries BEGIN SELECT RAISE(ABORT, 'entries are only added'); "
                           "END;CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON entries "
                           "BEGIN SELECT RAISE(ABORT, 'entries are only added'); END;",
                           APPLICATION_ID);
    int status = execute(l, sql, err);
    free(sql);
    return status;
}

static int make_or_refuse(struct ledger *l, bool create, struct error *err)
{
    int64_t id = pragma(l, "PRAGMA application_id"),
            tables = pragma(l, "SELECT count(*) FROM sqlite_master");
    if (id == 0 && tables == 0 && create)
        return make_tables(l, err);
    if (id == APPLICATION_ID)
        return 0;
    return error_set(err, "%s: expected a ledger, got %s", l->path,
                     id < 0 || tables < 0 ? "another kind of file" : "another database");
}

/* In one transaction: another process may be making the same file. */
static int check_kind(struct ledger *l, bool create, struct error *err)
{
    if (create && execute(l, "BEGIN IMMEDIATE", NULL))
        return error_set(
            err, "%s: expected a ledger, got another kind of file, or one that cannot be written",
            l->path);
    int status = make_or_refuse(l, create, err);
    if (create && status == 0)
        status = execute(l, "COMMIT", err);
    return status;
}

static struct ledger *open_file(const char *path, bool create, struct error *err)
{
    if (!create && !file_exists(path)) {
        error_set(err, "%s: no such ledger", path);
        return NULL;
    }
    struct ledger *l = xcalloc(1, sizeof *l);
    l->path = xstrdup(path);
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), status = 0;
    if (sqlite3_open_v2(path, &l->db, flags, NULL) != SQLITE_OK)
        status = fail(l, err);
    sqlite3_busy_timeout(l->db, BUSY_MS);
    if (status == 0)
        status = check_kind(l, create, err) || read_rest(l, err) ? -1 : 0;
    if (status == 0)
        return l;
    ledger_close(l);
    return NULL;
}

struct ledger *ledger_create(const char *path, struct error *err)
{
    return open_file(path, true, err);
}

struct ledger *ledger_open(const char *path, struct error *err)
{
    return open_file(path, false, err);
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    sqlite3_close(l->db);
    for (size_t i = 0; i < l->n; i++) {
        xfree(l->at[i].kind, l->at[i].content);
    }
    xfree(l->at, l->path, l);
}

size_t ledger_count(const struct ledger *l)
{
    return l->n;
}

struct ledger_entry ledger_at(const struct ledger *l, size_t i)
{
    return (struct ledger_entry){ l->at[i].kind, l->at[i].content, l->at[i].hash };
}

size_t ledger_find(const struct ledger *l, const char *prefix)
{
    size_t found = SIZE_MAX, n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (*prefix && str_starts(l->at[i].hash, prefix)) {
            found = i;
            n++;
        }
    return n == 1 ? found : SIZE_MAX;
}

static int insert(struct ledger *l, const char *kind, const char *content, struct error *err)
{
    char hash[LEDGER_HASH_LENGTH + 1];
    sqlite3_stmt *q = NULL;
    hash_of(l, kind, content, hash);
    if (sqlite3_prepare_v2(l->db, "INSERT INTO entries VALUES (?, ?, ?, ?)", -1, &q, NULL) !=
        SQLITE_OK)
        return fail(l, err);
    sqlite3_bind_int64(q, 1, (sqlite3_int64)l->n + 1);
    sqlite3_bind_text(q, 2, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 3, content, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 4, hash, -1, SQLITE_STATIC);
    int status = sqlite3_step(q) == SQLITE_DONE ? 0 : fail(l, err);
    sqlite3_finalize(q);
    return status;
}

int ledger_add(struct ledger *l, const char *kind, const char *content, struct error *err)
{
    if (execute(l, "BEGIN IMMEDIATE", err))
        return -1;
    int status =
        read_rest(l, err) || insert(l, kind, content, err) || execute(l, "COMMIT", err) ? -1 : 0;
    if (status)
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    else
        status = read_rest(l, err);
    return status;
}
