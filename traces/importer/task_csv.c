#include "traces/importer/task_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/slurm_json.h"
#include "traces/importer/task_csv_impl.h"

static const double unix_times_from_s = 1e8;             /* plain numbers beyond are Unix times, below the table's own */

/* --- tasks ------------------------------------------------------------------------------------------------------ */

struct row_key { uint32_t task; double start_s; size_t row; };

static int compare_keys(const void *a, const void *b)
{
    const struct row_key *x = a, *y = b;
    if (x->task != y->task)
        return x->task < y->task ? -1 : 1;
    if (x->start_s != y->start_s && !isnan(x->start_s) && !isnan(y->start_s))
        return x->start_s < y->start_s ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Nextflow gives an attempt an id of its own and the same name, and several tasks may share a name once one of them is done. */
static uint32_t nextflow_task(struct task_builder *b, struct name_index *open, int *last, size_t i)
{
    const struct task_row *row = &b->table.rows[i];
    int slot = name_index_add(open, row->name, (int)i);
    slot = slot >= 0 ? slot : (int)i;
    if (last[slot] < 0)
        last[slot] = (int)b->list.n++;
    uint32_t task = (uint32_t)last[slot];
    if (row->status == TASK_DONE)
        last[slot] = -1;
    return task;
}

/* Rows of one id are attempts of one task; a row without an id is a task. */
static void find_tasks(struct task_builder *b)
{
    struct task_table *t = &b->table;
    struct row_key *keys = xcalloc(t->n, sizeof *keys);
    struct name_index *open = name_index_new();
    int *last = xmalloc(t->n * sizeof *last);
    memset(last, -1, t->n * sizeof *last);
    b->task_of = xcalloc(t->n, sizeof *b->task_of);
    b->order = xcalloc(t->n, sizeof *b->order);
    b->list.tasks = xcalloc(t->n, sizeof *b->list.tasks);
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        int known = *row->id ? name_index_add(b->ids, row->id, (int)b->list.n) : -1;
        if (t->kind == TABLE_NEXTFLOW && *row->name)
            b->task_of[i] = nextflow_task(b, open, last, i);
        else
            b->task_of[i] = known >= 0 ? (uint32_t)known : (uint32_t)b->list.n++;
        keys[i] = (struct row_key){ b->task_of[i], isnan(row->start_s) ? INFINITY : row->start_s, i };
    }
    qsort(keys, t->n, sizeof *keys, compare_keys);
    for (size_t k = 0; k < t->n; k++)
        b->order[k] = keys[k].row;
    name_index_free(open);
    free(last);
    free(keys);
}

/* What the last attempt tells of the duration: measured, or its bounds. */
static void describe_duration(const struct task_row *row, struct listed_task *task)
{
    bool ran = row->elapsed_s > 0;
    task->runtime_s = row->status == TASK_DONE && row->elapsed_s >= 0 ? row->elapsed_s : (double)NAN;
    if (row->status == TASK_DONE && isnan(task->runtime_s) && row->end_s > row->submit_s)
        task->bounds.at_most_s = row->end_s - row->submit_s;
    if (row->status != TASK_DONE && ran)
        task->bounds.at_least_s = row->elapsed_s;
}

static void note_durations(struct task_builder *b)
{
    size_t censored = 0, bounded = 0, unknown = 0, known = 0, zero = 0;
    for (size_t i = 0; i < b->list.n; i++) {
        const struct listed_task *t = &b->list.tasks[i];
        known += !isnan(t->runtime_s);
        zero += t->runtime_s == 0;
        censored += t->bounds.at_least_s > 0;
        bounded += t->bounds.at_most_s > 0;
        unknown += isnan(t->runtime_s) && !(t->bounds.at_least_s > 0) && !(t->bounds.at_most_s > 0);
    }
    struct session *s = b->session;
    session_note(s, censored, "tasks",
                 "failed, killed or cut off: censored; the mean of those of their set that ran longer, at least their own time");
    session_note(s, bounded, "tasks", "done, no start recorded: the mean of their set, at most end - submission");
    session_note(s, unknown, "tasks", "no duration recorded: the mean of their set, 0 if none is known");
    session_note(s, known > 0 && zero == known ? zero : 0, "tasks", "all recorded durations are 0: check the column and its unit");
}

/* A task is described by its last attempt. */
static void describe_tasks(struct task_builder *b)
{
    for (size_t k = 0; k < b->table.n; k++) {
        const struct task_row *row = &b->table.rows[b->order[k]];
        uint32_t task = b->task_of[b->order[k]];
        if (k + 1 < b->table.n && b->task_of[b->order[k + 1]] == task)
            continue;
        b->list.tasks[task] = (struct listed_task){
            .id = *row->id ? row->id : row->name, .category = *row->name ? row->name : row->id, .demand = task_demand(b, row),
            .priority = row->priority,
        };
        describe_duration(row, &b->list.tasks[task]);
    }
    note_durations(b);
    task_name_sets(b);
    task_complete_demands(b);
}

