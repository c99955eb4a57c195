/* A row of a table of tasks: its fields to a record. */
#include "traces/importer/task_table_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "traces/importer/task_values.h"

/* A field's text, "" where its column is absent. */
static const char *field(const struct row_reader *r, enum task_column column)
{
    return csv_at(r->csv, r->columns->at[column]);
}

static bool refuse_value(struct row_reader *r, enum task_column column)
{
    if (!r->first_bad.length)
        str_addf(&r->first_bad, "line %zu, %s '%.40s'", r->csv->line,
                 r->headings[r->columns->at[column]], field(r, column));
    return false;
}

static bool read_amount(struct row_reader *r, enum task_column column, double *value)
{
    const char *text = field(r, column);
    *value = NAN;
    return !*text || str_equal(text, "-") ||
           (str_to_double(text, value) && *value >= 0 && *value <= 1e9) || refuse_value(r, column);
}

static bool read_time(struct row_reader *r, enum task_column column, double *time_s)
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

static bool read_duration(struct row_reader *r, enum task_column column, double *seconds)
{
    const char *text = field(r, column);
    double unit = r->columns->unit[column];
    if (!task_value_duration(text, seconds))
        return refuse_value(r, column);
    double plain;
    if (!strchr(text, ':') && str_to_double(text, &plain))
        *seconds *= !isnan(unit) ? unit : r->in_milliseconds ? 1e-3 : 1;
    return true;
}

/* Memory of all nodes in MiB. A number without a unit is in MB in Slurm, bytes in Nextflow, MiB
 * elsewhere. */
static bool read_memory(struct row_reader *r, enum task_column column, const struct task_row *row,
                        double *mib)
{
    bool has_unit;
    char per;
    double unit = r->columns->unit[column];
    if (!task_value_memory(field(r, column), mib, &has_unit, &per))
        return refuse_value(r, column);
    if (isnan(*mib))
        return true;
    if (!has_unit && isnan(unit)) {
        bool bytes = r->table->kind == TABLE_NEXTFLOW ||
                     (r->table->kind == TABLE_SLURM && column == TASK_PEAK_MEMORY);
        unit = bytes ? 1.0 / 1048576 : 1;
        r->counts.memory_unit_unknown += r->table->kind == TABLE_PLAIN;
    }
    double nodes = row->n_places          ? (double)row->n_places
                   : row->node_count >= 1 ? row->node_count
                                          : 1;
    *mib *= (has_unit ? 1 : unit) * (per == 'c' ? fmax(1, row->cores) : per == 'n' ? nodes : 1);
    if (!(*mib > 0 && *mib <= 1e12))
        *mib = NAN;
    return true;
}

/* --- a row's times and state ------------------------------------------------------------------ */

static bool read_times(struct row_reader *r, struct task_row *row)
{
    double span;
    if (!read_time(r, TASK_SUBMIT, &row->submit_s) ||
        !read_time(r, TASK_ELIGIBLE, &row->eligible_s) ||
        !read_time(r, TASK_START, &row->start_s) || !read_time(r, TASK_END, &row->end_s) ||
        !read_duration(r, TASK_ELAPSED, &row->elapsed_s) || !read_duration(r, TASK_SPAN, &span))
        return false;
    if (isnan(row->end_s) && !isnan(span))
        row->end_s = row->submit_s + span;
    bool only_span = r->columns->at[TASK_ELAPSED] < 0 && isnan(row->start_s) && !isnan(span);
    if (only_span)
        row->elapsed_s = span;
    r->counts.spans += only_span;
    task_records_complete(r->table, row);
    return !(row->end_s < row->start_s) ||
           refuse_value(r, r->columns->at[TASK_END] >= 0 ? TASK_END : TASK_START);
}

/* What was given; of a row that never started, what it asks for. */
static const char *resources(const char *given, const char *wanted, bool started)
{
    return *given && (started || !*wanted) ? given : wanted;
}

/* A machine that does not count GPUs in its TRES may have them in its GRES. */
static double gpus_of_lists(const struct row_reader *r, const char *tres, bool started)
{
    const char *gres = resources(field(r, TASK_GRES), field(r, TASK_ASKED_GRES), started);
    double gpus = task_value_tres_gpus(tres);
    return gpus > 0 ? gpus : *gres ? task_value_gres_gpus(gres) : *tres ? 0 : (double)NAN;
}

