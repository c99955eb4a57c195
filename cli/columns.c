#include "cli/columns.h"

#include <math.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/json_apart.h"
#include "base/xalloc.h"
#include "doc/render.h"

enum { DEEPEST = 3, CSV_MOST = 1 << 30 };

static char **cell_at(struct columns *c, size_t row, size_t column)
{
    return &c->cells[row * c->n + column];
}

/* --- CSV -------------------------------------------------------------------------------------- */

static void add_csv_row(struct columns *c, const struct csv *row, size_t *room)
{
    xgrow(&c->cells, room, (c->n_rows + 1) * c->n, sizeof *c->cells);
    for (size_t k = 0; k < c->n; k++)
        *cell_at(c, c->n_rows, k) = xstrdup(k < row->n ? escape_csv_undo(row->fields[k]) : "");
    c->n_rows++;
}

static int of_csv(struct columns *c, char *text, size_t size, const char *name, struct error *err)
{
    size_t room = 0;
    struct csv csv;
    csv_open(&csv, text, size, ',');
    if (csv_next(&csv)) {
        c->n = csv.n;
        c->names = xcalloc(c->n, sizeof *c->names);
        for (size_t k = 0; k < c->n; k++)
            c->names[k] = xstrdup(escape_csv_undo(csv.fields[k]));
        while (csv_next(&csv))
            add_csv_row(c, &csv, &room);
    }
    csv_close(&csv);
    return c->n_rows > 0 ? 0 : error_set(err, "%s: has no rows below its names of columns", name);
}

static int read_csv(struct columns *c, const char *path, struct error *err)
{
    size_t size;
    char *text = file_load(path, CSV_MOST, &size, err);
    int status = text ? of_csv(c, text, size, path, err) : -1;
    free(text);
    return status;
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* What is done with each scalar of a row; `context` is a struct columns for all of them. */
struct visit {
    struct columns *columns;
    size_t row, name_room;
    void (*scalar)(struct visit *v, const char *name, const cJSON *value);
};

static void add_name(struct visit *v, const char *name, const cJSON *value)
{
    struct columns *c = v->columns;
    (void)value;
    if (columns_find(c, name) >= 0)
        return;
    xgrow(&c->names, &v->name_room, c->n + 1, sizeof *c->names);
    c->names[c->n++] = xstrdup(name);
}

static void set_cell(struct visit *v, const char *name, const cJSON *value)
{
    struct str text = { 0 };
    if (cJSON_IsNumber(value))
        str_add_double(&text, value->valuedouble);
    else if (cJSON_IsString(value))
        str_add(&text, value->valuestring);
    else if (cJSON_IsBool(value))
        str_add(&text, cJSON_IsTrue(value) ? "true" : "false");
    *cell_at(v->columns, v->row, (size_t)columns_find(v->columns, name)) = str_take(&text);
}

static void visit(struct visit *v, const cJSON *value, const char *before, int depth)
{
    const cJSON *item;
    int index = 0;
    cJSON_ArrayForEach(item, value) {
        char *name = item->string ? str_format("%s%s%s", before, *before ? "." : "", item->string)
                                  : str_format("%s%s%d", before, *before ? "." : "", index);
        index++;
        if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
            v->scalar(v, name, item);
        else if (depth < DEEPEST)
            visit(v, item, name, depth + 1);
        free(name);
    }
}

static const cJSON *rows_of(const cJSON *root)
{
    const cJSON *item, *stored = doc_stored_records(root);
    if (stored || cJSON_IsArray(root))
        return stored ? stored : root;
    cJSON_ArrayForEach(item, root)
        if (cJSON_IsArray(item) && cJSON_IsObject(item->child))
            return item;
    return NULL;
}

/* `rows`: an array of objects. */
static void read_rows(struct columns *c, const cJSON *rows)
{
    const cJSON *row;
    struct visit names = { .columns = c, .scalar = add_name },
                 cells = { .columns = c, .scalar = set_cell };
    cJSON_ArrayForEach(row, rows) {
        visit(&names, row, "", 0);
        c->n_rows++;
    }
    c->cells = xcalloc(c->n_rows * c->n + 1, sizeof *c->cells);
    cJSON_ArrayForEach(row, rows) {
        visit(&cells, row, "", 0);
        cells.row++;
    }
    for (size_t i = 0; i < c->n_rows * c->n; i++)
        if (!c->cells[i])
            c->cells[i] = xstrdup("");
}

static int read_tree(struct columns *c, const struct json_document *doc, struct error *err)
{
    const struct json root = json_root(doc);
    const cJSON *rows = rows_of(root.value);
    if (!rows || !rows->child)
        return json_error(&root, err,
                          "holds no table, an array of objects; sweep, advise and validate print "
                          "such with --json");
    read_rows(c, rows);
    return 0;
}

/* Rows are read as trees. */
static int read_json(struct columns *c, const struct input *in, struct error *err)
{
    if (!json_has_apart(in->document))
        return read_tree(c, in->document, err);
    struct json_document *whole = json_load(in->path, err);
    int status = whole ? read_tree(c, whole, err) : -1;
    json_free(whole);
    return status;
}

int columns_of_result(struct columns *c, const cJSON *result, const char *table, struct error *err)
{
    const cJSON *rows = doc_stored_at(result, table);
    *c = (struct columns){ 0 };
    if (!cJSON_IsArray(rows) || !cJSON_IsObject(rows->child))
        return error_set(err, "the result holds no rows of \"%s\"", table);
    read_rows(c, rows);
    return 0;
}

/* --- use -------------------------------------------------------------------------------------- */

int columns_open(struct columns *c, const struct input *in, struct error *err)
{
    *c = (struct columns){ 0 };
    int status = in->document ? read_json(c, in, err) : read_csv(c, in->path, err);
    if (status)
        columns_close(c);
    return status;
}

void columns_close(struct columns *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->names[i]);
    for (size_t i = 0; i < c->n * c->n_rows; i++)
        free(c->cells[i]);
    xfree(c->names, c->cells);
    *c = (struct columns){ 0 };
}

int columns_find(const struct columns *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_equal(c->names[i], name))
            return (int)i;
    return -1;
}

const char *columns_text(const struct columns *c, size_t row, int column)
{
    return column < 0 ? "" : c->cells[row * c->n + (size_t)column];
}

double columns_number(const struct columns *c, size_t row, int column)
{
    double x;
    return str_to_double(columns_text(c, row, column), &x) ? x : (double)NAN;
}

bool columns_vary(const struct columns *c, int column)
{
    for (size_t i = 1; i < c->n_rows; i++)
        if (!str_equal(columns_text(c, i, column), columns_text(c, 0, column)))
            return true;
    return false;
}

int columns_need(const struct columns *c, const char *what, const char *name, struct error *err)
{
    int found = columns_find(c, name);
    if (found >= 0)
        return found;
    const char **names = xcalloc(c->n + 1, sizeof *names);
    struct str all = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        names[i] = c->names[i];
        str_addf(&all, "%s%s", i ? ", " : "", c->names[i]);
    }
    const char *near = str_nearest(name, names);
    if (near)
        error_set(err, "%s: no column is named '%s'; did you mean '%s'?", what, name, near);
    else
        error_set(err, "%s: no column is named '%s'; there are: %s", what, name,
                  all.text ? all.text : "");
    str_clear(&all);
    free(names);
    return -1;
}
