#include "traces/importer/task_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/guess.h"
#include "traces/importer/task_list.h"
#include "traces/importer/task_table.h"

enum { MOST_CORES = 1024, MOST_GPUS = 64, MOST_RETRIES = 250 };
static const double unix_times_from_s = 1e8;             /* plain numbers beyond are Unix times, below the table's own */

struct builder {
    struct session *session;
    struct task_table table;
    struct task_list list;
    struct name_index *ids;
    size_t *order;                       /* rows by (task, start) */
    uint32_t *task_of;                   /* of each row */
    size_t clipped;                      /* tasks with more cores or GPUs on a node than a node can have */
};

/* --- tasks ------------------------------------------------------------------------------------------------------ */

static const char *category_of(struct session *s, const struct task_row *row)
{
    if (*row->name)
        return row->name;
    size_t n = task_list_category(row->id);
    return row->id[n] ? session_keep_n(s, row->id, n) : row->id;
}

static int per_node(double amount, double nodes, int most, bool *clipped)
{
    double each = ceil(amount / nodes);
    *clipped = *clipped || each > most;
    return each > most ? most : (int)each;
}

/* One rank on each node. */
static struct demand demand_of(struct builder *b, const struct task_row *row)
{
    double nodes = row->n_nodes ? (double)row->n_nodes : row->node_count >= 1 ? row->node_count : 1;
    double cores = row->cores >= 1 ? row->cores : isnan(row->cores) ? nodes : 0, gpus = row->gpus > 0 ? row->gpus : 0;
    bool clipped = nodes > UINT16_MAX;
    struct demand d = { .ranks = nodes > UINT16_MAX ? UINT16_MAX : (int)nodes };
    if (gpus > 0 && gpus < 1 && d.ranks == 1)
        d.gpu_share = (int32_t)lround(gpus * DEMAND_WHOLE_GPU) % DEMAND_WHOLE_GPU;
    else
        d.gpus = per_node(gpus, d.ranks, MOST_GPUS, &clipped);
    d.cores = per_node(cores, d.ranks, MOST_CORES, &clipped);
    if (d.cores + d.gpus + d.gpu_share == 0)
        d.cores = 1;
    b->clipped += clipped;
    return d;
}

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

/* Rows of one id are attempts of one task; a row without an id is a task. */
static void find_tasks(struct builder *b)
{
    struct task_table *t = &b->table;
    struct row_key *keys = xcalloc(t->n, sizeof *keys);
    b->task_of = xcalloc(t->n, sizeof *b->task_of);
    b->order = xcalloc(t->n, sizeof *b->order);
    b->list.tasks = xcalloc(t->n, sizeof *b->list.tasks);
    for (size_t i = 0; i < t->n; i++) {
        int known = *t->rows[i].id ? name_index_add(b->ids, t->rows[i].id, (int)b->list.n) : -1;
        b->task_of[i] = known >= 0 ? (uint32_t)known : (uint32_t)b->list.n++;
        keys[i] = (struct row_key){ b->task_of[i], isnan(t->rows[i].start_s) ? INFINITY : t->rows[i].start_s, i };
    }
    qsort(keys, t->n, sizeof *keys, compare_keys);
    for (size_t k = 0; k < t->n; k++)
        b->order[k] = keys[k].row;
    free(keys);
}

/* A task is described by its last attempt. */
static void describe_tasks(struct builder *b)
{
    size_t unknown = 0;
    for (size_t k = 0; k < b->table.n; k++) {
        const struct task_row *row = &b->table.rows[b->order[k]];
        uint32_t task = b->task_of[b->order[k]];
        if (k + 1 < b->table.n && b->task_of[b->order[k + 1]] == task)
            continue;
        b->list.tasks[task] = (struct listed_task){
            .id = *row->id ? row->id : row->name, .category = category_of(b->session, row),
            .runtime_s = row->status == TASK_DONE && row->elapsed_s >= 0 ? row->elapsed_s : (double)NAN, .demand = demand_of(b, row),
        };
        unknown += isnan(b->list.tasks[task].runtime_s);
    }
    session_note(b->session, unknown, "tasks", "not done: the mean duration of their set is taken, 0 where none of it is known");
}

/* --- dependencies ----------------------------------------------------------------------------------------------- */

struct edge_list { struct task_edge *at; size_t n, room, unknown; };

