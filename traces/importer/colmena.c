/* A result is an attempt: its method is the set. What its Thinker waited for is not recorded. */
#include "traces/importer/importers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "traces/importer/json_values.h"
#include "traces/importer/task_records.h"

/* In "timestamp" as "created", before 2023 beside everything else as "time_created". */
static double time_of(const cJSON *result, const char *name)
{
    char *old = str_format("time_%s", name);
    double t =
        known_or(value_time_at(value_at(result, "timestamp"), name), value_time_at(result, old));
    free(old);
    return t;
}

static double running_of(const cJSON *result)
{
    double s = known_or(value_number_at(value_at(result, "time"), "running"),
                        value_number_at(result, "time_running"));
    return s >= 0 && s <= 1e11 ? s : (double)NAN;
}

static double count_at(const cJSON *resources, const char *key)
{
    double n = value_number_at(resources, key);
    return n >= 1 && n <= 1e6 ? n : 1;
}

static void read_demand(struct task_records *t, const cJSON *result, struct task_row *row)
{
    const cJSON *resources = value_at(result, "resources");
    double nodes = count_at(resources, "node_count");
    const char *host = value_text_at(value_at(result, "worker_info"), "hostname");
    row->cores = nodes * count_at(resources, "cpu_processes") * count_at(resources, "cpu_threads");
    row->gpus = 0;
    if (nodes > 1)
        row->node_count = nodes; /* the host is only the first of them */
    else if (*host)
        task_records_place(t, row, host, NAN, NAN);
}

static void read_times(struct task_records *t, const cJSON *result, struct task_row *row)
{
    row->submit_s = time_of(result, "created");
    row->arrived_s =
        known_or(time_of(result, "start_task_submission"), time_of(result, "input_received"));
    row->start_s = time_of(result, "compute_started");
    row->end_s = time_of(result, "compute_ended");
    row->notified_s = time_of(result, "result_received");
    row->elapsed_s = running_of(result);
    if (is_known(row->start_s) && is_known(row->end_s))
        row->elapsed_s = NAN; /* `running` leaves out what the worker does around the method */
    task_records_complete(t, row);
}

static void read_result(void *context, const cJSON *result)
{
    struct task_records *t = context;
    const cJSON *success = value_at(result, "success");
    struct task_row row = task_row_new();
    row.name = task_records_keep(t, value_text_at(result, "method"));
    row.id = task_records_keep(t, value_text_at(result, "task_id"));
    if (!*row.name || (!value_at(result, "timestamp") && !value_at(result, "time_created"))) {
        t->counts.torn++;
        return;
    }
    if (cJSON_IsFalse(value_at(result, "complete"))) /* an intermediate result: the task goes on */
        return;
    read_times(t, result, &row);
    read_demand(t, result, &row);
    bool ran = is_known(row.end_s) || is_known(row.elapsed_s);
    row.status = cJSON_IsFalse(success) ? TASK_FAILED : ran ? TASK_DONE : TASK_CUT;
    task_records_add(t, &row);
}

static int read_colmena(struct task_records *t, const char *path, struct error *err)
{
    t->dates = t->has_submit = true;
    int status = values_read(path, NULL, read_result, t, &t->counts.torn, err);
    notes_add(&t->notes, t->n, "results", "Colmena records no GPUs: none are taken");
    return status;
}

static int probe(const struct importer_probe *p)
{
    bool timed = strstr(p->head, "\"time_created\"") || strstr(p->head, "\"timestamp\"");
    bool result = strstr(p->head, "\"method\"") &&
                  (strstr(p->head, "\"task_info\"") || strstr(p->head, "\"time_created\"") ||
                   strstr(p->head, "\"serialization_method\""));
    return p->head[strspn(p->head, " \t\r\n[")] == '{' && timed && result ? 80 : 0;
}

const struct importer_ops importer_colmena = {
    .name = "colmena",
    .summary = "results of Colmena, one JSON object a line",
    .probe = probe,
    .read = read_colmena,
    .expected = "results of Colmena, one JSON object a line, with a \"method\" and \"timestamp\"",
};
