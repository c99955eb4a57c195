#include "traces/importer/timeline_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/table_text.h"
#include "traces/importer/timeline_rows_impl.h"
#include "traces/packed_file.h"

enum column {
    COLUMN_SET, COLUMN_TASK, COLUMN_ATTEMPT, COLUMN_STATUS, COLUMN_TIMES,
    COLUMN_NODES = COLUMN_TIMES + TIMELINE_INSTANTS, COLUMN_CORES, COLUMN_GPUS, COLUMN_SHARE,
    COLUMNS, COLUMN_PHASES = COLUMNS,
};

/* Where each column is in the file, -1: absent; and how many it has. */
struct head { int at[COLUMNS + 1]; size_t width; };

/* a part counts as 8 */
static const size_t ids_always = (size_t)1 << 24, ids_per_byte = 64, most_ids = (size_t)1 << 31;

void timeline_rows_clear(struct timeline_rows *r)
{
    name_index_free(r->set_index);
    name_index_free(r->node_index);
    name_index_free(r->listed_index);
    xfree(r->listed, r->rows, r->sets, r->nodes, r->parts, r->ids, r->text);
    *r = (struct timeline_rows){ 0 };
}

static int status_of(const char *name)
{
    for (int s = TASK_DONE; s <= TASK_CUT; s++)
        if (str_equal(task_status_name((enum task_status)s), name))
            return s;
    return -1;
}

static bool read_times(char *const *fields, double at[INSTANTS])
{
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        double *time_s = &at[timeline_instants[k]];
        *time_s = NAN;
        if (fields[k][0] && !str_to_double(fields[k], time_s))
            return false;
    }
    return true;
}

static bool read_count(const char *text, int64_t most, int64_t *value)
{
    return str_to_int64(text, value) && *value >= 0 && *value <= most;
}

static void read_row(struct timeline_rows *r, const struct csv *c, const struct head *h,
                     size_t ids_limit)
{
    char nothing[] = "", *fields[COLUMNS + 1];
    struct timeline_row row;
    int64_t task, attempt;
    if (c->torn || c->n != h->width) {
        r->torn++;
        return;
    }
    for (int k = 0; k <= COLUMNS; k++)
        fields[k] = h->at[k] < 0 ? nothing : c->fields[h->at[k]];
    if (!read_times(fields + COLUMN_TIMES, row.at)) {
        r->bad_numbers++;
        return;
    }
    if (!*fields[COLUMN_SET] && str_equal(fields[COLUMN_STATUS], "session")) {
        r->session_start_s = row.at[INSTANT_SUBMITTED];
        r->session_end_s = row.at[INSTANT_NOTIFIED];
        timeline_rows_read_platform(r, fields + COLUMN_NODES, ids_limit);
        return;
    }
    int status = status_of(fields[COLUMN_STATUS]);
    if (status < 0 || !*fields[COLUMN_SET]) {
        r->bad_status++;
        return;
    }
    if (!read_count(fields[COLUMN_TASK], UINT32_MAX - 1, &task) ||
        !read_count(fields[COLUMN_ATTEMPT], UINT8_MAX, &attempt)) {
        r->bad_numbers++;
        return;
    }
    row.task = (uint32_t)task;
    row.attempt = (uint8_t)attempt;
    row.status = (enum task_status)status;
    row.phases = *fields[COLUMN_PHASES] ? timeline_rows_unguarded(fields[COLUMN_PHASES]) : NULL;
    row.set = timeline_rows_number(r->set_index, &r->sets, &r->n_sets, &r->set_room,
                        escape_csv_undo(fields[COLUMN_SET]));
    r->bad_slots += !timeline_rows_read_parts(r, fields + COLUMN_NODES, ids_limit, &row);
    xgrow(&r->rows, &r->row_room, r->n + 1, sizeof *r->rows);
    r->rows[r->n++] = row;
}

static bool may_be_absent(int column)
{
    int k = column - COLUMN_TIMES;
    return column >= COLUMN_NODES || (k >= 0 && timeline_instants[k] != INSTANT_STARTED &&
                                      timeline_instants[k] != INSTANT_STOPPED);
}

static bool is_read(const struct head *h, size_t field)
{
    for (int k = 0; k <= COLUMNS; k++)
        if (h->at[k] == (int)field)
            return true;
    return false;
}

/* Columns in any order. Of the four that say where a row ran all are there, or none counts. */
static int read_head(struct head *h, const struct csv *c, const char *path, struct error *err)
{
    struct str names = { 0 };
    int status = 0;
    h->width = c->n;
    timeline_csv_head(&names, true);
    char *name = names.text;
    for (int k = 0; k <= COLUMNS; k++, name += strlen(name) + 1) {
        name[strcspn(name, ",\n")] = '\0';
        h->at[k] = csv_find(c, name);
        if (h->at[k] < 0 && !may_be_absent(k) && status == 0)
            status = error_set(err, "%s: expected a timeline of dagcast, but it has no column '%s'",
                               path, name);
    }
    str_clear(&names);
    for (size_t i = 0; i < c->n && status == 0; i++)
        if (!is_read(h, i))
            status = error_set(err, "%s: is not a timeline: its column %zu '%s' is unknown, or "
                               "twice", path, i + 1, c->fields[i]);
    const int *at = h->at + COLUMN_NODES;
    if (at[0] < 0 || at[1] < 0 || at[2] < 0 || at[3] < 0)
        for (int k = COLUMN_NODES; k < COLUMNS; k++)
            h->at[k] = -1;
    return status;
}

/* Six names of instants are no chance: it is a timeline, of which other columns are missing. */
static bool has_instants(const struct head *h)
{
    int n = 0;
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        n += h->at[COLUMN_TIMES + k] >= 0;
    return n >= 6;
}

bool timeline_rows_are_in(const char *start)
{
    struct csv c;
    struct head h;
    struct error err;
    char *line = str_format("%.*s", (int)strcspn(start, "\r\n"), start);
    csv_open(&c, line, strlen(line), table_text_separator(line));
    bool are = csv_next(&c) && (read_head(&h, &c, "", &err) == 0 || has_instants(&h));
    csv_close(&c);
    free(line);
    return are;
}

int timeline_rows_load(struct timeline_rows *r, const char *path, struct error *err)
{
    size_t size;
    struct csv c;
    *r = (struct timeline_rows){ .session_start_s = NAN, .session_end_s = NAN };
    r->text = packed_file_load(path, &size, err);
    if (!r->text)
        return -1;
    r->set_index = name_index_new();
    r->node_index = name_index_new();
    r->listed_index = name_index_new();
    size_t ids = ids_always + ids_per_byte * size, ids_limit = ids < most_ids ? ids : most_ids;
    csv_open(&c, r->text, size, table_text_separator(r->text));
    struct head h;
    int status = csv_next(&c) ? read_head(&h, &c, path, err) : error_set(err, "%s: is empty", path);
    while (status == 0 && csv_next(&c))
        read_row(r, &c, &h, ids_limit);
    csv_close(&c);
    if (status == 0 && r->n == 0)
        status = error_set(err, "%s: holds no row of a task that can be read", path);
    return status;
}
