#include "traces/importer/task_table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_values.h"

enum { MOST_NODES = 65535, LONGEST_HEADING = 31 };
static const size_t largest_file = (size_t)1 << 32, most_places = (size_t)1 << 26;

/* Headings without case, blanks, '_', '-' and a unit "(s)" or "_s"; the first column that matches is taken. */
static const struct { const char *heading; enum task_column column; } headings[] = {
    { "jobid", TASK_ID }, { "jobidraw", TASK_ID }, { "id", TASK_ID }, { "taskid", TASK_ID }, { "uid", TASK_ID },
    { "jobname", TASK_NAME }, { "name", TASK_NAME }, { "set", TASK_NAME }, { "category", TASK_NAME }, { "task", TASK_NAME },
    { "taskname", TASK_NAME }, { "type", TASK_NAME }, { "label", TASK_NAME },
    { "submit", TASK_SUBMIT }, { "submitted", TASK_SUBMIT }, { "submittime", TASK_SUBMIT }, { "queued", TASK_SUBMIT },
    { "start", TASK_START }, { "started", TASK_START }, { "starttime", TASK_START }, { "begin", TASK_START },
    { "end", TASK_END }, { "ended", TASK_END }, { "endtime", TASK_END }, { "stop", TASK_END }, { "stopped", TASK_END },
    { "finish", TASK_END }, { "finished", TASK_END }, { "completed", TASK_END },
    { "elapsed", TASK_ELAPSED }, { "elapsedraw", TASK_ELAPSED }, { "duration", TASK_ELAPSED }, { "runtime", TASK_ELAPSED },
    { "runtimeinseconds", TASK_ELAPSED },
    { "alloccpus", TASK_CORES }, { "ncpus", TASK_CORES }, { "cpus", TASK_CORES }, { "cores", TASK_CORES }, { "corecount", TASK_CORES },
    { "reqcpus", TASK_CORES },
    { "gpus", TASK_GPUS }, { "allocgpus", TASK_GPUS }, { "ngpus", TASK_GPUS }, { "gpucount", TASK_GPUS },
    { "alloctres", TASK_TRES }, { "tres", TASK_TRES }, { "reqtres", TASK_TRES },
    { "nodelist", TASK_NODES }, { "nodes", TASK_NODES }, { "node", TASK_NODES }, { "host", TASK_NODES }, { "hostname", TASK_NODES },
    { "machine", TASK_NODES },
    { "nnodes", TASK_NODE_COUNT }, { "allocnodes", TASK_NODE_COUNT }, { "nodecount", TASK_NODE_COUNT },
    { "state", TASK_STATE }, { "status", TASK_STATE },
    { "exitcode", TASK_EXIT }, { "returncode", TASK_EXIT },
    { "after", TASK_AFTER }, { "depends", TASK_AFTER }, { "dependson", TASK_AFTER }, { "dependencies", TASK_AFTER },
    { "parents", TASK_AFTER },
};

struct columns { int at[TASK_COLUMNS]; };                /* -1: absent */

static int column_of(const char *text)
{
    char key[LONGEST_HEADING + 1];
    size_t n = 0, length = strlen(text);
    if (str_ends(text, "(s)"))
        length -= 3;
    else if (str_ends(text, "_s"))
        length -= 2;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" _-", text[i]))
            continue;
        if (n == LONGEST_HEADING)
            return -1;
        key[n++] = (char)tolower((unsigned char)text[i]);
    }
    key[n] = '\0';
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        if (str_equal(headings[k].heading, key))
            return (int)headings[k].column;
    return -1;
}

/* Returns how many are known; 0 unless there are an id or a name, and a start with an end or a duration. */
static int find_columns(const struct csv *c, struct columns *columns)
{
    int known = 0;
    for (size_t k = 0; k < TASK_COLUMNS; k++)
        columns->at[k] = -1;
    for (size_t i = 0; i < c->n; i++) {
        int column = column_of(c->fields[i]);
        if (column < 0 || columns->at[column] >= 0)
            continue;
        columns->at[column] = (int)i;
        known++;
    }
    const int *at = columns->at;
    bool named = at[TASK_ID] >= 0 || at[TASK_NAME] >= 0;
    bool timed = at[TASK_ELAPSED] >= 0 || (at[TASK_START] >= 0 && at[TASK_END] >= 0);
    return named && timed ? known : 0;
}

/* What separates the columns of the first line: the most frequent of | ; tab and comma. */
static char separator_of(const char *text)
{
    static const char candidates[] = ",|;\t";
    size_t most = 0, line = strcspn(text, "\r\n");
    char best = ',';
    for (const char *c = candidates; *c; c++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++)
            n += text[i] == *c;
        if (n <= most)
            continue;
        most = n;
        best = *c;
    }
    return best;
}