/* "12;afterok:13": ids separated by blanks, semicolons or commas; what stands before a colon is passed over. */
static void add_parents(const struct builder *b, uint32_t task, const char *text, struct edge_list *edges)
{
    while (*(text += strspn(text, " ;,"))) {
        size_t n = strcspn(text, " ;,:");
        if (text[n] != ':') {
            char *id = xstrndup(text, n);
            int parent = name_index_find(b->ids, id);
            free(id);
            xgrow(&edges->at, &edges->room, edges->n + 1, sizeof *edges->at);
            if (parent >= 0)
                edges->at[edges->n++] = (struct task_edge){ (uint32_t)parent, task };
            edges->unknown += parent < 0;
        }
        text += n + (text[n] == ':');
    }
}

static int make_workflow(struct builder *b, struct error *err)
{
    struct edge_list edges = { 0 };
    for (size_t i = 0; i < b->table.n; i++)
        add_parents(b, b->task_of[i], b->table.rows[i].after, &edges);
    session_note(b->session, edges.unknown, "dependencies", "no task has such an id");
    session_note(b->session, b->table.has_after ? 0 : b->list.n, "tasks", "the table has no column of dependencies: none are assumed");
    int status = task_list_edges(&b->list, edges.at, edges.n, err);
    free(edges.at);
    char *source = str_format("table of tasks %s", b->session->path);
    if (status == 0)
        status = task_list_workflow(&b->list, source, err);
    free(source);
    return status;
}

/* --- platform --------------------------------------------------------------------------------------------------- */

struct node_load { int node; struct guess_load load; };

static int compare_nodes(const void *a, const void *b)
{
    return (((const struct node_load *)a)->node > ((const struct node_load *)b)->node) -
           (((const struct node_load *)a)->node < ((const struct node_load *)b)->node);
}

/* The most that was in use on one node at once, of cores or of GPUs; without named nodes on all together. */
static double peak_of(const struct builder *b, bool gpus)
{
    const struct task_table *t = &b->table;
    struct node_load *at = xcalloc(2 * (t->n_places + t->n), sizeof *at);
    struct guess_load *loads = xcalloc(2 * (t->n_places + t->n), sizeof *loads);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        const struct demand *d = &b->list.tasks[b->task_of[i]].demand;
        double each = gpus ? d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU : d->cores, amount = t->n_nodes ? each : each * d->ranks;
        if (isnan(row->start_s) || isnan(row->end_s) || (t->n_nodes && !row->n_nodes))
            continue;
        for (size_t k = 0; k < (t->n_nodes ? row->n_nodes : 1); k++) {
            int node = t->n_nodes ? t->node_of[row->first_node + k] : 0;
            at[n++] = (struct node_load){ node, { row->start_s, amount } };
            at[n++] = (struct node_load){ node, { row->end_s, -amount } };
        }
    }
    qsort(at, n, sizeof *at, compare_nodes);
    double peak = 0;
    for (size_t i = 0; i < n; i++)
        loads[i] = at[i].load;
    for (size_t i = 0, first = 0; i < n; i++) {
        if (i + 1 < n && at[i + 1].node == at[i].node)
            continue;
        peak = fmax(peak, guess_peak(loads + first, i + 1 - first));
        first = i + 1;
    }
    free(at);
    free(loads);
    return peak;
}

static int compare_names(const void *a, const void *b)
{
    return guess_compare_names(*(const char *const *)a, *(const char *const *)b);
}

/* What one node must hold in any case: the largest rank. */
static void largest_rank(const struct builder *b, double *cores, double *gpus)
{
    for (size_t i = 0; i < b->list.n; i++) {
        const struct demand *d = &b->list.tasks[i].demand;
        *cores = fmax(*cores, d->cores);
        *gpus = fmax(*gpus, d->gpus + (d->gpu_share > 0));
    }
}

static void make_platform(struct builder *b)
{
    struct task_table *t = &b->table;
    double cores = ceil(peak_of(b, false)), gpus = ceil(peak_of(b, true)), least_cores = 1, least_gpus = 0;
    size_t n = t->n_nodes;
    largest_rank(b, &least_cores, &least_gpus);
    if (!n) {                            /* as many of the largest nodes there are as hold what ran at once */
        n = (size_t)fmax(1, fmax(ceil(cores / MOST_CORES), ceil(gpus / MOST_GPUS)));
        cores = ceil(cores / (double)n);
        gpus = ceil(gpus / (double)n);
        session_note(b->session, 1, "platform", "the table names no nodes: enough for what ran at once are assumed");
    } else {
        qsort(t->nodes, n, sizeof *t->nodes, compare_names);
        session_note(b->session, n, "nodes", "their size is not in the table: the most that was in use on one at once is taken");
    }
    session_note(b->session, cores > MOST_CORES || gpus > MOST_GPUS, "platform",
                 "more than 1024 cores or 64 GPUs in use on one node: cut to that");
    cores = fmin(fmax(cores, least_cores), MOST_CORES);
    gpus = fmin(fmax(gpus, least_gpus), MOST_GPUS);
    b->session->platform = guess_platform(b->session->name, n, (int)cores, (int)gpus, t->n_nodes ? t->nodes : NULL,
                                          "inferred from a table of tasks: the nodes that were used, and what was in use at once");
}

