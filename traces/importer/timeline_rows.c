#include "traces/importer/timeline_rows.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/table_text.h"
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

/* The number of a name, which becomes a new one if it has not been seen. */
static int number_of(struct name_index *index, const char ***names, size_t *n, size_t *room,
                     const char *name)
{
    int known = name_index_add(index, name, (int)*n);
    if (known >= 0)
        return known;
    xgrow(names, room, *n + 1, sizeof **names);
    (*names)[*n] = name;
    return (int)(*n)++;
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

/* One id of "0-3 7", or the first of a run of them; *text goes behind it. */
static bool read_id(const char **text, unsigned *id)
{
    char *end;
    if (!isdigit((unsigned char)**text))
        return false;
    unsigned long value = strtoul(*text, &end, 10);
    *id = value <= UINT16_MAX ? (unsigned)value : UINT16_MAX;
    *text = end;
    return true;
}

static bool add_run(struct timeline_rows *r, unsigned first, unsigned last, unsigned most,
                    size_t ids_limit)
{
    if (first > last || last >= most || r->n_ids + 8 * r->n_parts + (last - first) >= ids_limit)
        return false;
    xgrow(&r->ids, &r->id_room, r->n_ids + (last - first) + 1, sizeof *r->ids);
    for (unsigned id = first; id <= last; id++)
        r->ids[r->n_ids++] = (uint16_t)id;
    return true;
}

/* The ids of one part, up to a semicolon or the end. *text goes behind the semicolon. */
static bool read_ids(struct timeline_rows *r, const char **text, unsigned most, size_t ids_limit,
                     uint32_t *n)
{
    size_t before = r->n_ids;
    while (**text && **text != ';') {
        unsigned first, last;
        if (!read_id(text, &first))
            return false;
        last = first;
        if ((**text == '-' && (++*text, !read_id(text, &last))) ||
            !add_run(r, first, last, most, ids_limit))
            return false;
        if (**text == ' ')
            ++*text;
    }
    *n = (uint32_t)(r->n_ids - before);
    *text += **text == ';';
    return *n <= UINT16_MAX;
}

static bool read_share(const char **text, int32_t *share)
{
    char *end;
    long value = strtol(*text, &end, 10);
    if (end == *text || value < 0 || value >= DEMAND_WHOLE_GPU || (*end && *end != ';'))
        return false;
    *share = (int32_t)value;
    *text = *end ? end + 1 : end;
    return true;
}

static size_t count_parts(const char *text)
{
    size_t n = 1;
    for (; (text = strchr(text, ';')); text++)
        n++;
    return n;
}

/* %3B and %25 as core/timeline_csv.c writes them, back to ; and %, in place. */
static char *with_semicolons(char *name)
{
    char *to = name;
    for (const char *from = name; *from; from++) {
        bool semicolon = str_starts(from, "%3B");
        *to++ = semicolon ? ';' : *from;
        from += semicolon || str_starts(from, "%25") ? 2 : 0;
    }
    return *to = '\0', name;
}

/* Behind the apostrophe that escape_csv() puts before what could be a formula. */
static char *without_guard(char *field)
{
    return field + (escape_csv_undo(field) - field);
}

/* The four columns that say where a row ran. false: they do not fit together; then the row has no
 * slots. */
static bool read_parts(struct timeline_rows *r, char *const *fields, size_t ids_limit,
                       struct timeline_row *row)
{
    char *node = without_guard(fields[0]);
    const char *cores = fields[1], *gpus = fields[2], *share = fields[3];
    size_t n = count_parts(node);
    row->first_part = r->n_parts;
    row->n_parts = 0;
    if (!*node)
        return !*cores && !*gpus && !*share;
    if (n != count_parts(cores) || n != count_parts(gpus) || n != count_parts(share) ||
        r->n_ids + 8 * (r->n_parts + n) >= ids_limit)
        return false;
    size_t parts_before = r->n_parts, ids_before = r->n_ids;
    for (size_t k = 0; k < n; k++) {
        struct timeline_part part = { .first_id = r->n_ids };
        char *end = strchr(node, ';');
        if (end)
            *end = '\0';
        if (!*node || !read_ids(r, &cores, NODE_MOST_SLOTS, ids_limit, &part.n_cores) ||
            !read_ids(r, &gpus, NODE_MOST_GPUS, ids_limit, &part.n_gpus) ||
            !read_share(&share, &part.gpu_share)) {
            r->n_parts = parts_before, r->n_ids = ids_before;
            return false;
        }
        part.node =
            number_of(r->node_index, &r->nodes, &r->n_nodes, &r->node_room, with_semicolons(node));
        xgrow(&r->parts, &r->part_room, r->n_parts + 1, sizeof *r->parts);
        r->parts[r->n_parts++] = part;
        node = end ? end + 1 : node;
    }
    row->n_parts = n;
    return true;
}

/* Ids that ascend, at the end of r->ids. */
static bool read_ascending(struct timeline_rows *r, const char **text, unsigned most,
                           size_t ids_limit, uint32_t *n)
{
    size_t first = r->n_ids;
    bool good = read_ids(r, text, most, ids_limit, n);
    for (size_t i = first + 1; i < r->n_ids && good; i++)
        good = r->ids[i] > r->ids[i - 1];
    return good;
}

/* How many ids there are, of 0, 1, 2, ... without a gap; they are not kept. */
static bool read_range(struct timeline_rows *r, const char **text, unsigned most, size_t ids_limit,
                       int *n)
{
    size_t first = r->n_ids;
    uint32_t count;
    bool good = read_ascending(r, text, most, ids_limit, &count) &&
                (!count || r->ids[r->n_ids - 1] == count - 1);
    r->n_ids = first;
    *n = (int)count;
    return good;
}

/* One node of the platform; *name goes behind it. */
static bool read_node(struct timeline_rows *r, char **name, const char **columns, size_t ids_limit)
{
    struct timeline_node node = { .first_blocked = 0 };
    uint32_t n;
    char *text = *name, *end = strchr(text, ';');
    if (end)
        *end = '\0';
    *name = end ? end + 1 : text + strlen(text);
    with_semicolons(text);
    if (!*text || !read_range(r, &columns[0], NODE_MOST_SLOTS, ids_limit, &node.n_slots) ||
        node.n_slots == 0 || !read_range(r, &columns[1], NODE_MOST_GPUS, ids_limit, &node.n_gpus))
        return false;
    node.first_blocked = r->n_ids;
    if (!read_ascending(r, &columns[2], (unsigned)node.n_slots, ids_limit, &n) ||
        (int)n >= node.n_slots || name_index_add(r->listed_index, text, (int)r->n_listed) >= 0)
        return false;
    node.n_blocked = n;
    node.node = number_of(r->node_index, &r->nodes, &r->n_nodes, &r->node_room, text);
    xgrow(&r->listed, &r->listed_room, r->n_listed + 1, sizeof *r->listed);
    r->listed[r->n_listed++] = node;
    return true;
}

/* The platform of the session's row: all slots and GPUs of each node, and the slots that are never
 * given. It comes whole or not at all. */
static void read_platform(struct timeline_rows *r, char *const *fields, size_t ids_limit)
{
    char *name = without_guard(fields[0]);
    const char *columns[] = { fields[1], fields[2], fields[3] };
    size_t n = count_parts(name), ids_before = r->n_ids;
    if (!*name || r->n_listed)
        return;
    bool good = n <= TIMELINE_CSV_MOST_NODES && n == count_parts(columns[0]) &&
                n == count_parts(columns[1]) && n == count_parts(columns[2]);
    for (size_t k = 0; k < n && good; k++)
        good = read_node(r, &name, columns, ids_limit);
    if (!good) {
        r->bad_platform++;
        r->n_listed = 0;
        r->n_ids = ids_before;
    }
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
        read_platform(r, fields + COLUMN_NODES, ids_limit);
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
    row.phases = *fields[COLUMN_PHASES] ? without_guard(fields[COLUMN_PHASES]) : NULL;
    row.set = number_of(r->set_index, &r->sets, &r->n_sets, &r->set_room,
                        escape_csv_undo(fields[COLUMN_SET]));
    r->bad_slots += !read_parts(r, fields + COLUMN_NODES, ids_limit, &row);
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