int task_table_known_columns(const char *head, size_t size)
{
    char *copy = xstrndup(head, size);
    struct columns columns;
    struct csv c;
    csv_open(&c, copy, strlen(copy), separator_of(copy));
    int known = csv_next(&c) ? find_columns(&c, &columns) : 0;
    csv_close(&c);
    free(copy);
    return known;
}

void task_table_clear(struct task_table *t)
{
    for (size_t i = 0; i < t->n_nodes; i++)
        free(t->own_nodes[i]);
    name_index_free(t->node_index);
    free(t->own_nodes);
    free(t->nodes);
    free(t->node_of);
    free(t->rows);
    free(t->text);
    *t = (struct task_table){ 0 };
}

/* For a list that is only tried: one that is refused must leave no names behind. */
static void pass_over(void *context, const char *name)
{
    (void)context;
    (void)name;
}

static void add_node(void *context, const char *name)
{
    struct task_table *t = context;
    int node = name_index_find(t->node_index, name);
    if (node < 0 && t->n_nodes == MOST_NODES) {
        t->too_many_nodes = true;
        return;
    }
    if (node < 0) {
        node = (int)t->n_nodes;
        xgrow(&t->own_nodes, &t->own_room, t->n_nodes + 1, sizeof *t->own_nodes);
        xgrow(&t->nodes, &t->node_room, t->n_nodes + 1, sizeof *t->nodes);
        t->own_nodes[node] = xstrdup(name);
        t->nodes[node] = t->own_nodes[node];
        name_index_add(t->node_index, t->own_nodes[node], node);
        t->n_nodes++;
    }
    xgrow(&t->node_of, &t->place_room, t->n_places + 1, sizeof *t->node_of);
    t->node_of[t->n_places++] = node;
}

struct row_reader {
    struct task_table *table;
    const struct csv *csv;
    const struct columns *columns;
};

/* A field's text, "" where its column is absent or the row too short. */
static const char *field(const struct row_reader *r, enum task_column column)
{
    int at = r->columns->at[column];
    return at >= 0 && (size_t)at < r->csv->n ? r->csv->fields[at] : "";
}

static bool read_amount(const char *text, double *value)
{
    *value = NAN;
    return !*text || (str_to_double(text, value) && *value >= 0 && *value <= 1e9);
}

/* A column called "nodes" may hold a number of them. */
static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void read_nodes(const struct row_reader *r, struct task_row *row)
{
    struct task_table *t = r->table;
    const char *text = field(r, TASK_NODES);
    row->first_node = t->n_places;
    row->n_nodes = 0;
    if (is_number(text)) {
        read_amount(text, &row->node_count);
        return;
    }
    size_t left = most_places - t->n_places;
    t->too_many_nodes = false;
    size_t most = left < MOST_NODES ? left : MOST_NODES;
    if (task_value_nodes(text, most, pass_over, NULL) && task_value_nodes(text, most, add_node, t) && !t->too_many_nodes) {
        row->n_nodes = t->n_places - row->first_node;
        return;
    }
    t->n_places = row->first_node;
    t->bad_nodes++;
}

/* By its state; without one by its exit code; without either by its end. */
static void read_status(const struct row_reader *r, struct task_row *row)
{
    const char *state = field(r, TASK_STATE), *exit = field(r, TASK_EXIT);
    bool ran = !isnan(row->start_s) || row->elapsed_s > 0, ended = !isnan(row->end_s) || !isnan(row->elapsed_s);
    row->status = ended ? TASK_DONE : TASK_CUT;
    if (*state && !task_value_state(state, &row->status))
        r->table->bad_states++;
    else if (!*state && *exit && strtol(exit, NULL, 10) != 0)
        row->status = TASK_FAILED;
    if (row->status == TASK_KILLED && !ran)
        row->status = TASK_CANCELLED;
    if (row->status == TASK_DONE && !ended)
        row->status = TASK_CUT;
    if (row->status == TASK_CUT)         /* what has elapsed so far is no end */
        row->end_s = NAN;
}

static void complete_times(struct task_row *row)
{
    if (isnan(row->end_s) && !isnan(row->start_s) && row->elapsed_s > 0)
        row->end_s = row->start_s + row->elapsed_s;
    if (isnan(row->start_s) && !isnan(row->end_s) && !isnan(row->elapsed_s))
        row->start_s = row->end_s - row->elapsed_s;
    if (isnan(row->elapsed_s))
        row->elapsed_s = row->end_s - row->start_s;
}

