/* study/store_load.c - reads all rows of a store, whose grid need not be known. */
#include "study/store_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

static int load_axes(struct store *s, struct sheet *sheet, struct error *err)
{
    sqlite3_stmt *q = store_prepare(s, "SELECT name FROM axes ORDER BY position", err);
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
    sqlite3_stmt *q = store_prepare(s, "SELECT * FROM points ORDER BY point", err);
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
    int status = step == SQLITE_DONE ? 0 : store_fail(s, err);
    sqlite3_finalize(q);
    return status;
}

static int load(struct store *s, struct sheet *sheet, struct error *err)
{
    bool ours;
    int64_t points;
    if (store_look(s, &ours, err))
        return -1;
    if (!ours)
        return error_set(err, "%s: is empty: no sweep has begun it", s->path);
    sheet->name = store_study_text(s, "name", err);
    char *text = sheet->name ? store_study_text(s, "points", err) : NULL;
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
    struct store *s = store_connect(path, SQLITE_OPEN_READWRITE, err);
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
