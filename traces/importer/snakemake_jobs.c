#include "traces/importer/snakemake_jobs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/known.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"

enum { LARGEST_BENCHMARK = 1 << 20, DEEPEST_FOLDER = 8, MOST_ENTRIES = 100000 };

/* --- jobs ------------------------------------------------------------------------------------- */

void snakemake_jobs_init(struct snakemake_jobs *j, struct task_records *t)
{
    *j = (struct snakemake_jobs){ .records = t };
    j->outputs = name_index_new();
    j->keys = name_index_new();
}

void snakemake_jobs_clear(struct snakemake_jobs *j)
{
    name_index_free(j->outputs);
    name_index_free(j->keys);
    xfree(j->at, j->inputs);
}

struct snakemake_job *snakemake_job_of(struct snakemake_jobs *j, const char *key,
                                       const char *output)
{
    const char *kept = task_records_keep(j->records, key);
    int known = name_index_add(j->keys, kept, (int)j->n);
    if (known < 0) {
        xgrow(&j->at, &j->room, j->n + 1, sizeof *j->at);
        j->at[j->n] = (struct snakemake_job){ "", "", NAN, NAN, NAN, NAN, NAN };
        known = (int)j->n++;
    }
    struct snakemake_job *job = &j->at[known];
    if (*output && name_index_add(j->outputs, task_records_keep(j->records, output), known) < 0)
        job->files = task_records_keep_taken(j->records, str_format("%s %s", job->files, output));
    return job;
}

void snakemake_add_input(struct snakemake_jobs *j, const struct snakemake_job *job,
                         const char *file)
{
    xgrow(&j->inputs, &j->input_room, j->n_inputs + 1, sizeof *j->inputs);
    j->inputs[j->n_inputs++] =
        (struct snakemake_input){ (size_t)(job - j->at), task_records_keep(j->records, file) };
}

static void add_row(struct snakemake_jobs *j, size_t i, const char *after)
{
    const struct snakemake_job *job = &j->at[i];
    struct task_row row = task_row_new();
    row.id = task_records_keep_taken(j->records, str_format("%zu", i));
    row.name = *job->rule ? job->rule : "job";
    row.after = after;
    row.start_s = job->started_s;
    row.end_s = job->ended_s;
    row.elapsed_s = known_or(job->elapsed_s, job->ended_s - job->started_s);
    row.cores = known_or(job->threads, 1);
    row.gpus = 0;
    row.memory_mib = job->memory_mib;
    task_records_add(j->records, &row);
}

void snakemake_jobs_add(struct snakemake_jobs *j)
{
    struct str *after = xcalloc(j->n + 1, sizeof *after);
    for (size_t k = 0; k < j->n_inputs; k++) {
        int parent = name_index_find(j->outputs, j->inputs[k].file);
        if (parent >= 0 && (size_t)parent != j->inputs[k].job)
            str_addf(&after[j->inputs[k].job], " %d", parent);
    }
    for (size_t i = 0; i < j->n; i++) {
        add_row(j, i, after[i].length ? task_records_keep(j->records, after[i].text) : "");
        str_clear(&after[i]);
    }
    free(after);
}

/* --- benchmarks ------------------------------------------------------------------------------- */

static void read_repeats(struct csv *c, struct snakemake_benchmark *b)
{
    double sum = 0, seconds;
    while (csv_next(c)) {
        if (!str_to_double(c->fields[0], &seconds) || !(seconds >= 0 && seconds <= 1e9))
            continue;
        sum += seconds;
        b->repeats++;
    }
    b->seconds = sum / (double)b->repeats;
}

bool snakemake_read_benchmark(const char *path, struct snakemake_benchmark *b)
{
    size_t size;
    struct csv c;
    char *text = file_load(path, LARGEST_BENCHMARK, &size, NULL);
    *b = (struct snakemake_benchmark){ NAN, 0 };
    if (!text)
        return false;
    csv_open(&c, text, size, '\t');
    if (csv_next(&c) && c.n >= 2 && str_equal(c.fields[0], "s") && str_equal(c.fields[1], "h:m:s"))
        read_repeats(&c, b);
    csv_close(&c);
    free(text);
    return b->repeats > 0;
}

struct walk {
    const char *root;
    snakemake_benchmark_fn *each;
    void *context;
    size_t left;
};

static int compare_names(const void *a, const void *b)
{
    return infer_compare_names(*(char *const *)a, *(char *const *)b);
}

char **snakemake_names_in(const char *folder, size_t *n)
{
    size_t all, kept = 0;
    char **names = file_names_in(folder, &all);
    for (size_t i = 0; i < all; i++) {
        if (names[i][0] == '.')
            free(names[i]);
        else
            names[kept++] = names[i];
    }
    sort_items(names, kept, sizeof *names, compare_names);
    *n = kept;
    return names;
}

static void walk(struct walk *w, const char *relative, int depth, bool inside);

static void visit(struct walk *w, const char *relative, int depth, bool inside)
{
    struct stat st;
    struct snakemake_benchmark b;
    char *path = str_format("%s/%s", w->root, relative);
    const char *slash = strrchr(relative, '/'), *name = slash ? slash + 1 : relative;
    bool called_so = strstr(name, "bench") != NULL;
    if (lstat(path, &st) == 0 && w->left-- > 0) {
        if (S_ISDIR(st.st_mode) && depth < DEEPEST_FOLDER && (inside || called_so || depth == 0))
            walk(w, relative, depth + 1, inside || called_so);
        else if (inside && S_ISREG(st.st_mode) && st.st_size <= LARGEST_BENCHMARK &&
                 snakemake_read_benchmark(path, &b))
            w->each(w->context, relative, &b);
    }
    free(path);
}

static void walk(struct walk *w, const char *relative, int depth, bool inside)
{
    size_t n;
    char *folder = *relative ? str_format("%s/%s", w->root, relative) : xstrdup(w->root);
    char **names = snakemake_names_in(folder, &n);
    for (size_t i = 0; i < n; i++) {
        char *below = *relative ? str_format("%s/%s", relative, names[i]) : xstrdup(names[i]);
        if (w->left > 0)
            visit(w, below, depth, inside);
        xfree(below, names[i]);
    }
    xfree(names, folder);
}

void snakemake_find_benchmarks(const char *folder, bool anywhere, snakemake_benchmark_fn *each,
                               void *context)
{
    struct walk w = { folder, each, context, MOST_ENTRIES };
    walk(&w, "", 0, anywhere);
}
