#include "traces/importer/task_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "traces/importer/table_text.h"
#include "traces/importer/task_nodes.h"
#include "traces/importer/task_values.h"

enum { MOST_NODES = 65535, TEXT_BLOCK_BYTES = 1 << 14 };
static const size_t largest_file = (size_t)1 << 32, most_places = (size_t)1 << 26;
static const double clock_step_s = 3600, clock_tolerance_s = 60, agreement_s = 1.5;
static const double half_year_s = 183 * 86400.0, year_s = 366 * 86400.0;

void task_table_clear(struct task_table *t)
{
    name_index_free(t->node_index);
    arena_clear(&t->memory);
    str_clear(&t->unused);
    str_clear(&t->first_bad);
    free(t->nodes);
    free(t->places);
    free(t->rows);
    free(t->text);
    *t = (struct task_table){ 0 };
}

void task_table_init(struct task_table *t, enum table_kind kind)
{
    *t = (struct task_table){ .node_index = name_index_new(), .kind = kind, .begun_s = NAN, .ended_s = NAN };
    t->memory.block_bytes = TEXT_BLOCK_BYTES;
}

struct task_row task_row_new(void)
{
    return (struct task_row){ .id = "", .name = "", .after = "", .partition = "", .submit_s = NAN, .eligible_s = NAN, .start_s = NAN,
                              .end_s = NAN, .elapsed_s = NAN, .cores = NAN, .gpus = NAN, .memory_mib = NAN, .peak_memory_mib = NAN,
                              .node_count = NAN };
}

const char *task_table_keep(struct task_table *t, const char *text)
{
    return arena_keep(&t->memory, text, strlen(text));
}

void task_table_add(struct task_table *t, const struct task_row *row)
{
    xgrow(&t->rows, &t->row_room, t->n + 1, sizeof *t->rows);
    t->rows[t->n++] = *row;
}

/* --- nodes ------------------------------------------------------------------------------------------------------ */

/* For a list that is only tried: one that is refused must leave no names behind. */
static void pass_over(void *context, const char *name, double cores, double gpus)
{
    (void)context;
    (void)name;
    (void)cores;
    (void)gpus;
}

static int node_number(struct task_table *t, const char *name)
{
    int node = name_index_find(t->node_index, name);
    if (node >= 0 || t->n_nodes == MOST_NODES)
        return node;
    xgrow(&t->nodes, &t->node_room, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes] = task_table_keep(t, name);
    name_index_add(t->node_index, t->nodes[t->n_nodes], (int)t->n_nodes);
    return (int)t->n_nodes++;
}

void task_table_add_node(struct task_table *t, const char *name)
{
    node_number(t, name);
}

static void add_place(void *context, const char *name, double cores, double gpus)
{
    struct task_table *t = context;
    int node = node_number(t, name);
    if (node < 0) {
        t->too_many_nodes = true;
        return;
    }
    xgrow(&t->places, &t->place_room, t->n_places + 1, sizeof *t->places);
    t->places[t->n_places++] = (struct task_place){ node, (float)cores, (float)gpus };
}

static int compare_places(const void *a, const void *b)
{
    return (((const struct task_place *)a)->node > ((const struct task_place *)b)->node) -
           (((const struct task_place *)a)->node < ((const struct task_place *)b)->node);
}

/* A node that is listed several times is one place with the sum of its shares. */
static void join_places(struct task_table *t, size_t first)
{
    bool sorted = true;
    for (size_t k = first + 1; k < t->n_places; k++)
        sorted = sorted && t->places[k].node > t->places[k - 1].node;
    if (sorted)
        return;
    qsort(t->places + first, t->n_places - first, sizeof *t->places, compare_places);
    size_t kept = first;
    for (size_t k = first + 1; k < t->n_places; k++) {
        if (t->places[k].node != t->places[kept].node) {
            t->places[++kept] = t->places[k];
            continue;
        }
        t->places[kept].cores += t->places[k].cores;
        t->places[kept].gpus += t->places[k].gpus;
    }
    t->n_places = kept + 1;
}

