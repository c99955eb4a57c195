/* `flux jobs --json` has one object a job. Eventlogs are lines, in which a "submit" begins the next
 * job; its jobspec and R, if they are printed with it (`flux job info ID eventlog jobspec R`), tell
 * its name and its resources. */
#include "traces/importer/importers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "traces/importer/json_values.h"
#include "traces/importer/task_nodes.h"
#include "traces/importer/task_steps.h"

enum { MOST_LISTED = 65535 };

struct flux {
    struct task_records *records;
    struct task_row row; /* of an eventlog: the job in hand, */
    const char *result; /* and how it ended; "": not yet */
    bool open;
    size_t jobs;
};

/* --- lists of ids ----------------------------------------------------------------------------- */

static void count_one(void *context, const char *name, double cores, double gpus)
{
    (void)name;
    (void)cores;
    (void)gpus;
    ++*(size_t *)context;
}

/* "0-3,7" -> 5; NAN: not a list. */
static double count_ids(const char *ids)
{
    size_t n = 0;
    char *list = str_format("i[%s]", ids);
    bool read = *ids && task_nodes_read(list, MOST_LISTED, count_one, &n);
    free(list);
    return read ? (double)n : (double)NAN;
}

/* --- flux jobs --json ------------------------------------------------------------------------- */

static const char *keep_id(struct task_records *t, const cJSON *id)
{
    if (cJSON_IsNumber(id))
        return task_records_keep_taken(t, str_format("%.0f", id->valuedouble));
    return task_records_keep(t, value_text(id));
}

static enum task_status status_of(const char *result, const struct task_row *row)
{
    bool ran = is_known(row->start_s);
    if (str_equal(result, "COMPLETED"))
        return TASK_DONE;
    if (str_equal(result, "FAILED"))
        return TASK_FAILED;
    if (str_equal(result, "TIMEOUT") || str_equal(result, "CANCELED"))
        return ran ? TASK_KILLED : TASK_CANCELLED;
    return is_known(row->end_s) ? TASK_DONE : TASK_CUT;
}

static void place_hosts(struct task_records *t, struct task_row *row, const char *nodelist)
{
    if (*nodelist)
        task_records_read_nodes(t, row, nodelist);
}

/* "after-success:f2Kn after:f2Km" and the like; lists of {"scheme", "value"} too. */
static const char *keep_dependencies(struct task_records *t, const cJSON *list)
{
    struct str text = { 0 };
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        const char *value = cJSON_IsString(e) ? e->valuestring : value_text_at(e, "value"),
                   *colon = strchr(value, ':');
        value = cJSON_IsString(e) && colon ? colon + 1 : value;
        str_addf(&text, "%s%.*s", text.length ? " " : "", (int)strcspn(value, "?"), value);
    }
    const char *kept = text.length ? task_records_keep(t, text.text) : "";
    str_clear(&text);
    t->has_after = t->has_after || *kept;
    return kept;
}

static void finish_row(struct task_records *t, struct task_row *row, const char *result)
{
    row->elapsed_s = row->end_s - row->start_s;
    row->status = status_of(result, row);
    task_records_add(t, row);
}

static void read_job(struct flux *f, const cJSON *job)
{
    struct task_records *t = f->records;
    struct task_row row = task_row_new();
    row.id = keep_id(t, value_at(job, "id"));
    row.name = task_records_keep(t, value_text_at(job, "name"));
    row.partition = task_records_keep(t, value_text_at(job, "queue"));
    row.submit_s = value_time_at(job, "t_submit");
    row.eligible_s = value_time_at(job, "t_depend");
    row.start_s = row.scheduled_s = value_time_at(job, "t_run");
    row.end_s = value_time_at(job, "t_cleanup");
    row.freed_s = row.notified_s = value_time_at(job, "t_inactive");
    row.cores = known_or(value_number_at(job, "ncores"), value_number_at(job, "ntasks"));
    row.node_count = value_number_at(job, "nnodes");
    row.after = keep_dependencies(t, value_at(job, "dependencies"));
    place_hosts(t, &row, value_text_at(job, "nodelist"));
    row.waiting = isnan(row.cores) && isnan(row.start_s);
    finish_row(t, &row, value_text_at(job, "result"));
}

/* --- eventlogs -------------------------------------------------------------------------------- */

static void close_job(struct flux *f)
{
    if (f->open)
        finish_row(f->records, &f->row, f->result);
    f->open = false;
}

static void open_job(struct flux *f, const cJSON *event)
{
    close_job(f);
    f->result = "";
    f->row = task_row_new();
    const cJSON *id = value_at(event, "id");
    f->row.id = id ? keep_id(f->records, id)
                   : task_records_keep_taken(f->records, str_format("job%zu", f->jobs));
    f->row.name = "job";
    f->jobs++;
    f->open = true;
}

