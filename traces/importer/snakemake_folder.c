/* What Snakemake keeps in the folder of a run: .snakemake/metadata is a JSON file for each output,
 * .snakemake/log says threads and memory. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/base64.h"
#include "traces/importer/json_values.h"
#include "traces/importer/snakemake_jobs.h"

enum { LARGEST_METADATA = 1 << 26 };
static const size_t largest_log = (size_t)1 << 30;

static void read_metadata(struct snakemake_jobs *j, const char *output, const cJSON *m)
{
    double started_s = value_time_at(m, "starttime"), ended_s = value_time_at(m, "endtime");
    const char *rule = value_text_at(m, "rule");
    if (!*rule || isnan(ended_s) || cJSON_IsTrue(value_at(m, "incomplete"))) {
        j->records->counts.torn++;
        return;
    }
    char *key =
        str_format("%s %.0f %.6f", rule, known_or(value_number_at(m, "job_hash"), 0), ended_s);
    struct snakemake_job *job = snakemake_job_of(j, key, output);
    free(key);
    job->rule = task_records_keep(j->records, rule);
    job->started_s = earlier_known(job->started_s, started_s);
    job->ended_s = later_known(job->ended_s, ended_s);
    for (const cJSON *e = value_at(m, "input") ? value_at(m, "input")->child : NULL; e; e = e->next)
        snakemake_add_input(j, job, value_text(e));
}

/* Names of files are the outputs in base64; long ones are in folders, and are not read. */
static char *output_of(const char *name)
{
    size_t size;
    unsigned char *bytes = base64_decode(name, &size);
    char *text = bytes ? xstrndup((const char *)bytes, size) : xstrdup(name);
    free(bytes);
    return text;
}

static void read_metadata_file(struct snakemake_jobs *j, const char *folder, const char *name)
{
    size_t size, replaced = 0;
    char *path = str_format("%s/%s", folder, name),
         *text = file_load(path, LARGEST_METADATA, &size, NULL), *output = output_of(name);
    struct json_document *document =
        text ? json_parse_mended(text, size, path, &replaced, NULL) : NULL;
    if (document) {
        struct json root = json_root(document);
        read_metadata(j, output, root.value);
    }
    j->records->counts.torn += !document;
    json_free(document);
    xfree(text, path, output);
}

typedef void file_fn(struct snakemake_jobs *j, const char *folder, const char *name);

static void each_file(struct snakemake_jobs *j, const char *folder, file_fn *read)
{
    size_t n;
    char **names = snakemake_names_in(folder, &n);
    for (size_t i = 0; i < n; i++) {
        read(j, folder, names[i]);
        free(names[i]);
    }
    free(names);
}

/* --- .snakemake/log: threads and memory ------------------------------------------------------- */

struct block {
    double threads, memory_mib;
    char *outputs;
};

static void apply(struct snakemake_jobs *j, struct block *b)
{
    for (char *rest = b->outputs, *file; rest && (file = strtok_r(rest, ",", &rest)) != NULL;) {
        file += strspn(file, " ");
        int job = name_index_find(j->outputs, file);
        if (job < 0)
            continue;
        j->at[job].threads = b->threads;
        j->at[job].memory_mib = b->memory_mib;
    }
    free(b->outputs);
    *b = (struct block){ 1, NAN, NULL };
}

static void read_setting(struct block *b, const char *line)
{
    double value;
    const char *mib = strstr(line, "mem_mib="), *mb = strstr(line, "mem_mb=");
    if (str_starts(line, "output: ")) {
        free(b->outputs);
        b->outputs = xstrdup(line + strlen("output: "));
    } else if (str_starts(line, "threads: ") && str_to_double(line + strlen("threads: "), &value) &&
               value >= 1 && value <= 1e6) {
        b->threads = value;
    } else if (str_starts(line, "resources: ") && (mib || mb)) {
        value = strtod(mib ? mib + strlen("mem_mib=") : mb + strlen("mem_mb="), NULL);
        if (value > 0 && value <= 1e12)
            b->memory_mib = mib ? value : value * 1e6 / 1048576;
    }
}

/* A block is "rule NAME:" and indented lines. */
static void read_log(struct snakemake_jobs *j, const char *folder, const char *name)
{
    size_t size;
    char *path = str_format("%s/%s", folder, name),
         *text = file_load(path, largest_log, &size, NULL);
    struct block b = { 1, NAN, NULL };
    free(path);
    for (char *line = text, *next; line && *line; line = next) {
        size_t n = strcspn(line, "\n");
        next = line + n + (line[n] == '\n');
        line[n] = '\0';
        if (isspace((unsigned char)*line))
            read_setting(&b, line + strspn(line, " \t"));
        else
            apply(j, &b);
    }
    apply(j, &b);
    free(text);
}

bool snakemake_read_folder(struct snakemake_jobs *j, const char *path)
{
    char *metadata = str_format("%s/.snakemake/metadata", path),
         *log = str_format("%s/.snakemake/log", path);
    bool has = file_exists(metadata);
    if (has) {
        each_file(j, metadata, read_metadata_file);
        each_file(j, log, read_log);
    }
    xfree(metadata, log);
    return has;
}