/* A column called "nodes" may hold a number of them. */
static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

void task_table_read_nodes(struct task_table *t, struct task_row *row, const char *text)
{
    row->first_place = t->n_places;
    row->n_places = 0;
    if (is_number(text)) {
        double count = strtod(text, NULL);
        row->node_count = count <= 1e9 ? count : NAN;
        return;
    }
    size_t left = most_places - t->n_places, most = left < MOST_NODES ? left : MOST_NODES;
    t->too_many_nodes = false;
    if (task_nodes_read(text, most, pass_over, NULL) && task_nodes_read(text, most, add_place, t) && !t->too_many_nodes) {
        join_places(t, row->first_place);
        row->n_places = t->n_places - row->first_place;
        t->other_count += row->n_places && row->node_count >= 1 && row->node_count != (double)row->n_places;
        return;
    }
    t->n_places = row->first_place;
    t->bad_nodes++;
}

/* --- fields ----------------------------------------------------------------------------------------------------- */

struct row_reader {
    struct task_table *table;
    const struct csv *csv;
    const struct table_columns *columns;
    char *const *headings;
    bool in_milliseconds;                /* plain numbers of durations */
};

/* A field's text, "" where its column is absent. */
static const char *field(const struct row_reader *r, enum task_column column)
{
    int at = r->columns->at[column];
    return at >= 0 && (size_t)at < r->csv->n ? r->csv->fields[at] : "";
}

static bool refuse_value(const struct row_reader *r, enum task_column column)
{
    if (!r->table->first_bad.length)
        str_addf(&r->table->first_bad, "line %zu, %s '%.40s'", r->csv->line, r->headings[r->columns->at[column]], field(r, column));
    return false;
}

static bool read_amount(const struct row_reader *r, enum task_column column, double *value)
{
    const char *text = field(r, column);
    *value = NAN;
    return !*text || str_equal(text, "-") || (str_to_double(text, value) && *value >= 0 && *value <= 1e9) || refuse_value(r, column);
}

static bool read_time(const struct row_reader *r, enum task_column column, double *time_s)
{
    const char *text = field(r, column);
    double unit = r->columns->unit[column];
    bool has_year;
    if (!isnan(unit) && str_to_double(text, time_s)) {
        *time_s *= unit;
        return fabs(*time_s) <= 1e11 || refuse_value(r, column);
    }
    if (task_value_time(text, time_s, &r->table->dates))
        return true;
    if (!task_value_month_time(text, time_s, &has_year))
        return refuse_value(r, column);
    r->table->dates = r->table->no_year = true;
    return true;
}

static bool read_duration(const struct row_reader *r, enum task_column column, double *seconds)
{
    const char *text = field(r, column);
    double unit = r->columns->unit[column];
    if (!task_value_duration(text, seconds))
        return refuse_value(r, column);
    double plain;
    if (str_to_double(text, &plain))
        *seconds *= !isnan(unit) ? unit : r->in_milliseconds ? 1e-3 : 1;
    return true;
}

/* Memory of all nodes in MiB. A number without a unit is in MB in Slurm, bytes in Nextflow, MiB elsewhere. */
static bool read_memory(const struct row_reader *r, enum task_column column, const struct task_row *row, double *mib)
{
    bool has_unit;
    char per;
    double unit = r->columns->unit[column];
    if (!task_value_memory(field(r, column), mib, &has_unit, &per))
        return refuse_value(r, column);
    if (isnan(*mib))
        return true;
    if (!has_unit && isnan(unit)) {
        bool bytes = r->table->kind == TABLE_NEXTFLOW || (r->table->kind == TABLE_SLURM && column == TASK_PEAK_MEMORY);
        unit = bytes ? 1.0 / 1048576 : 1;
        r->table->memory_unit_unknown += r->table->kind == TABLE_PLAIN;
    }
    double nodes = row->n_places ? (double)row->n_places : row->node_count >= 1 ? row->node_count : 1;
    *mib *= (has_unit ? 1 : unit) * (per == 'c' ? fmax(1, row->cores) : per == 'n' ? nodes : 1);
    if (!(*mib > 0 && *mib <= 1e12))
        *mib = NAN;
    return true;
}