/* R (RFC 20): who has which cores and GPUs. */
static void read_r(struct flux *f, const cJSON *execution)
{
    double cores = 0, gpus = 0, nodes = 0;
    const cJSON *entry;
    struct str hosts = { 0 };
    cJSON_ArrayForEach(entry, value_at(execution, "R_lite"))
    {
        const cJSON *children = value_at(entry, "children");
        double ranks = count_ids(value_text_at(entry, "rank"));
        cores += ranks * known_or(count_ids(value_text_at(children, "core")), 0);
        gpus += ranks * known_or(count_ids(value_text_at(children, "gpu")), 0);
        nodes += ranks;
    }
    cJSON_ArrayForEach(entry, value_at(execution, "nodelist"))
        str_addf(&hosts, "%s%s", hosts.length ? "," : "", value_text(entry));
    if (cores >= 1) {
        f->row.cores = cores;
        f->row.gpus = gpus;
        f->row.node_count = nodes;
    }
    place_hosts(f->records, &f->row, hosts.length ? hosts.text : "");
    str_clear(&hosts);
}

/* A jobspec's name: what the user gave, else the command's first word. */
static void read_jobspec(struct flux *f, const cJSON *spec)
{
    const cJSON *job = value_at(value_at(value_at(spec, "attributes"), "system"), "job");
    const cJSON *tasks = value_at(spec, "tasks"),
                *command = cJSON_IsArray(tasks) ? value_at(tasks->child, "command") : NULL;
    const char *name = value_text_at(job, "name");
    if (!*name && cJSON_IsArray(command))
        name = value_text(command->child);
    const char *slash = strrchr(name, '/');
    if (*name)
        f->row.name = task_records_keep(f->records, slash && slash[1] ? slash + 1 : name);
}

static void read_exception(struct flux *f, const cJSON *context)
{
    const char *type = value_text_at(context, "type");
    if (value_number_at(context, "severity") > 0)
        return;
    f->result = str_equal(type, "cancel")    ? "CANCELED"
                : str_equal(type, "timeout") ? "TIMEOUT"
                                             : "FAILED";
}

static void read_event(struct flux *f, const cJSON *event, const char *name)
{
    static const struct { const char *name; size_t time; } times[] = {
        { "submit", offsetof(struct task_row, submit_s) },
        { "depend", offsetof(struct task_row, eligible_s) },
        { "alloc", offsetof(struct task_row, scheduled_s) },
        { "start", offsetof(struct task_row, start_s) },
        { "finish", offsetof(struct task_row, end_s) },
        { "free", offsetof(struct task_row, freed_s) },
        { "clean", offsetof(struct task_row, notified_s) },
    };
    double at = value_time_at(event, "timestamp");
    const cJSON *context = value_at(event, "context");
    if (str_equal(name, "submit"))
        open_job(f, event);
    for (size_t k = 0; k < sizeof times / sizeof *times; k++)
        if (str_equal(name, times[k].name))
            memcpy((char *)&f->row + times[k].time, &at, sizeof at);
    if (str_equal(name, "finish") && !*f->result)
        f->result = value_number_at(context, "status") > 0 ? "FAILED" : "COMPLETED";
    if (str_equal(name, "exception"))
        read_exception(f, context);
}

static void read_value(void *context, const cJSON *value)
{
    struct flux *f = context;
    const char *name = value_text_at(value, "name");
    bool submit = str_equal(name, "submit") && is_known(value_time_at(value, "timestamp"));
    if (is_known(value_time_at(value, "t_submit")))
        read_job(f, value);
    else if (submit || (f->open && *name && is_known(value_time_at(value, "timestamp"))))
        read_event(f, value, name);
    else if (f->open && value_at(value, "execution"))
        read_r(f, value_at(value, "execution"));
    else if (f->open && value_at(value, "resources"))
        read_jobspec(f, value);
    else
        f->records->counts.torn++;
}

/* --- session ---------------------------------------------------------------------------------- */

static int read_flux(struct task_records *t, const char *path, struct error *err)
{
    t->dates = t->has_submit = true;
    struct flux f = { .records = t };
    if (values_read(path, "jobs", read_value, &f, &t->counts.torn, err))
        return -1;
    close_job(&f);
    notes_add(&t->notes, t->n - f.jobs, "jobs",
              "no GPUs are in what `flux jobs` prints: R in an eventlog has them");
    return 0;
}

static int probe(const struct importer_probe *p)
{
    bool jobs = strstr(p->head, "\"t_submit\"") != NULL;
    bool events = strstr(p->head, "\"timestamp\"") && strstr(p->head, "\"submit\"") &&
                  strstr(p->head, "\"name\"");
    return p->head[strspn(p->head, " \t\r\n[")] == '{' && (jobs || events) ? 82 : 0;
}

const struct importer_ops importer_flux = {
    .name = "flux",
    .summary = "jobs of Flux: `flux jobs -a --json`, or eventlogs with jobspec and R (JSON lines)",
    .probe = probe,
    .read = read_flux,
    .expected = "what `flux jobs --json` prints, or eventlogs of jobs, one JSON object a line",
};
