/* A job is a task, its rule the set; it waits for the jobs that made its inputs. Its times are
 * those that Snakemake keeps in .snakemake/metadata, its threads and memory those of its log. A
 * summary has the files' dates and no durations: these come from the benchmark files below its
 * folder. Benchmarks alone are durations only. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/importers.h"
#include "traces/importer/snakemake_jobs.h"
#include "traces/importer/task_values.h"
#include "traces/packed_file.h"

/* --- --detailed-summary ----------------------------------------------------------------------- */

struct summary { int output, date, rule, inputs, command, status; };     /* columns */

static bool find_columns(const struct csv *c, struct summary *s)
{
    *s = (struct summary){ csv_find(c, "output_file"),   csv_find(c, "date"),
                           csv_find(c, "rule"),          csv_find(c, "input-file(s)"),
                           csv_find(c, "shellcmd"),      csv_find(c, "status") };
    return s->output >= 0 && s->rule >= 0 && s->date >= 0;
}

/* Outputs of one rule, command and inputs are of one job. */
static void read_output(struct snakemake_jobs *j, const struct csv *c, const struct summary *s)
{
    bool has_year;
    double date_s = NAN;
    const char *rule = csv_at(c, s->rule), *inputs = csv_at(c, s->inputs),
               *output = csv_at(c, s->output);
    const char *command = csv_at(c, s->command);
    if (!*output || !*rule || str_equal(rule, "-") || str_equal(csv_at(c, s->status), "missing")) {
        j->records->counts.torn++;
        return;
    }
    if (!task_value_month_time(csv_at(c, s->date), &date_s, &has_year) || !has_year)
        date_s = NAN;
    char *key = *command || *inputs ? str_format("%s\x1f%s\x1f%s", rule, inputs, command)
                                    : str_format("%s\x1f%s", rule, output);
    struct snakemake_job *job = snakemake_job_of(j, key, output);
    free(key);
    bool first = !*job->rule;
    job->rule = task_records_keep(j->records, rule);
    job->ended_s = later_known(job->ended_s, date_s);
    char *list = xstrdup(first ? inputs : "");
    for (char *rest = list, *file; (file = strtok_r(rest, ",", &rest)) != NULL;)
        snakemake_add_input(j, job, file);
    free(list);
}

static int read_summary(struct snakemake_jobs *j, const char *path, struct error *err)
{
    size_t size;
    struct csv c;
    struct summary s = { 0 };
    char *text = packed_file_load(path, &size, err);
    if (!text)
        return -1;
    csv_open(&c, text, size, '\t');
    c.literal = true;
    int status =
        csv_next(&c) && find_columns(&c, &s)
            ? 0
            : error_set(err,
                        "%s: expected what `snakemake --detailed-summary` prints, with the "
                        "columns output_file, date and rule",
                        path);
    while (status == 0 && csv_next(&c))
        read_output(j, &c, &s);
    csv_close(&c);
    free(text);
    return status;
}

/* --- benchmarks of a summary's jobs ----------------------------------------------------------- */

static bool has_word(const char *text, const char *word, size_t n)
{
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        char before = at > text ? at[-1] : ' ', after = at[n];
        if (!isalnum((unsigned char)before) && !isalnum((unsigned char)after))
            return true;
    }
    return false;
}

/* How many words of a benchmark's path are in the job's rule or files; 0 if the rule is not in the
 * path. */
static size_t likeness(const struct snakemake_job *job, const char *path)
{
    size_t count = 1;
    if (!has_word(path, job->rule, strlen(job->rule)))
        return 0;
    char *copy = xstrdup(path), *rest = copy;
    for (char *word; (word = strtok_r(rest, "/._- ", &rest)) != NULL;)
        count += has_word(job->files, word, strlen(word));
    free(copy);
    return count;
}

struct matching {
    struct snakemake_jobs *jobs;
    size_t matched, ambiguous;
};

