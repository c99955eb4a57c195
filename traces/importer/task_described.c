/* Rows to tasks: which rows are attempts of one task, and what each task is described as. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps_impl.h"

enum { TEXT_BLOCK_BYTES = 1 << 14 };

struct row_start { double start_s; uint32_t row; };      /* INFINITY: no start */

SORT_BY_2(compare_starts, struct row_start, start_s, row)

/* A task's rows by their starts. */
static void order_attempts(const struct task_records *t, uint32_t *rows, size_t n)
{
    struct row_start *starts = xcalloc(n, sizeof *starts);
    for (size_t k = 0; k < n; k++) {
        double start_s = t->rows[rows[k]].start_s;
        starts[k] = (struct row_start){ isnan(start_s) ? INFINITY : start_s, rows[k] };
    }
    sort_items(starts, n, sizeof *starts, compare_starts);
    for (size_t k = 0; k < n; k++)
        rows[k] = starts[k].row;
    free(starts);
}

/* Rows by task, by counting; those of each then by start. */
static void order_rows(struct describer *b)
{
    size_t n = b->r->n;
    uint32_t *behind = xcalloc(b->d.n + 1, sizeof *behind); /* of each task: its rows' end */
    b->d.order = xcalloc(n, sizeof *b->d.order);
    for (size_t i = 0; i < n; i++)
        behind[b->d.task_of[i] + 1]++;
    for (size_t task = 0; task < b->d.n; task++)
        behind[task + 1] += behind[task];
    for (size_t i = 0; i < n; i++)
        b->d.order[behind[b->d.task_of[i]]++] = (uint32_t)i;
    for (size_t task = 0, first = 0; task < b->d.n; first = behind[task++])
        if (behind[task] > first + 1)
            order_attempts(b->r, b->d.order + first, behind[task] - first);
    free(behind);
}

/* Nextflow gives an attempt an id of its own and the same name, and several tasks may share a name
 * once one of them is done. */
static uint32_t nextflow_task(struct describer *b, struct name_index *open, int *last, size_t i)
{
    const struct task_row *row = &b->r->rows[i];
    int slot = name_index_add(open, row->name, (int)i);
    slot = slot >= 0 ? slot : (int)i;
    if (last[slot] < 0)
        last[slot] = (int)b->d.n++;
    uint32_t task = (uint32_t)last[slot];
    if (row->status == TASK_DONE)
        last[slot] = -1;
    return task;
}

/* Rows of one id are attempts of one task; a row without an id is a task. */
static void find_tasks(struct describer *b)
{
    struct name_index *ids = name_index_new();
    const struct task_records *t = b->r;
    struct name_index *open = name_index_new();
    bool nextflow = t->kind == TABLE_NEXTFLOW;
    int *last = xmalloc(nextflow ? t->n * sizeof *last : 0);
    for (size_t i = 0; i < t->n && nextflow; i++)
        last[i] = -1;
    b->d.task_of = xcalloc(t->n, sizeof *b->d.task_of);
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        int known = *row->id ? name_index_add(ids, row->id, (int)b->d.n) : -1;
        if (nextflow && *row->name)
            b->d.task_of[i] = nextflow_task(b, open, last, i);
        else
            b->d.task_of[i] = known >= 0 ? (uint32_t)known : (uint32_t)b->d.n++;
    }
    name_index_free(ids);
    name_index_free(open);
    free(last);
    order_rows(b);
    b->d.tasks = xcalloc(b->d.n, sizeof *b->d.tasks);
}

/* What the last attempt tells of the duration: measured, or its bounds. */
static void describe_duration(const struct task_row *row, struct listed_task *task)
{
    bool done = row->status == TASK_DONE, ran = row->elapsed_s > 0, measured = row->elapsed_s >= 0;
    double before_s = later_known(later_known(row->submit_s, row->arrived_s), row->scheduled_s);
    task->at_least = !done && ran;
    task->at_most = done && !measured && row->end_s > before_s;
    task->runtime_s = task->at_most                          ? row->end_s - before_s
                      : task->at_least || (done && measured) ? row->elapsed_s
                                                             : (double)NAN;
}

static void note_durations(struct describer *b)
{
    size_t censored = 0, bounded = 0, unknown = 0, known = 0, zero = 0;
    for (size_t i = 0; i < b->d.n; i++) {
        const struct listed_task *t = &b->d.tasks[i];
        known += listed_task_measured(t);
        zero += t->runtime_s == 0;
        censored += t->at_least;
        bounded += t->at_most;
        unknown += isnan(t->runtime_s);
    }
    notes_add(&b->d.notes, censored, "tasks",
              "failed, killed or cut off: censored; the mean of those of their set that ran "
              "longer, at least their own time");
    notes_add(&b->d.notes, bounded, "tasks",
              "done, no start recorded: the mean of their set, at most from its submission, or its "
              "launch, to its end");
    notes_add(&b->d.notes, unknown, "tasks",
              "no duration recorded: the mean of their set, 0 if none is known");
    notes_add(&b->d.notes, known > 0 && zero == known ? zero : 0, "tasks",
              "all recorded durations are 0: check the column and its unit");
}

/* A task is described by its last attempt. */
static void describe_tasks(struct describer *b)
{
    for (size_t k = 0; k < b->r->n; k++) {
        const struct task_row *row = &b->r->rows[b->d.order[k]];
        uint32_t task = b->d.task_of[b->d.order[k]];
        if (k + 1 < b->r->n && b->d.task_of[b->d.order[k + 1]] == task)
            continue;
        struct demand demand = task_demand(b, row);
        b->d.tasks[task] = (struct listed_task){
            .id = *row->id ? row->id : row->name,
            .category = *row->name ? row->name : row->id,
            .demand = demand_pool_share(&b->d.demands, &demand),
            .priority = row->priority,
        };
        describe_duration(row, &b->d.tasks[task]);
    }
    note_durations(b);
    task_name_sets(b);
    task_complete_demands(b);
}

const char *task_keep(struct describer *b, const char *text, size_t n)
{
    return arena_keep(&b->d.texts, text, n);
}

struct described task_describe(const struct task_records *r)
{
    struct describer b = { .r = r, .d.texts.block_bytes = TEXT_BLOCK_BYTES };
    find_tasks(&b);
    describe_tasks(&b);
    notes_add(&b.d.notes, b.clipped, "tasks",
              "more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " cores, " RESOURCE_DIGITS(
                  NODE_MOST_GPUS) " GPUs a node or 65535 nodes: cut to that");
    notes_add(&b.d.notes, b.uneven, "tasks",
              "cores and GPUs do not divide by the nodes: equal ranks of exactly these totals");
    notes_add(&b.d.notes, b.coarse, "tasks",
              "of these fewer ranks than nodes: a rank needs more of one node than it had");
    notes_add(&b.d.notes, b.rounded, "tasks",
              "cores and GPUs of a rank are whole numbers: rounded up");
    return b.d;
}

void described_clear(struct described *d)
{
    xfree(d->tasks, d->task_of, d->order);
    demand_pool_clear(&d->demands);
    arena_clear(&d->texts);
    notes_clear(&d->notes);
    *d = (struct described){ 0 };
}