/* --- timeline --------------------------------------------------------------------------------------------------- */

static double first_time(const struct task_table *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first, earlier_known(t->rows[i].submit_s, earlier_known(t->rows[i].start_s, t->rows[i].end_s)));
    return first;
}

static void add_records(struct builder *b)
{
    struct session *s = b->session;
    double first = first_time(&b->table), zero = b->table.dates || first >= unix_times_from_s ? first : 0;
    if (zero != 0 && !isnan(zero))
        s->zero_epoch_s = zero;
    zero = isnan(zero) ? 0 : zero;
    s->timeline = timeline_new(s->workflow, s->platform);
    unsigned attempt = 0;
    for (size_t k = 0; k < b->table.n; k++) {
        const struct task_row *row = &b->table.rows[b->order[k]];
        const struct listed_task *task = &b->list.tasks[b->task_of[b->order[k]]];
        struct task_set *set = &s->workflow->sets[task->set];
        attempt = k && b->task_of[b->order[k - 1]] == b->task_of[b->order[k]] ? attempt + 1 : 0;
        struct timeline_record r = { .submitted_s = row->submit_s - zero, .arrived_s = NAN, .scheduled_s = NAN,
                                     .started_s = row->start_s - zero, .stopped_s = row->end_s - zero, .freed_s = NAN, .notified_s = NAN,
                                     .task = set->first_task + task->index };
        timeline_add(s->timeline, &r, row->status, attempt);
        if ((int)attempt > set->retries)
            set->retries = attempt < MOST_RETRIES ? (int)attempt : MOST_RETRIES;
    }
    timeline_sort(s->timeline);
    session_note(s, b->table.n, "rows", "a table of tasks has no ids of cores and GPUs: no slots");
}

static void note_table(struct session *s, const struct builder *b)
{
    const struct task_table *t = &b->table;
    session_note(s, t->torn, "rows", "torn, or without id and name");
    session_note(s, t->bad_values, "rows", "a time, a duration or a number that is none, or an end before its start");
    session_note(s, t->bad_states, "rows", "a state that is not known: done where the row has an end");
    session_note(s, t->bad_nodes, "rows", "a list of nodes that cannot be read, or is too long: without nodes");
    session_note(s, t->jobs_of_steps, "jobs", "two numbered steps or more: its steps are the tasks");
    session_note(s, t->steps_of_jobs, "steps", "the only numbered one of its job: the job is the task");
    session_note(s, t->service_steps, "steps", "batch, extern and the like are no tasks");
    session_note(s, b->clipped, "tasks", "more than 1024 cores, 64 GPUs a node or 65535 nodes: cut to that");
}

static int build(struct builder *b, struct error *err)
{
    find_tasks(b);
    describe_tasks(b);
    note_table(b->session, b);
    if (make_workflow(b, err))
        return -1;
    make_platform(b);
    add_records(b);
    return 0;
}

static char *name_of_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
    return xstrndup(file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

struct session *task_csv_load(const char *path, struct error *err)
{
    char *name = name_of_path(path);
    struct builder b = { .session = session_new(name, path, "task_csv"), .ids = name_index_new() };
    b.list.session = b.session;
    int status = task_table_load(&b.table, path, err);
    if (status == 0)
        status = build(&b, err);
    name_index_free(b.ids);
    task_list_clear(&b.list);
    task_table_clear(&b.table);
    free(b.order);
    free(b.task_of);
    free(name);
    if (status == 0)
        return b.session;
    session_free(b.session);
    return NULL;
}

static int probe(const struct importer_probe *p)
{
    size_t line = strcspn(p->head, "\r\n");
    return p->is_folder || p->head[0] == '{' ? 0 : task_table_known_columns(p->head, line) >= 3 ? 70 : 0;
}

const struct importer_ops importer_task_csv = {
    .name = "task_csv",
    .summary = "a table of tasks (CSV), such as `sacct --parsable2` prints",
    .probe = probe, .load = task_csv_load,
};
