#include "traces/importer/task_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/packed_file.h"

/* A number, or {"set": true, "infinite": false, "number": n}; NAN: neither, or below 0. */
static double number_of(const cJSON *value)
{
    if (cJSON_IsObject(value)) {
        if (cJSON_IsFalse(value_at(value, "set")) || cJSON_IsTrue(value_at(value, "infinite")))
            return NAN;
        value = value_at(value, "number");
    }
    return cJSON_IsNumber(value) && value->valuedouble >= 0 && value->valuedouble <= 1e12
               ? value->valuedouble
               : (double)NAN;
}

static double time_of(const cJSON *times, const char *key)
{
    double t = number_of(value_at(times, key));
    return t > 0 && t <= 1e11 ? t : (double)NAN;
}

/* A text, or the first of a list of texts. */
static const char *text_of(const cJSON *value)
{
    if (cJSON_IsArray(value))
        value = value->child;
    return cJSON_IsString(value) ? value->valuestring : "";
}

/* The sum of a kind of resource; NAN: none. GPUs by type are beside their sum, which is the one
 * without a type. */
static double resource(const cJSON *list, const char *type, const char *name)
{
    double all = NAN, typed = 0;
    const cJSON *entry;
    cJSON_ArrayForEach(entry, list) {
        const char *entry_name = text_of(value_at(entry, "name"));
        double count = number_of(value_at(entry, "count"));
        if (!str_equal(text_of(value_at(entry, "type")), type) || isnan(count))
            continue;
        if (!name || str_equal(entry_name, name))
            all = count;
        else if (str_starts(entry_name, name) && entry_name[strlen(name)] == ':')
            typed += count;
    }
    return !isnan(all) ? all : typed > 0 ? typed : (double)NAN;
}

static void read_resources(const cJSON *list, struct task_row *row)
{
    row->cores = resource(list, "cpu", NULL);
    row->gpus = resource(list, "gres", "gpu");
    row->memory_mib = resource(list, "mem", NULL);
    row->node_count = resource(list, "node", NULL);
    if (!(row->memory_mib > 0))
        row->memory_mib = NAN;
}

static void read_exit(struct task_records *t, struct task_row *row, const cJSON *job)
{
    char code[32] = "";
    double exit = number_of(value_at(value_at(job, "exit_code"), "return_code"));
    if (!isnan(exit) && exit < 1e6)
        snprintf(code, sizeof code, "%.0f", exit);
    const cJSON *state = value_at(job, "state");
    task_records_set_status(
        t, row, text_of(cJSON_IsObject(state) ? value_at(state, "current") : state), code);
}

static void read_times(struct task_records *t, struct task_row *row, const cJSON *times)
{
    row->submit_s = time_of(times, "submission");
    row->eligible_s = time_of(times, "eligible");
    row->start_s = time_of(times, "start");
    row->end_s = time_of(times, "end");
    row->elapsed_s = number_of(value_at(times, "elapsed"));
    if (row->elapsed_s == 0 && isnan(row->start_s))
        row->elapsed_s = NAN;
    task_records_complete(t, row);
}

/* "12", "12_3", "12_[4-9%2]", "12+1"; NULL: no id. */
static char *id_of(const cJSON *job)
{
    const cJSON *array = value_at(job, "array"), *het = value_at(job, "het");
    double id = number_of(value_at(job, "job_id"));
    double of_array = number_of(value_at(array, "job_id")),
           of_het = number_of(value_at(het, "job_id"));
    double element = number_of(value_at(array, "task_id")),
           offset = number_of(value_at(het, "job_offset"));
    const char *waiting = text_of(value_at(array, "task"));
    if (isnan(id))
        return NULL;
    if (of_array > 0 && *waiting)
        return str_format("%.0f_[%s]", of_array, waiting);
    if (of_array > 0 && !isnan(element))
        return str_format("%.0f_%.0f", of_array, element);
    if (of_het > 0 && !isnan(offset))
        return str_format("%.0f+%.0f", of_het, offset);
    return str_format("%.0f", id);
}