/* --- dependencies ----------------------------------------------------------------------------------------------- */

struct edge_list { struct task_edge *at; size_t n, room, unknown; };

static void add_parent(const struct task_builder *b, uint32_t task, int parent, struct edge_list *edges)
{
    if (parent >= 0) {
        xgrow(&edges->at, &edges->room, edges->n + 1, sizeof *edges->at);
        edges->at[edges->n++] = (struct task_edge){ b->task_of[parent], task };
    }
    edges->unknown += parent < 0;
}

static bool is_word(const char *text)
{
    static const char *const words[] = { "after", "afterok", "afterany", "afternotok", "aftercorr", "afterburstbuffer", "singleton", "done",
                                         "ended", "exit", "started", "unfulfilled", "fulfilled", "failed", "None", "none", "-", NULL };
    for (size_t i = 0; words[i]; i++)
        if (str_equal(words[i], text))
            return true;
    return false;
}

/* "12;afterok:13:14", "done(501) && ended(502)", "[1, 2]": ids between blanks and marks; words of the batch systems are passed over.
 * PBS: "afterok:12.server@server". */
static void add_parents(const struct task_builder *b, uint32_t task, const char *text, struct edge_list *edges)
{
    static const char marks[] = " ;,:()&|?[]'\"";
    while (*(text += strspn(text, marks))) {
        size_t n = strcspn(text, marks);
        char *id = xstrndup(text, n);
        int parent = name_index_find(b->ids, id);
        if (parent < 0 && strchr(id, '@')) {
            id[strcspn(id, "@")] = '\0';
            parent = name_index_find(b->ids, id);
        }
        if (parent >= 0 || !is_word(id))
            add_parent(b, task, parent, edges);
        free(id);
        text += n;
    }
}

/* Ids as they are in the table, by their first row. */
static void index_rows(struct task_builder *b)
{
    name_index_free(b->ids);
    b->ids = name_index_new();
    for (size_t i = 0; i < b->table.n; i++)
        if (*b->table.rows[i].id)
            name_index_add(b->ids, b->table.rows[i].id, (int)i);
}

static int make_workflow(struct task_builder *b, struct error *err)
{
    struct edge_list edges = { 0 };
    index_rows(b);
    for (size_t i = 0; i < b->table.n && b->table.has_after; i++)
        add_parents(b, b->task_of[i], b->table.rows[i].after, &edges);
    session_note(b->session, edges.unknown, "dependencies", "no task has such an id");
    bool infers = edges.n == 0;
    int status = task_list_edges(&b->list, edges.at, edges.n, err);
    free(edges.at);
    if (status)
        return -1;
    if (infers)
        task_find_waves(b);
    task_list_make_sets(&b->list, "inferred from a table of tasks");
    if (infers)
        task_infer_edges(b);
    if (task_list_finish(&b->list, err))
        return -1;
    free(b->session->workflow->source);
    b->session->workflow->source = xstrdup(!infers ? "table of tasks; dependencies as it gives them" : b->session->edges_inferred ?
                                           "table of tasks; dependencies inferred from times" : "table of tasks; no dependencies");
    return 0;
}

/* --- the session ------------------------------------------------------------------------------------------------ */

static double first_time(const struct task_table *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first, earlier_known(t->rows[i].submit_s, earlier_known(t->rows[i].start_s, t->rows[i].end_s)));
    return first;
}

static double zero_of(struct task_builder *b)
{
    double first = earlier_known(b->table.begun_s, first_time(&b->table)), zero = b->table.dates || first >= unix_times_from_s ? first : 0;
    if (zero != 0 && !isnan(zero) && !b->table.no_year)
        b->session->zero_epoch_s = zero;
    return isnan(zero) ? 0 : zero;
}

