/* traces/importer/snakemake_jobs.h - jobs of Snakemake by their output files, on their way to
 * records. */
#ifndef DAGCAST_TRACES_IMPORTER_SNAKEMAKE_JOBS_H
#define DAGCAST_TRACES_IMPORTER_SNAKEMAKE_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "traces/importer/task_records.h"

struct snakemake_job { /* texts are kept in the records */
    const char *rule;
    const char *files; /* what it made and the wildcards in it: words to know its benchmark by */
    double started_s, ended_s, elapsed_s, threads, memory_mib; /* NAN: unknown */
};

struct snakemake_jobs {
    struct task_records *records;
    size_t n, room, n_inputs, input_room;
    struct snakemake_job *at;
    struct snakemake_input {
        size_t job;
        const char *file;
    } *inputs;
    struct name_index *outputs, *keys; /* files to jobs; what tells jobs apart to jobs */
};
void snakemake_jobs_init(struct snakemake_jobs *j, struct task_records *t);
void snakemake_jobs_clear(struct snakemake_jobs *j);

/* The job of this key (new if there is none), which made this file. */
struct snakemake_job *snakemake_job_of(struct snakemake_jobs *j, const char *key,
                                       const char *output);
void snakemake_add_input(struct snakemake_jobs *j, const struct snakemake_job *job,
                         const char *file);

/* Jobs to rows; each waits for those that made its inputs. */
void snakemake_jobs_add(struct snakemake_jobs *j);

/* Jobs that lie in the folder of a run; false, nothing added: it has no .snakemake/metadata. */
bool snakemake_read_folder(struct snakemake_jobs *j, const char *path);

/* One benchmark file: the mean of its repeats. false: it is none. */
struct snakemake_benchmark {
    double seconds;
    size_t repeats;
};
bool snakemake_read_benchmark(const char *path, struct snakemake_benchmark *b);

/* Calls each() for every benchmark file below a folder, or below those of its folders (and theirs)
 * that are called so ("benchmarks"); `relative` is its path within it. At most 8 deep, 100,000
 * entries. */
typedef void snakemake_benchmark_fn(void *context, const char *relative,
                                    const struct snakemake_benchmark *b);
void snakemake_find_benchmarks(const char *folder, bool anywhere, snakemake_benchmark_fn *each,
                               void *context);

/* Names in a folder that do not begin with a dot, in natural order. Free each and the list. */
char **snakemake_names_in(const char *folder, size_t *n);

#endif