/* --- a row's times and state ------------------------------------------------------------------------------------ */

/* Elapsed is the duration; an end that differs by an hour, or lies before the start, was read from a clock that was changed. */
static void reconcile(struct task_table *t, struct task_row *row)
{
    double difference = row->end_s - row->start_s - row->elapsed_s;
    if (t->kind == TABLE_NEXTFLOW || t->kind == TABLE_PARSL) {           /* the rest is staging */
        row->end_s = difference > 0 ? row->start_s + row->elapsed_s : row->end_s;
        return;
    }
    if (!(fabs(difference) > agreement_s))
        return;
    t->disagree++;
    if (fabs(fabs(difference) - clock_step_s) > clock_tolerance_s && difference > 0)
        return;
    t->clock_changes++;
    row->end_s = row->start_s + row->elapsed_s;
}

void task_table_complete(struct task_table *t, struct task_row *row)
{
    if (t->no_year && row->end_s < row->start_s - half_year_s)           /* over the end of a year */
        row->end_s += year_s;
    if (isnan(row->end_s) && !isnan(row->start_s) && row->elapsed_s > 0)
        row->end_s = row->start_s + row->elapsed_s;
    if (isnan(row->start_s) && !isnan(row->end_s) && row->elapsed_s > 0)
        row->start_s = row->end_s - row->elapsed_s;
    if (isnan(row->elapsed_s))
        row->elapsed_s = row->end_s - row->start_s;
    else if (!isnan(row->start_s) && !isnan(row->end_s))
        reconcile(t, row);
}

static bool read_times(const struct row_reader *r, struct task_row *row)
{
    double span;
    if (!read_time(r, TASK_SUBMIT, &row->submit_s) || !read_time(r, TASK_ELIGIBLE, &row->eligible_s) ||
        !read_time(r, TASK_START, &row->start_s) || !read_time(r, TASK_END, &row->end_s) ||
        !read_duration(r, TASK_ELAPSED, &row->elapsed_s) || !read_duration(r, TASK_SPAN, &span))
        return false;
    if (isnan(row->end_s) && !isnan(span))
        row->end_s = row->submit_s + span;
    bool only_span = r->columns->at[TASK_ELAPSED] < 0 && isnan(row->start_s) && !isnan(span);
    if (only_span)
        row->elapsed_s = span;
    r->table->spans += only_span;
    task_table_complete(r->table, row);
    return !(row->end_s < row->start_s) || refuse_value(r, r->columns->at[TASK_END] >= 0 ? TASK_END : TASK_START);
}

void task_table_set_status(struct task_table *t, struct task_row *row, const char *state, const char *exit)
{
    bool ran = !isnan(row->start_s) || row->elapsed_s > 0, ended = !isnan(row->end_s) || !isnan(row->elapsed_s);
    bool by_exit = !*state || (t->kind == TABLE_PBS && strchr("FECX", *state) && !state[1]);     /* PBS: finished, one way or other */
    row->status = ended ? TASK_DONE : TASK_CUT;
    if (!by_exit && !task_value_state(state, &row->status))
        t->bad_states++;
    else if (by_exit && *exit && strtol(exit, NULL, 10) != 0)
        row->status = TASK_FAILED;
    if (row->status == TASK_KILLED && (!ran || (row->elapsed_s == 0 && !row->n_places)))
        row->status = TASK_CANCELLED;
    if (row->status == TASK_CANCELLED)
        row->start_s = row->end_s = row->elapsed_s = NAN;
    if (row->status == TASK_DONE && !ended)
        row->status = TASK_CUT;
    if (row->status == TASK_DONE && row->elapsed_s == 0 && isnan(row->start_s))
        row->start_s = row->end_s;
    if (row->status == TASK_CUT)         /* what has elapsed so far is no end */
        row->end_s = NAN;
    row->earlier_run = strncasecmp(state, "cached", 6) == 0;
    if (!row->earlier_run)
        return;
    row->submit_s = row->eligible_s = row->start_s = row->end_s = NAN;
    t->cached++;
}

