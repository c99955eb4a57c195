/* A job is a task of as many one-core ranks as it had processors, released at its submission; its
 * set is its executable's. */
#include "traces/importer/importers.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/str.h"
#include "traces/importer/task_records.h"
#include "traces/packed_file.h"
#include "traces/swf.h"

struct swf {
    struct task_records *records;
    size_t partial, thinks, no_procs, memories;
    double unix_start_s;
};

static double known(double number)
{
    return number >= 0 ? number : (double)NAN;
}

static enum task_status status_of(int code, const struct task_row *row)
{
    bool ran = row->elapsed_s > 0;
    if (code == SWF_FAILED)
        return TASK_FAILED;
    if (code == SWF_CANCELLED)
        return ran ? TASK_KILLED : TASK_CANCELLED;
    return isnan(row->end_s) ? TASK_CUT : TASK_DONE;
}

static const char *name_of(struct task_records *t, const char *kind, double number)
{
    return number >= 0 ? task_records_keep_taken(t, str_format("%s%.0f", kind, number)) : "";
}

static void read_demand(struct swf *s, const double n[SWF_COLUMNS], struct task_row *row)
{
    row->cores = n[SWF_PROCS] > 0         ? n[SWF_PROCS]
                 : n[SWF_PROCS_ASKED] > 0 ? n[SWF_PROCS_ASKED]
                                          : (double)NAN;
    s->no_procs += isnan(row->cores);
    row->node_count = row->cores; /* a rank each */
    s->memories += n[SWF_MEMORY_ASKED] > 0;
}

static void read_times(const struct swf *s, const double n[SWF_COLUMNS], struct task_row *row)
{
    row->submit_s = known(n[SWF_SUBMIT]) + s->unix_start_s;
    row->start_s = row->submit_s + known(n[SWF_WAIT]);
    row->elapsed_s = known(n[SWF_RUN]);
    row->end_s = row->start_s + row->elapsed_s;
}

static void read_job(struct swf *s, const double n[SWF_COLUMNS])
{
    struct task_records *t = s->records;
    struct task_row row = task_row_new();
    if (n[SWF_STATUS] >= SWF_PARTIAL &&
        n[SWF_STATUS] <= SWF_PARTIAL_FAILED) { /* a part of a job that has a line of its own too */
        s->partial++;
        return;
    }
    read_times(s, n, &row);
    read_demand(s, n, &row);
    row.status = status_of((int)n[SWF_STATUS], &row);
    row.waiting = isnan(row.cores);
    row.id = name_of(t, "", n[SWF_JOB]);
    row.after = n[SWF_PRECEDING] > 0 ? name_of(t, "", n[SWF_PRECEDING]) : "";
    s->thinks += n[SWF_PRECEDING] > 0 && n[SWF_THINK] > 0;
    row.name = n[SWF_EXECUTABLE] >= 0 ? name_of(t, "app", n[SWF_EXECUTABLE]) : "job";
    row.partition = name_of(t, "", n[SWF_PARTITION] >= 0 ? n[SWF_PARTITION] : n[SWF_QUEUE]);
    task_records_add(t, &row);
}

static int read_swf(struct task_records *t, const char *path, struct error *err)
{
    size_t size;
    double x[SWF_COLUMNS];
    struct swf s = { .records = t };
    t->has_after = t->has_submit = t->all_dependencies = t->slots_unnamed = true;
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    struct swf_reader r = swf_open(text);
    while (swf_next(&r, x)) {
        s.unix_start_s = known_or(r.unix_start_s, 0);
        read_job(&s, x);
    }
    t->counts.torn = r.torn;
    t->total_nodes = r.max_nodes;
    t->total_cores = r.max_procs;
    free(text);
    t->dates = s.unix_start_s > 0;
    notes_add(&t->notes, s.partial, "rows",
              "a part of a job that was swapped out: its whole is a row too");
    notes_add(&t->notes, s.thinks, "jobs", "a think time after the job before: not modelled");
    notes_add(&t->notes, s.memories, "jobs",
              "memory asked for: not used, since that of the nodes is not recorded");
    notes_add(&t->notes, s.no_procs, "jobs", "no number of processors: one is taken");
    return 0;
}

static int probe(const struct importer_probe *p)
{
    static const int sure[] = { [SWF_PERHAPS] = 80, [SWF_SURE] = 90 };
    return p->is_folder ? 0 : sure[swf_likeness(p->head)];
}

const struct importer_ops importer_swf = {
    .name = "swf",
    .summary =
        "a log of a batch system in the Standard Workload Format 2.2 (Parallel Workloads Archive)",
    .probe = probe,
    .read = read_swf,
    .expected = "jobs of 18 numbers (Standard Workload Format 2.2)",
};