static void match_benchmark(void *context, const char *relative,
                            const struct snakemake_benchmark *b)
{
    struct matching *m = context;
    size_t best = 0, job = 0, as_good = 0;
    for (size_t i = 0; i < m->jobs->n; i++) {
        size_t score = likeness(&m->jobs->at[i], relative);
        as_good = score > best ? 1 : as_good + (score == best);
        job = score > best ? i : job;
        best = score > best ? score : best;
    }
    if (best == 0 || as_good > 1) {
        m->ambiguous++;
        return;
    }
    m->jobs->at[job].elapsed_s = b->seconds;
    m->matched++;
}

/* A file's date is the end of its job, to the second. */
static void find_durations(struct snakemake_jobs *j, const char *path)
{
    struct matching m = { j, 0, 0 };
    char *folder = file_beside(path, ".");
    snakemake_find_benchmarks(folder, false, match_benchmark, &m);
    free(folder);
    for (size_t i = 0; i < j->n; i++)
        j->at[i].started_s = j->at[i].ended_s - j->at[i].elapsed_s;
    struct notes *n = &j->records->notes;
    notes_add(n, m.matched, "benchmarks",
              "durations, by their paths; a job ends at its file's date, in whole seconds");
    notes_add(n, m.ambiguous, "benchmarks", "of no job, or of several as well: not used");
    notes_add(n, j->n - m.matched, "jobs", "no benchmark: no duration is known");
}

/* --- benchmarks alone ------------------------------------------------------------------------- */

/* "map/a.tsv" is of "map"; "map_001.tsv" of what its name says. */
static void add_benchmark(void *context, const char *relative, const struct snakemake_benchmark *b)
{
    struct snakemake_jobs *j = context;
    struct snakemake_job *job = snakemake_job_of(j, relative, relative);
    const char *slash = strrchr(relative, '/'), *before = slash;
    while (before && before > relative && before[-1] != '/')
        before--;
    size_t stem = strcspn(relative, ".");
    job->rule = task_records_keep_taken(
        j->records, slash ? xstrndup(before, (size_t)(slash - before)) : xstrndup(relative, stem));
    job->elapsed_s = b->seconds;
}

static void read_benchmarks(struct snakemake_jobs *j, const char *path, bool folder)
{
    struct snakemake_benchmark b;
    const char *slash = strrchr(path, '/');
    if (folder)
        snakemake_find_benchmarks(path, true, add_benchmark, j);
    else if (snakemake_read_benchmark(path, &b))
        add_benchmark(j, slash ? slash + 1 : path, &b);
    notes_add(&j->records->notes, j->n, "jobs",
              "benchmarks only: durations, no times and no dependencies");
}

/* --- session ---------------------------------------------------------------------------------- */

static void read_folder(struct snakemake_jobs *j, const char *path)
{
    bool has = snakemake_read_folder(j, path);
    j->records->dates = j->records->all_dependencies = has;
    if (!has)
        read_benchmarks(j, path, true);
}

static int read_path(struct snakemake_jobs *j, const char *path, struct error *err)
{
    struct stat st;
    struct snakemake_benchmark b;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        read_folder(j, path);
    } else if (snakemake_read_benchmark(path, &b)) {
        read_benchmarks(j, path, false);
    } else {
        j->records->dates = j->records->all_dependencies = true;
        if (read_summary(j, path, err))
            return -1;
        find_durations(j, path);
    }
    return 0;
}

static int read_snakemake(struct task_records *t, const char *path, struct error *err)
{
    struct snakemake_jobs j;
    t->has_after = true;
    snakemake_jobs_init(&j, t);
    int status = read_path(&j, path, err);
    if (status == 0)
        snakemake_jobs_add(&j);
    snakemake_jobs_clear(&j);
    return status;
}

static int probe(const struct importer_probe *p)
{
    if (p->is_folder)
        return packed_file_is_in(p->path, ".snakemake/metadata") ? 90 : 0;
    return str_starts(p->head, "output_file\tdate\trule\t") ||
                   str_starts(p->head, "s\th:m:s\tmax_rss")
               ? 90
               : 0;
}

const struct importer_ops importer_snakemake = {
    .name = "snakemake",
    .summary =
        "a run of Snakemake: its folder, its --detailed-summary with benchmarks, or benchmarks",
    .probe = probe,
    .read = read_snakemake,
    .expected = "a run of Snakemake: a folder with .snakemake/metadata or benchmark files, or what "
                "`snakemake --detailed-summary` prints",
};