/* Of what was given; of a row that never started, of what it asks for. */
static bool read_demand(const struct row_reader *r, struct task_row *row)
{
    double asked, nodes = row->node_count;
    if (!read_amount(r, TASK_CORES, &row->cores) || !read_amount(r, TASK_ASKED_CORES, &asked) || !read_amount(r, TASK_GPUS, &row->gpus))
        return false;
    const char *given = field(r, TASK_TRES), *wanted = field(r, TASK_ASKED_TRES);
    bool started = !isnan(row->start_s) || row->elapsed_s > 0;
    const char *tres = *given && (started || !*wanted) ? given : wanted;
    if (isnan(row->gpus) && *tres)
        row->gpus = task_value_tres_gpus(tres);
    if (isnan(row->cores))
        row->cores = task_value_tres(tres, "cpu");
    if (isnan(row->cores) || (row->cores < 1 && !started))
        row->cores = !isnan(asked) ? asked : task_value_tres(wanted, "cpu") >= 1 ? task_value_tres(wanted, "cpu") : row->cores;
    if (isnan(nodes) && !row->n_places)
        row->node_count = task_value_tres(tres, "node");
    bool has_demands = r->columns->at[TASK_CORES] >= 0 || r->columns->at[TASK_TRES] >= 0;
    row->waiting = has_demands && !started && !(row->cores >= 1) && !(row->gpus > 0);
    row->memory_mib = task_value_tres(tres, "mem");
    double column;
    if (!read_memory(r, TASK_MEMORY, row, &column) || !read_memory(r, TASK_PEAK_MEMORY, row, &row->peak_memory_mib))
        return false;
    if (isnan(row->memory_mib))
        row->memory_mib = column;
    return true;
}

/* Slurm's Priority is not read; others are, within what a workflow's file may hold. */
static void read_priority(const struct row_reader *r, struct task_row *row)
{
    double value;
    if (str_to_double(field(r, TASK_PRIORITY), &value) && fabs(value) <= 1e6 && value == floor(value))
        row->priority = (int)value;
}

/* A separator at the end of a row starts no column. */
static bool right_width(const struct row_reader *r)
{
    size_t n = r->csv->n, width = r->columns->width;
    return n == width || (n == width + 1 && !r->columns->ends_with_separator && !*r->csv->fields[width]);
}

static bool is_plain_number(const char *text)
{
    double value;
    return str_to_double(text, &value);
}

/* bjobs prints one JOBID for all elements of an array, and which it is in the name only: "sim[3]" of 7 is 7[3]. */
static void tell_elements_apart(struct task_table *t, struct task_row *row)
{
    size_t n = strlen(row->name);
    const char *open = strrchr(row->name, '[');
    if (t->kind != TABLE_LSF || !open || row->name[n - 1] != ']' || strchr(row->id, '['))
        return;
    size_t digits = strspn(open + 1, "0123456789");
    if (!*row->id || !digits || open + 1 + digits != row->name + n - 1)
        return;
    char *id = str_format("%s%s", row->id, open);
    row->id = task_table_keep(t, id);
    free(id);
}