static bool read_demand(struct row_reader *r, struct task_row *row)
{
    double asked, nodes = row->node_count;
    if (!read_amount(r, TASK_CORES, &row->cores) || !read_amount(r, TASK_ASKED_CORES, &asked) ||
        !read_amount(r, TASK_GPUS, &row->gpus))
        return false;
    const char *wanted = field(r, TASK_ASKED_TRES);
    bool started = !isnan(row->start_s) || row->elapsed_s > 0;
    const char *tres = resources(field(r, TASK_TRES), wanted, started);
    if (isnan(row->gpus))
        row->gpus = gpus_of_lists(r, tres, started);
    if (isnan(row->cores))
        row->cores = task_value_tres(tres, "cpu");
    if (isnan(row->cores) || (row->cores < 1 && !started))
        row->cores = !isnan(asked)                         ? asked
                     : task_value_tres(wanted, "cpu") >= 1 ? task_value_tres(wanted, "cpu")
                                                           : row->cores;
    if (isnan(nodes) && !row->n_places)
        row->node_count = task_value_tres(tres, "node");
    bool has_demands = r->columns->at[TASK_CORES] >= 0 || r->columns->at[TASK_TRES] >= 0;
    row->waiting = has_demands && !started && !(row->cores >= 1) && !(row->gpus > 0);
    row->memory_mib = task_value_tres(tres, "mem");
    double column;
    if (!read_memory(r, TASK_MEMORY, row, &column) ||
        !read_memory(r, TASK_PEAK_MEMORY, row, &row->peak_memory_mib))
        return false;
    if (isnan(row->memory_mib))
        row->memory_mib = column;
    return true;
}

/* Slurm's Priority is not read; others are, within what a workflow's file may hold. */
static void read_priority(const struct row_reader *r, struct task_row *row)
{
    double value;
    if (str_to_double(field(r, TASK_PRIORITY), &value) && fabs(value) <= 1e6 &&
        value == floor(value))
        row->priority = (int)value;
}

/* A separator at the end of a row starts no column. */
static bool right_width(const struct row_reader *r)
{
    size_t n = r->csv->n, width = r->columns->width;
    return n == width ||
           (n == width + 1 && !r->columns->ends_with_separator && !*r->csv->fields[width]);
}

static bool is_plain_number(const char *text)
{
    double value;
    return str_to_double(text, &value);
}

/* "1.234,5" to "1234.5" in place; false: it is no such number. */
static bool point_for_comma(char *text)
{
    char *comma = strchr(text, ','), *to = text;
    size_t whole = comma ? strspn(text, "-+0123456789.") : 0,
           rest = comma ? strspn(comma + 1, "0123456789") : 0;
    if (!comma || whole == 0 || text + whole != comma || rest == 0 || comma[1 + rest])
        return false;
    for (char *from = text; *from; from++)
        if (*from != '.')
            *to++ = *from == ',' ? '.' : *from;
    *to = '\0';
    return true;
}

/* Where a semicolon parts columns, since a comma parts a number's whole from the rest. */
static void read_commas(struct row_reader *r)
{
    static const enum task_column numbers[] = { TASK_SUBMIT, TASK_ELIGIBLE,    TASK_START,
                                                TASK_END,    TASK_ELAPSED,     TASK_SPAN,
                                                TASK_CORES,  TASK_ASKED_CORES, TASK_GPUS,
                                                TASK_MEMORY, TASK_PEAK_MEMORY, TASK_NODE_COUNT };
    for (size_t k = 0; r->csv->separator == ';' && k < sizeof numbers / sizeof *numbers; k++) {
        int at = r->columns->at[numbers[k]];
        if (at >= 0 && (size_t)at < r->csv->n)
            r->counts.commas += point_for_comma(r->csv->fields[at]);
    }
}

void task_table_read_row(struct row_reader *r)
{
    struct task_records *t = r->table;
    read_commas(r);
    struct task_row row = task_row_new();
    row.id = field(r, TASK_ID);
    row.name = field(r, TASK_NAME);
    row.after = field(r, TASK_AFTER);
    row.partition = field(r, TASK_PARTITION);
    if (!right_width(r)) {
        r->counts.width_differs++;
        return;
    }
    if (r->csv->torn || (!*row.id && !*row.name)) {
        t->counts.torn++;
        return;
    }
    r->in_milliseconds = t->kind == TABLE_NEXTFLOW && (r->columns->at[TASK_SUBMIT] < 0 ||
                                                       is_plain_number(field(r, TASK_SUBMIT)));
    size_t places = t->n_places;
    if (!read_amount(r, TASK_NODE_COUNT, &row.node_count) || !read_times(r, &row)) {
        r->counts.bad_values++;
        return;
    }
    task_records_read_nodes(t, &row, field(r, TASK_NODES));
    if (!read_demand(r, &row)) {
        t->n_places = places;
        r->counts.bad_values++;
        return;
    }
    task_records_set_status(t, &row, field(r, TASK_STATE), field(r, TASK_EXIT));
    read_priority(r, &row);
    task_records_keep_texts(t, &row);
    task_records_add(t, &row);
}