static void read_row(const struct row_reader *r)
{
    struct task_table *t = r->table;
    struct task_row row = { .id = field(r, TASK_ID), .name = field(r, TASK_NAME), .after = field(r, TASK_AFTER) };
    if (r->csv->torn || (!*row.id && !*row.name)) {
        t->torn++;
        return;
    }
    if (!task_value_time(field(r, TASK_SUBMIT), &row.submit_s, &t->dates) ||
        !task_value_time(field(r, TASK_START), &row.start_s, &t->dates) ||
        !task_value_time(field(r, TASK_END), &row.end_s, &t->dates) || !task_value_duration(field(r, TASK_ELAPSED), &row.elapsed_s) ||
        !read_amount(field(r, TASK_CORES), &row.cores) || !read_amount(field(r, TASK_GPUS), &row.gpus) ||
        !read_amount(field(r, TASK_NODE_COUNT), &row.node_count) || row.end_s < row.start_s) {
        t->bad_values++;
        return;
    }
    if (isnan(row.gpus) && *field(r, TASK_TRES))
        row.gpus = task_value_tres_gpus(field(r, TASK_TRES));
    complete_times(&row);
    read_status(r, &row);
    read_nodes(r, &row);
    xgrow(&t->rows, &t->row_room, t->n + 1, sizeof *t->rows);
    t->rows[t->n++] = row;
}

/* --- Slurm's jobs and steps ------------------------------------------------------------------------------------- */

static bool is_numbered_step(const char *id)
{
    const char *dot = strchr(id, '.');
    return dot && isdigit((unsigned char)dot[1]);
}

struct jobs {
    struct name_index *index;
    char **names;                        /* of each row's job */
    int *of_row;                         /* the first row of its job */
    size_t *steps;                       /* by that row: how many numbered steps, */
    bool *has_row;                       /* and whether the job has a row of its own */
};

static struct jobs find_jobs(const struct task_table *t)
{
    struct jobs j = { name_index_new(), xcalloc(t->n, sizeof *j.names), xcalloc(t->n, sizeof *j.of_row), xcalloc(t->n, sizeof *j.steps),
                      xcalloc(t->n, sizeof *j.has_row) };
    for (size_t i = 0; i < t->n; i++) {
        j.names[i] = xstrndup(t->rows[i].id, strcspn(t->rows[i].id, "."));
        int known = name_index_add(j.index, j.names[i], (int)i);
        j.of_row[i] = known >= 0 ? known : (int)i;
        j.steps[j.of_row[i]] += is_numbered_step(t->rows[i].id);
        j.has_row[j.of_row[i]] |= !strchr(t->rows[i].id, '.');
    }
    return j;
}

/* Jobs of two numbered steps or more are allocations whose steps are the tasks; of other jobs the job is, where it has a row. */
static void choose_steps(struct task_table *t)
{
    struct jobs j = find_jobs(t);
    size_t kept = 0, n = t->n;
    for (size_t i = 0; i < n; i++) {
        bool job = !strchr(t->rows[i].id, '.'), step = is_numbered_step(t->rows[i].id);
        bool stepwise = j.steps[j.of_row[i]] > 1 || !j.has_row[j.of_row[i]];
        t->service_steps += !job && !step;
        t->jobs_of_steps += job && stepwise;
        t->steps_of_jobs += step && !stepwise;
        if (job ? !stepwise : step && stepwise)
            t->rows[kept++] = t->rows[i];
    }
    t->n = kept;
    name_index_free(j.index);
    for (size_t i = 0; i < n; i++)
        free(j.names[i]);
    free(j.names);
    free(j.of_row);
    free(j.steps);
    free(j.has_row);
}

static int read_head(struct csv *c, struct columns *columns, const char *path, struct error *err)
{
    if (!csv_next(c))
        return error_set(err, "%s: is empty", path);
    if (!find_columns(c, columns))
        return error_set(err, "%s: its header names no table of tasks: it needs an id or a name, and a duration or a start and an end "
                         "(docs/formats.md lists the names)", path);
    return 0;
}

int task_table_load(struct task_table *t, const char *path, struct error *err)
{
    size_t size;
    struct csv c;
    struct columns columns;
    *t = (struct task_table){ .node_index = name_index_new() };
    t->text = file_load(path, largest_file, &size, err);
    if (!t->text)
        return -1;
    csv_open(&c, t->text, size, separator_of(t->text));
    int status = read_head(&c, &columns, path, err);
    if (status == 0) {
        t->slurm = columns.at[TASK_ID] >= 0 && str_starts(c.fields[columns.at[TASK_ID]], "JobID");
        t->has_after = columns.at[TASK_AFTER] >= 0;
    }
    while (status == 0 && csv_next(&c))
        read_row(&(struct row_reader){ t, &c, &columns });
    csv_close(&c);
    if (status == 0 && t->slurm && t->n)
        choose_steps(t);
    if (status == 0 && t->n == 0)
        status = error_set(err, "%s: holds no row of a task that can be read", path);
    return status;
}
