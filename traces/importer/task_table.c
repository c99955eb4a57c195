#include "traces/importer/task_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/xalloc.h"
#include "traces/importer/table_columns.h"
#include "traces/importer/table_file.h"
#include "traces/importer/table_text.h"
#include "traces/importer/task_table_impl.h"

struct task_table_head task_table_head(const char *head)
{
    char *copy = xstrdup(head);
    size_t size = strlen(copy);
    struct csv c;
    struct table_columns columns = { 0 };
    table_text_open(&c, &copy, &size);
    if (csv_next(&c))
        columns = table_columns_find(TABLE_ANY, c.fields, c.n);
    csv_close(&c);
    free(copy);
    return (struct task_table_head){ columns.kind, columns.known, columns.enough };
}

static int read_head(struct csv *c, enum table_kind kind, struct table_columns *columns,
                     const char *path, struct error *err)
{
    if (!csv_next(c))
        return error_set(err, "%s: is empty", path);
    if (table_columns_check_tool(kind, c->fields, c->n, path, err))
        return -1;
    *columns = table_columns_find(kind, c->fields, c->n);
    return columns->enough ? 0 : table_columns_refuse(columns, c->fields, c->n, path, err);
}

static void note_rows(struct row_reader *r, size_t n_headings)
{
    struct notes *n = &r->table->notes;
    struct str unused = { 0 };
    size_t n_unused = table_columns_unused(r->columns, r->headings, n_headings, &unused);
    char *not_used = str_format("not used: %s", unused.text ? unused.text : "");
    char *bad = str_format(
        "a time, a duration or a number that is invalid, or an end before its start (first: %s)",
        r->first_bad.text ? r->first_bad.text : "");
    notes_add(n, n_unused, "columns", not_used);
    notes_add(n, r->counts.width_differs, "rows",
              "torn: another number of columns than the header");
    notes_add(n, r->counts.bad_values, "rows", bad);
    notes_add(n, r->counts.spans, "tasks",
              "duration counts from submission; no realtime: waiting is part of it");
    notes_add(n, r->counts.commas, "numbers", "with a decimal comma, as in 1.234,5");
    notes_add(n, r->counts.memory_unit_unknown, "rows", "memory without a unit: MiB are assumed");
    str_clear(&unused);
    xfree(not_used, bad);
}

static void add_reason(struct str *reasons, size_t count, const char *why)
{
    if (count)
        str_addf(reasons, "%s%s: %zu", reasons->length ? "; " : " (", why, count);
}

static int refuse_rows(const struct row_reader *r, const char *path, struct error *err)
{
    struct str reasons = { 0 };
    add_reason(&reasons, r->table->counts.torn, "torn");
    add_reason(&reasons, r->counts.width_differs, "of another width than the header");
    add_reason(&reasons, r->counts.bad_values, "with a value that is not one");
    if (r->first_bad.length)
        str_addf(&reasons, ", first %s", r->first_bad.text);
    error_set(err, "%s: holds no row of a task that can be read%s%s", path,
              reasons.length ? reasons.text : "", reasons.length ? ")" : "");
    str_clear(&reasons);
    return -1;
}

static int read_rows(struct task_records *t, struct table_file *file,
                     const struct table_columns *columns, const char *path, struct error *err)
{
    struct csv *c = &file->csv;
    char **headings = xmemdup(c->fields, c->n * sizeof *headings);
    size_t n_headings = c->n;
    t->kind = columns->kind;
    t->has_after = columns->at[TASK_AFTER] >= 0;
    t->has_submit = columns->at[TASK_SUBMIT] >= 0;
    /* sacct and Nextflow quote nothing: a quote is a part of a name. Who quotes headings quotes. */
    c->literal = c->separator == TABLE_TEXT_SEPARATOR ||
                 (c->separator == '|' && t->kind == TABLE_SLURM && !c->quoted) ||
                 (c->separator == '\t' && t->kind == TABLE_NEXTFLOW && !c->quoted);
    struct row_reader r = { .table = t, .csv = c, .columns = columns, .headings = headings };
    for (table_file_pass(file); csv_next(c); table_file_pass(file))
        task_table_read_row(&r);
    task_records_join_years(t);
    note_rows(&r, n_headings);
    if (t->kind == TABLE_SLURM && t->n)
        slurm_jobs_choose(t);
    else if (t->kind == TABLE_LSF)
        array_rows_expand(t);
    int status = t->n ? 0 : refuse_rows(&r, path, err);
    str_clear(&r.first_bad);
    free(headings);
    return status;
}

static int load_kind(struct task_records *t, enum table_kind kind, const char *path,
                     struct error *err)
{
    struct table_file file;
    struct table_columns columns;
    if (table_file_open(&file, path, err))
        return -1;
    int status = read_head(&file.csv, kind, &columns, path, err);
    if (status == 0)
        status = read_rows(t, &file, &columns, path, err);
    return table_file_close(&file, path, status ? NULL : err) ? -1 : status;
}

int task_table_load(struct task_records *t, const char *path, struct error *err)
{
    return load_kind(t, TABLE_ANY, path, err);
}

int task_table_load_nextflow(struct task_records *t, const char *path, struct error *err)
{
    return load_kind(t, TABLE_NEXTFLOW, path, err);
}
