#include "study/store_impl.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/str.h"

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
    str_addf(&sql, "PRAGMA application_id = %d;\n", STORE_APPLICATION_ID);
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
    int status = store_execute(s, sql.text, err);
    str_clear(&sql);
    free(points);
    return status;
}

/* ---- one that is there ---- */

static int check_same(struct store *s, const char *key, const char *expected, const char *what,
                      struct error *err)
{
    char *found = store_study_text(s, key, err);
    if (!found)
        return -1;
    int status = str_equal(found, expected)
                     ? 0
                     : error_set(err, "%s: %s; give another --store", s->path, what);
    free(found);
    return status;
}

static int create_or_check(struct store *s, const struct grid *g, const char *hash,
                           const char *version, struct error *err)
{
    bool ours;
    if (store_look(s, &ours, err))
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
    s->insert = store_prepare(s, sql.text, err);
    str_clear(&sql);
    return s->insert ? 0 : -1;
}

static int set_up(struct store *s, const struct grid *g, const char *hash, const char *version,
                  struct error *err)
{
    if (store_execute(s, "BEGIN IMMEDIATE", err))
        return -1;
    if (create_or_check(s, g, hash, version, err)) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    if (store_execute(s, "COMMIT", err) ||
        store_execute(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", err))
        return -1;
    return prepare_insert(s, g, err);
}

struct store *store_open(const char *path, const struct grid *g, uint64_t study_hash,
                         const char *version, struct error *err)
{
    struct store *s = store_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
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
    int status = sqlite3_step(q) == SQLITE_DONE ? 0 : store_fail(s, err);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    return status;
}

int store_begin(struct store *s, struct error *err)
{
    return store_execute(s, "BEGIN", err);
}

int store_commit(struct store *s, struct error *err)
{
    return store_execute(s, "COMMIT", err);
}

int store_mark_done(struct store *s, bool *done, size_t n_points, struct error *err)
{
    sqlite3_stmt *q = store_prepare(s, "SELECT point FROM points", err);
    int step;
    if (!q)
        return -1;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        sqlite3_int64 point = sqlite3_column_int64(q, 0);
        if (point >= 0 && (size_t)point < n_points)
            done[point] = true;
    }
    int status = step == SQLITE_DONE ? 0 : store_fail(s, err);
    sqlite3_finalize(q);
    return status;
}