static void read_row(struct row_reader *r)
{
    struct task_table *t = r->table;
    struct task_row row = { .id = field(r, TASK_ID), .name = field(r, TASK_NAME), .after = field(r, TASK_AFTER),
                            .partition = field(r, TASK_PARTITION) };
    if (!right_width(r)) {
        t->width_differs++;
        return;
    }
    if (r->csv->torn || (!*row.id && !*row.name)) {
        t->torn++;
        return;
    }
    r->in_milliseconds = t->kind == TABLE_NEXTFLOW && (r->columns->at[TASK_SUBMIT] < 0 || is_plain_number(field(r, TASK_SUBMIT)));
    size_t places = t->n_places;
    if (!read_amount(r, TASK_NODE_COUNT, &row.node_count) || !read_times(r, &row)) {
        t->bad_values++;
        return;
    }
    task_table_read_nodes(t, &row, field(r, TASK_NODES));
    if (!read_demand(r, &row)) {
        t->n_places = places;
        t->bad_values++;
        return;
    }
    task_table_set_status(t, &row, field(r, TASK_STATE), field(r, TASK_EXIT));
    read_priority(r, &row);
    tell_elements_apart(t, &row);
    task_table_add(t, &row);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

/* Makes a table for people separable; the text then is the table's own. */
static char separate(char **text, size_t *size)
{
    char separator = table_text_separator(*text);
    struct str aligned = { 0 };
    if (separator || !table_text_align(*text, &aligned)) {
        str_clear(&aligned);
        return separator ? separator : ',';
    }
    free(*text);
    *size = aligned.length;
    *text = str_take(&aligned);
    return TABLE_TEXT_SEPARATOR;
}

int task_table_known_columns(const char *head, bool *enough)
{
    char *copy = xstrdup(head);
    size_t size = strlen(copy);
    struct csv c;
    struct table_columns columns = { 0 };
    char separator = separate(&copy, &size);
    csv_open(&c, copy, size, separator);
    if (csv_next(&c))
        columns = table_columns_find(c.fields, c.n);
    csv_close(&c);
    free(copy);
    *enough = columns.enough;
    return (int)columns.known;
}

static int read_head(struct csv *c, struct table_columns *columns, const char *path, struct error *err)
{
    if (!csv_next(c))
        return error_set(err, "%s: is empty", path);
    *columns = table_columns_find(c->fields, c->n);
    return columns->enough ? 0 : table_columns_refuse(columns, c->fields, c->n, path, err);
}

static void read_rows(struct task_table *t, struct csv *c, const struct table_columns *columns)
{
    char **headings = xmemdup(c->fields, c->n * sizeof *headings);
    t->kind = columns->kind;
    t->has_after = columns->at[TASK_AFTER] >= 0;
    t->has_submit = columns->at[TASK_SUBMIT] >= 0;
    t->n_unused = table_columns_unused(columns, headings, c->n, &t->unused);
    /* sacct and Nextflow quote nothing: a quote is a part of a name. */
    c->literal = c->separator == TABLE_TEXT_SEPARATOR || (c->separator == '|' && t->kind == TABLE_SLURM) ||
                 (c->separator == '\t' && t->kind == TABLE_NEXTFLOW);
    struct row_reader r = { .table = t, .csv = c, .columns = columns, .headings = headings };
    while (csv_next(c))
        read_row(&r);
    free(headings);
}

int task_table_load(struct task_table *t, const char *path, struct error *err)
{
    size_t size;
    struct csv c;
    struct table_columns columns;
    task_table_init(t, TABLE_PLAIN);
    t->text = file_load(path, largest_file, &size, err);
    if (!t->text)
        return -1;
    char separator = separate(&t->text, &size);
    csv_open(&c, t->text, size, separator);
    int status = read_head(&c, &columns, path, err);
    if (status == 0)
        read_rows(t, &c, &columns);
    csv_close(&c);
    task_table_join_years(t);
    if (status == 0 && t->kind == TABLE_SLURM && t->n)
        slurm_jobs_choose(t);
    if (status == 0 && t->n == 0)
        status = error_set(err,
                           "%s: holds no row of a task that can be read (torn: %zu; of another width than the header: %zu; with a value "
                           "that is not one: %zu%s%s)", path, t->torn, t->width_differs, t->bad_values,
                           t->first_bad.length ? ", first " : "", t->first_bad.length ? t->first_bad.text : "");
    return status;
}