static void note_table(struct session *s, const struct task_table *t)
{
    char *bad = str_format("a time, a duration or a number that is none, or an end before its start (first: %s)",
                           t->first_bad.text ? t->first_bad.text : "");
    char *unused = str_format("not used: %s", t->unused.text ? t->unused.text : "");
    session_note(s, t->n_unused, "columns", unused);
    session_note(s, t->torn, "rows", "torn, or without id and name");
    session_note(s, t->width_differs, "rows", "torn: another number of columns than the header");
    session_note(s, t->bad_values, "rows", bad);
    session_note(s, t->bad_states, "rows", "a state that is not known: done where the row has an end");
    session_note(s, t->bad_nodes, "rows", "a list of nodes that cannot be read, or is too long: without nodes");
    session_note(s, t->other_count, "rows", "the count of nodes differs from the list of nodes: the list is taken");
    session_note(s, t->disagree, "rows", "duration and end - start disagree: the duration is taken");
    session_note(s, t->clock_changes, "rows", "of these a change of clocks (an hour off, or end before start): stop = start + duration");
    session_note(s, t->spans, "tasks", "duration counts from submission; no realtime: waiting is part of it");
    session_note(s, t->cached, "tasks", "CACHED: durations from an earlier run, no times in this one");
    session_note(s, t->expanded, "tasks", "elements of an array that share a row");
    session_note(s, t->cut_lists, "rows", "a list of elements that Slurm cut off (...): only those listed; SLURM_BITSTR_LEN=0 prints all");
    session_note(s, t->memory_unit_unknown, "rows", "memory without a unit: MiB are assumed");
    session_note(s, t->no_year, "dates", "without a year: times of this session count from its first");
    session_note(s, t->jobs_of_steps, "jobs", "two numbered steps or more: its steps are the tasks");
    session_note(s, t->steps_of_jobs, "steps", "the only numbered one of its job: the job is the task");
    session_note(s, t->service_steps, "steps", "batch, extern and the like are no tasks");
    free(bad);
    free(unused);
}

static int build(struct task_builder *b, struct error *err)
{
    find_tasks(b);
    describe_tasks(b);
    note_table(b->session, &b->table);
    session_note(b->session, b->clipped, "tasks",
                 "more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " cores, "
                 RESOURCE_DIGITS(NODE_MOST_GPUS) " GPUs a node or 65535 nodes: cut to that");
    session_note(b->session, b->uneven, "tasks", "cores and GPUs do not divide by the nodes: equal ranks of exactly these totals");
    session_note(b->session, b->coarse, "tasks", "of these fewer ranks than nodes: a rank needs more of one node than it had");
    if (make_workflow(b, err))
        return -1;
    task_make_platform(b);
    double zero_s = zero_of(b);
    b->session->timeline = task_timeline(b, zero_s);
    b->session->timeline->session_start_s = b->table.begun_s - zero_s;
    b->session->timeline->session_end_s = b->table.ended_s - zero_s;
    return 0;
}

static char *name_of_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
    return xstrndup(file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

struct session *task_table_session(struct task_table *t, const struct task_source *source, struct error *err)
{
    struct task_builder b = { .session = session_new(source->name, source->path, source->importer), .table = *t, .ids = name_index_new() };
    b.list.session = b.session;
    int status = build(&b, err);
    *t = b.table;
    name_index_free(b.ids);
    task_list_clear(&b.list);
    free(b.order);
    free(b.task_of);
    if (status == 0)
        return b.session;
    session_free(b.session);
    return NULL;
}

typedef int load_fn(struct task_table *t, const char *path, struct error *err);

static struct session *load_with(load_fn *load_table, const char *importer, const char *path, struct error *err)
{
    char *name = name_of_path(path);
    struct task_table table;
    struct session *s = NULL;
    if (load_table(&table, path, err) == 0)
        s = task_table_session(&table, &(struct task_source){ importer, name, path }, err);
    task_table_clear(&table);
    free(name);
    return s;
}

struct session *task_csv_load(const char *path, struct error *err)
{
    return load_with(task_table_load, "task_csv", path, err);
}

/* A table of which too little is known is still this importer's, which names the columns that are missing. */
static int probe(const struct importer_probe *p)
{
    bool enough;
    if (p->is_folder || p->head[0] == '{' || p->head[0] == '[')
        return 0;
    int known = task_table_known_columns(p->head, &enough);
    return enough ? known >= 3 ? 70 : 30 : known >= 1 ? 5 : 0;
}

const struct importer_ops importer_task_csv = {
    .name = "task_csv",
    .summary = "a table of tasks (CSV): sacct, Nextflow, Parsl, LSF, PBS, or one's own",
    .probe = probe, .load = task_csv_load,
};

static struct session *load_json(const char *path, struct error *err)
{
    return load_with(slurm_json_load, "sacct_json", path, err);
}

static int probe_json(const struct importer_probe *p)
{
    static const char *const marks[] = { "\"Slurm\"", "\"slurm\"", "\"job_id\"", "\"allocation_nodes\"", NULL };
    bool slurm = false;
    for (size_t i = 0; marks[i]; i++)
        slurm = slurm || strstr(p->head, marks[i]);
    return p->head[strspn(p->head, " \t\r\n")] == '{' && slurm && !strstr(p->head, "\"workflow\"") ? 60 : 0;
}

const struct importer_ops importer_sacct_json = {
    .name = "sacct_json",
    .summary = "what `sacct --json` prints",
    .probe = probe_json, .load = load_json,
};
