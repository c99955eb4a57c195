#include "study/store.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { APPLICATION_ID = 0x44676361, BUSY_MS = 20000 };   /* "Dgca" */

struct store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *insert;
};

/* ---- statements ---- */

static int fail(const struct store *s, struct error *err)
{
    return error_set(err, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

static int execute(struct store *s, const char *sql, struct error *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s, err);
}

static sqlite3_stmt *prepare(struct store *s, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    fail(s, err);
    return NULL;
}

static int ask_int(struct store *s, const char *sql, int64_t *out, struct error *err)
{
    sqlite3_stmt *q = prepare(s, sql, err);
    if (!q)
        return -1;
    int status = sqlite3_step(q) == SQLITE_ROW ? 0 : fail(s, err);
    if (status == 0)
        *out = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return status;
}

/* A text of table `study`; NULL: not there. free() it. */
static char *study_text(struct store *s, const char *key, struct error *err)
{
    sqlite3_stmt *q = prepare(s, "SELECT value FROM study WHERE key = ?", err);
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

static struct store *connect(const char *path, int flags, struct error *err)
{
    struct store *s = xcalloc(1, sizeof *s);
    s->path = xstrdup(path);
    if (sqlite3_open_v2(path, &s->db, flags, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(s->db, BUSY_MS);
        return s;
    }
    fail(s, err);
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

/* ---- a new one ---- */

static void add_quoted(struct str *sql, const char *name, char quote)
{
    str_add_n(sql, &quote, 1);
    for (; *name; name++) {
        if (*name == quote)
            str_add_n(sql, &quote, 1);
        str_add_n(sql, name, 1);
    }
    str_add_n(sql, &quote, 1);
}

static void add_study(struct str *sql, const char *key, const char *value)
{
    str_addf(sql, "INSERT INTO study VALUES ('%s', ", key);
    add_quoted(sql, value, '\'');
    str_add(sql, ");\n");
}

static int create(struct store *s, const struct grid *g, const char *hash, const char *version,
                  struct error *err)
{
    struct str sql = { 0 };
    char *points = str_format("%zu", g->n_points);
    str_addf(&sql, "PRAGMA application_id = %d;\n", APPLICATION_ID);
    str_add(&sql, "CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT);\nCREATE TABLE axes "
                  "(position INTEGER PRIMARY KEY, name TEXT);\n");
    add_study(&sql, "name", g->name ? g->name : "");
    add_study(&sql, "hash", hash);
    add_study(&sql, "version", version);
    add_study(&sql, "points", points);
    for (size_t i = 0; i < g->n_axes; i++) {
        str_addf(&sql, "INSERT INTO axes VALUES (%zu, ", i);
        add_quoted(&sql, g->axes[i].name, '\'');
        str_add(&sql, ");\n");
    }
    str_add(&sql, "CREATE TABLE points (point INTEGER PRIMARY KEY");
    for (size_t i = 0; i < g->n_axes; i++) {
        str_add(&sql, ", ");
        add_quoted(&sql, g->axes[i].name, '"');
    }
    str_add(&sql, ", error TEXT, profile TEXT");
    for (int f = 0; f < FIGURES; f++)
        str_addf(&sql, ", %s REAL", figure_name((enum figure)f));
    str_add(&sql, ", makespans BLOB);\n");
    int status = execute(s, sql.text, err);
    str_clear(&sql);
    free(points);
    return status;
}

/* ---- one that is there ---- */

static int check_same(struct store *s, const char *key, const char *expected, const char *what,
                      struct error *err)
{
    char *found = study_text(s, key, err);
    if (!found)
        return -1;
    int status = str_equal(found, expected)
                     ? 0
                     : error_set(err, "%s: %s; give another --store", s->path, what);
    free(found);
    return status;
}

/* Ours, or empty (0 in *ours). -1: another program's. */
static int look(struct store *s, bool *ours, struct error *err)
{
    int64_t id, tables;
    if (ask_int(s, "PRAGMA application_id", &id, err) ||
        ask_int(s, "SELECT count(*) FROM sqlite_master", &tables, err))
        return -1;
    *ours = id == APPLICATION_ID && tables > 0;
    return *ours || tables == 0
               ? 0
               : error_set(err, "%s: is a database, but no store of a sweep", s->path);
}

static int create_or_check(struct store *s, const struct grid *g, const char *hash,
                           const char *version, struct error *err)
{
    bool ours;
    if (look(s, &ours, err))
        return -1;
    if (!ours)
        return create(s, g, hash, version, err);
    if (check_same(s, "version", version, "its rows are those of another version of dagcast", err))
        return -1;
    return check_same(s, "hash", hash,
                      "its rows are those of another study, or of files that have changed since",
                      err);
}

static int prepare_insert(struct store *s, const struct grid *g, struct error *err)
{
    struct str sql = { 0 };
    str_add(&sql, "INSERT OR IGNORE INTO points VALUES (?");
    for (size_t i = 0; i < g->n_axes + FIGURES + 3; i++)
        str_add(&sql, ", ?");
    str_add(&sql, ")");
    s->insert = prepare(s, sql.text, err);
    str_clear(&sql);
    return s->insert ? 0 : -1;
}

static int set_up(struct store *s, const struct grid *g, const char *hash, const char *version,
                  struct error *err)
{
    if (execute(s, "BEGIN IMMEDIATE", err))
        return -1;
    if (create_or_check(s, g, hash, version, err)) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    if (execute(s, "COMMIT", err) ||
        execute(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", err))
        return -1;
    return prepare_insert(s, g, err);
}

struct store *store_open(const char *path, const struct grid *g, uint64_t study_hash,
                         const char *version, struct error *err)
{
    struct store *s = connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (!s)
        return NULL;
    char *hash = str_format("%016" PRIx64, study_hash);
    int status = set_up(s, g, hash, version, err);
    free(hash);
    if (status == 0)
        return s;
    store_close(s);
    return NULL;
}

/* ---- rows ---- */

static void bind_value(sqlite3_stmt *q, int column, const struct setting_value *v)
{
    if (v->text)
        sqlite3_bind_text(q, column, v->text, -1, SQLITE_STATIC);
    else if (v->said && v->number == floor(v->number) && fabs(v->number) < 9e15)
        sqlite3_bind_int64(q, column, (int64_t)v->number);
    else if (v->said)
        sqlite3_bind_double(q, column, v->number);
    else
        sqlite3_bind_null(q, column);
}

int store_put(struct store *s, const struct grid *g, const struct result *r, const char *profile,
              struct error *err)
{
    sqlite3_stmt *q = s->insert;
    int column = 1;
    sqlite3_bind_int64(q, column++, (sqlite3_int64)r->point);
    for (size_t i = 0; i < g->n_axes; i++)
        bind_value(q, column++, grid_at(g, r->point, i));
    sqlite3_bind_text(q, column++, r->error, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, column++, profile, -1, SQLITE_STATIC);
    for (int f = 0; f < FIGURES; f++)
        sqlite3_bind_double(q, column++, r->figures[f]);         /* NAN is stored as NULL */
    sqlite3_bind_blob64(q, column, r->makespans, r->n * sizeof *r->makespans, SQLITE_STATIC);
    int status = sqlite3_step(q) == SQLITE_DONE ? 0 : fail(s, err);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    return status;
}

int store_begin(struct store *s, struct error *err)
{
    return execute(s, "BEGIN", err);
}

int store_commit(struct store *s, struct error *err)
{
    return execute(s, "COMMIT", err);
}

int store_mark_done(struct store *s, bool *done, size_t n_points, struct error *err)
{
    sqlite3_stmt *q = prepare(s, "SELECT point FROM points", err);
    int step;
    if (!q)
        return -1;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        sqlite3_int64 point = sqlite3_column_int64(q, 0);
        if (point >= 0 && (size_t)point < n_points)
            done[point] = true;
    }
    int status = step == SQLITE_DONE ? 0 : fail(s, err);
    sqlite3_finalize(q);
    return status;
}

/* ---- reading it all ---- */

static int load_axes(struct store *s, struct sheet *sheet, struct error *err)
{
    sqlite3_stmt *q = prepare(s, "SELECT name FROM axes ORDER BY position", err);
    size_t room = 0;
    if (!q)
        return -1;
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        xgrow(&sheet->axes, &room, sheet->n_axes + 1, sizeof *sheet->axes);
        sheet->axes[sheet->n_axes++] = xstrdup(name ? name : "");
    }
    sqlite3_finalize(q);
    return 0;
}

static struct setting_value read_value(struct sheet *sheet, sqlite3_stmt *q, int column)
{
    struct setting_value v = { .said = sqlite3_column_type(q, column) != SQLITE_NULL };
    if (sqlite3_column_type(q, column) == SQLITE_TEXT)
        v.text = sheet_keep_text(sheet, (const char *)sqlite3_column_text(q, column));
    else if (v.said)
        v.number = sqlite3_column_double(q, column);
    return v;
}

static struct result *read_result(sqlite3_stmt *q, int column)
{
    struct result *r = xcalloc(1, sizeof *r);
    r->point = (size_t)sqlite3_column_int64(q, 0);
    const unsigned char *error = sqlite3_column_text(q, column++);
    r->error = error ? xstrdup((const char *)error) : NULL;
    column++;                            /* profile */
    for (int f = 0; f < FIGURES; f++, column++)
        r->figures[f] =
            sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
    const void *bytes = sqlite3_column_blob(q, column);
    r->n = bytes ? (size_t)sqlite3_column_bytes(q, column) / sizeof *r->makespans : 0;
    if (r->n > 0)
        r->makespans = xmemdup(bytes, r->n * sizeof *r->makespans);
    return r;
}

static int load_rows(struct store *s, struct sheet *sheet, struct error *err)
{
    sqlite3_stmt *q = prepare(s, "SELECT * FROM points ORDER BY point", err);
    size_t row_room = 0, value_room = 0, profile_room = 0, n = sheet->n_axes;
    int step;
    if (!q)
        return -1;
    if ((size_t)sqlite3_column_count(q) != n + FIGURES + 4) {
        sqlite3_finalize(q);
        return error_set(err, "%s: its columns are not those of this version of dagcast", s->path);
    }
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        xgrow(&sheet->rows, &row_room, sheet->n_rows + 1, sizeof *sheet->rows);
        xgrow(&sheet->values, &value_room, (sheet->n_rows + 1) * n, sizeof *sheet->values);
        for (size_t i = 0; i < n; i++)
            sheet->values[sheet->n_rows * n + i] = read_value(sheet, q, (int)i + 1);
        xgrow(&sheet->profiles, &profile_room, sheet->n_rows + 1, sizeof *sheet->profiles);
        sheet->profiles[sheet->n_rows] = read_value(sheet, q, (int)n + 2).text;
        sheet->rows[sheet->n_rows++] = read_result(q, (int)n + 1);
    }
    int status = step == SQLITE_DONE ? 0 : fail(s, err);
    sqlite3_finalize(q);
    return status;
}

static int load(struct store *s, struct sheet *sheet, struct error *err)
{
    bool ours;
    int64_t points;
    if (look(s, &ours, err))
        return -1;
    if (!ours)
        return error_set(err, "%s: is empty: no sweep has begun it", s->path);
    sheet->name = study_text(s, "name", err);
    char *text = sheet->name ? study_text(s, "points", err) : NULL;
    if (!text)
        return -1;
    if (!str_to_int64(text, &points) || points < 0)
        points = 0;
    free(text);
    sheet->n_points = (size_t)points;
    return load_axes(s, sheet, err) || load_rows(s, sheet, err) ? -1 : 0;
}

struct sheet *store_load(const char *path, struct error *err)
{
    if (!file_exists(path)) {
        error_set(err, "%s: there is no such store", path);
        return NULL;
    }
    /* read-only where it must be; else what a kill left is tidied */
    struct store *s = connect(path, SQLITE_OPEN_READWRITE, err);
    if (!s)
        return NULL;
    struct sheet *sheet = xcalloc(1, sizeof *sheet);
    int status = load(s, sheet, err);
    store_close(s);
    if (status == 0)
        return sheet;
    sheet_free(sheet);
    return NULL;
}
