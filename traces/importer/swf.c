/* A job is a task of as many one-core ranks as it had processors, released at its submission; its set is its executable's. */
#include "traces/importer/swf.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/str.h"
#include "traces/importer/task_steps.h"

static const size_t largest_file = (size_t)1 << 32;

enum column {
    JOB,
    SUBMIT,
    WAIT,
    RUN,
    PROCS,
    CPU_USED,
    MEMORY_USED,
    PROCS_ASKED,
    TIME_ASKED,
    MEMORY_ASKED,
    STATUS,
    USER,
    GROUP,
    EXECUTABLE,
    QUEUE,
    PARTITION,
    PRECEDING,
    THINK,
    COLUMNS
};

struct swf {
    struct task_records *records;
    size_t partial, thinks, no_procs, memories;
    double unix_start_s;
};

/* "; MaxProcs: 128 (whatever)" */
static void read_comment(struct swf *s, const char *line)
{
    static const char *const keys[] = { "MaxNodes", "MaxProcs", "UnixStartTime" };
    double *const values[] = { &s->records->total_nodes, &s->records->total_cores,
                               &s->unix_start_s };
    line += strspn(line, "; \t");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        size_t n = strlen(keys[k]);
        if (strncasecmp(line, keys[k], n) != 0 || line[n] != ':')
            continue;
        char *end;
        double value = strtod(line + n + 1, &end);
        if (end != line + n + 1 && value > 0 && value <= 1e11)
            *values[k] = value;
    }
}

/* 18 numbers, of which -1 is unknown. */
static bool read_numbers(const char *line, double numbers[COLUMNS])
{
    for (int k = 0; k < COLUMNS; k++) {
        char *end;
        numbers[k] = strtod(line, &end);
        if (end == line || !isfinite(numbers[k]) || fabs(numbers[k]) > 1e12 ||
            (*end && !isspace((unsigned char)*end)))
            return false;
        line = end;
    }
    return true;
}

static double known(double number)
{
    return number >= 0 ? number : (double)NAN;
}

static enum task_status status_of(int code, const struct task_row *row)
{
    bool ran = row->elapsed_s > 0;
    if (code == 0)
        return TASK_FAILED;
    if (code == 5)
        return ran ? TASK_KILLED : TASK_CANCELLED;
    return isnan(row->end_s) ? TASK_CUT : TASK_DONE;
}

static const char *name_of(struct task_records *t, const char *kind, double number)
{
    return number >= 0 ? task_records_keep_taken(t, str_format("%s%.0f", kind, number)) : "";
}

static void read_demand(struct swf *s, const double n[COLUMNS], struct task_row *row)
{
    row->cores = n[PROCS] > 0 ? n[PROCS] : n[PROCS_ASKED] > 0 ? n[PROCS_ASKED] : (double)NAN;
    s->no_procs += isnan(row->cores);
    row->node_count = row->cores; /* a rank each */
    s->memories += n[MEMORY_ASKED] > 0;
}

static void read_times(const struct swf *s, const double n[COLUMNS], struct task_row *row)
{
    row->submit_s = known(n[SUBMIT]) + s->unix_start_s;
    row->start_s = row->submit_s + known(n[WAIT]);
    row->elapsed_s = known(n[RUN]);
    row->end_s = row->start_s + row->elapsed_s;
}

static void read_job(struct swf *s, const char *line)
{
    double n[COLUMNS];
    struct task_records *t = s->records;
    struct task_row row = task_row_new();
    if (!read_numbers(line, n)) {
        t->counts.torn++;
        return;
    }
    if (n[STATUS] >= 2 && n[STATUS] <= 4) { /* a part of a job that has a line of its own too */
        s->partial++;
        return;
    }
    read_times(s, n, &row);
    read_demand(s, n, &row);
    row.status = status_of((int)n[STATUS], &row);
    if (row.status == TASK_CANCELLED)
        row.start_s = row.end_s = row.elapsed_s = NAN;
    row.waiting = isnan(row.cores);
    row.id = name_of(t, "", n[JOB]);
    row.after = n[PRECEDING] > 0 ? name_of(t, "", n[PRECEDING]) : "";
    s->thinks += n[PRECEDING] > 0 && n[THINK] > 0;
    row.name = n[EXECUTABLE] >= 0 ? name_of(t, "app", n[EXECUTABLE]) : "job";
    row.partition = name_of(t, "", n[PARTITION] >= 0 ? n[PARTITION] : n[QUEUE]);
    task_records_add(t, &row);
}

static void read_line(struct swf *s, const char *line)
{
    if (*line == ';')
        read_comment(s, line);
    else if (line[strspn(line, " \t")])
        read_job(s, line);
}

static int read_swf(struct task_records *t, const char *path, struct error *err)
{
    size_t size;
    struct swf s = { .records = t };
    task_records_init(t, TABLE_PLAIN);
    t->has_after = t->has_submit = t->all_dependencies = true;
    char *text = file_load(path, largest_file, &size, err);
    if (!text)
        return -1;
    for (char *line = text, *next; *line; line = next) {
        size_t n = strcspn(line, "\r\n");
        next = line + n + strspn(line + n, "\r\n");
        line[n] = '\0';
        read_line(&s, line);
    }
    free(text);
    t->dates = s.unix_start_s > 0;
    notes_add(&t->notes, s.partial, "rows",
              "a part of a job that was swapped out: its whole is a row too");
    notes_add(&t->notes, s.thinks, "jobs", "a think time after the job before: not modelled");
    notes_add(&t->notes, s.memories, "jobs",
              "memory asked for: not used, since that of the nodes is not recorded");
    notes_add(&t->notes, s.no_procs, "jobs", "no number of processors: one is taken");
    return t->n ? 0
                : error_set(err,
                            "%s: expected jobs of 18 numbers (Standard Workload Format 2.2); none "
                            "of %zu can be read",
                            path, t->counts.torn);
}

static struct session *load(const char *path, struct error *err)
{
    struct session *s = task_session_of(read_swf, importer_swf.name, path, err);
    if (s)
        s->slots_unnamed = true;
    return s;
}

static int probe(const struct importer_probe *p)
{
    double numbers[COLUMNS];
    const char *line = p->head;
    bool header = false;
    while (*line == ';') {
        header = header || strstr(line, "MaxProcs:") || strstr(line, "MaxNodes:") ||
                 strstr(line, "UnixStartTime:");
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    char *copy = str_format("%.*s", (int)strcspn(line, "\r\n"), line);
    bool job = !p->is_folder && read_numbers(copy, numbers);
    free(copy);
    return job ? 90 : header ? 80 : 0;
}

const struct importer_ops importer_swf = {
    .name = "swf",
    .summary =
        "a log of a batch system in the Standard Workload Format 2.2 (Parallel Workloads Archive)",
    .probe = probe,
    .load = load,
};