/* What is behind the job's id: "batch", "0"; NULL: nothing that tells. */
static char *step_of(const cJSON *step)
{
    const cJSON *id = value_at(value_at(step, "step"), "id");
    if (cJSON_IsObject(id))
        id = value_at(id, "step_id");
    if (cJSON_IsString(id)) {
        const char *dot = strrchr(id->valuestring, '.');
        return xstrdup(dot ? dot + 1 : id->valuestring);
    }
    return isnan(number_of(id)) ? NULL : str_format("%.0f", number_of(id));
}

static double most_memory(const cJSON *step)
{
    double bytes =
        resource(value_at(value_at(value_at(step, "tres"), "requested"), "max"), "mem", NULL);
    return bytes > 0 ? bytes / 1048576 : (double)NAN;
}

static void read_step(struct task_records *t, const cJSON *step, const struct task_row *job)
{
    char *name = step_of(step);
    if (!name)
        return;
    struct task_row row = task_row_new();
    row.id = task_records_keep_taken(t, str_format("%s.%s", job->id, name));
    row.name = task_records_share(t, text_of(value_at(value_at(step, "step"), "name")));
    row.partition = job->partition;
    row.peak_memory_mib = most_memory(step);
    free(name);
    read_times(t, &row, value_at(step, "time"));
    row.submit_s = row.start_s;
    row.eligible_s = NAN;
    read_resources(value_at(value_at(step, "tres"), "allocated"), &row);
    const cJSON *nodes = value_at(step, "nodes");
    task_records_read_nodes(t, &row,
                            text_of(cJSON_IsObject(nodes) ? value_at(nodes, "range") : nodes));
    read_exit(t, &row, step);
    task_records_add(t, &row);
}

static void read_job(struct task_records *t, const cJSON *job)
{
    char *id = id_of(job);
    if (!id || !cJSON_IsObject(value_at(job, "time"))) {
        free(id);
        t->counts.torn++;
        return;
    }
    struct task_row row = task_row_new();
    row.id = task_records_keep_taken(t, id);
    row.name = task_records_share(t, text_of(value_at(job, "name")));
    row.partition = task_records_share(t, text_of(value_at(job, "partition")));
    const cJSON *tres = value_at(job, "tres"), *required = value_at(job, "required");
    read_times(t, &row, value_at(job, "time"));
    bool started = !isnan(row.start_s);
    read_resources(value_at(tres, started ? "allocated" : "requested"), &row);
    if (isnan(row.cores))
        row.cores = number_of(value_at(required, "CPUs"));
    if (isnan(row.node_count))
        row.node_count = number_of(value_at(job, "allocation_nodes"));
    row.waiting = !started && !(row.cores >= 1);
    task_records_read_nodes(t, &row, text_of(value_at(job, "nodes")));
    read_exit(t, &row, job);
    task_records_add(t, &row);
    const cJSON *step;
    cJSON_ArrayForEach(step, value_at(job, "steps"))
        read_step(t, step, &row);
}

int slurm_json_load(struct task_records *t, const char *path, struct error *err)
{
    t->kind = TABLE_SLURM;
    t->dates = t->has_submit = true;
    struct json_document *document = packed_file_load_json_apart(path, "jobs", err);
    if (!document)
        return -1;
    struct json root = json_root(document), jobs = json_member(&root, "jobs"), job;
    struct json_walk walk = json_walk(&jobs);
    int status = 0;
    if (!cJSON_IsArray(jobs.value))
        status =
            error_set(err, "%s: expected an array \"jobs\", as `sacct --json` prints it", path);
    for (size_t i = 0; status == 0 && (status = json_walk_at(&walk, i, &job, err)) > 0; i++) {
        read_job(t, job.value);
        status = 0;
    }
    json_walk_end(&walk);
    json_free(document);
    if (status == 0 && t->n)
        slurm_jobs_choose(t);
    return status;
}
