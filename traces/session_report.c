#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "traces/session.h"

size_t session_count(const struct session *s, enum task_status status)
{
    size_t *record = session_records_of_tasks(s), count = 0;
    for (uint32_t i = 0; i < s->workflow->n_tasks; i++)
        count += record[i] != SIZE_MAX && s->timeline->status[record[i]] == (uint8_t)status;
    free(record);
    return count;
}

const char *session_slot_name(const struct session *s)
{
    return s->slots_unnamed ? "slots" : s->platform && s->platform->slot_kind == SLOT_THREAD ? "threads" : "cores";
}

void session_add_interruptions(const struct session *s, struct str *out)
{
    if (s->n_interruptions > 0)
        str_addf(out, "interrupted %zu time%s, for %.1f s in all", s->n_interruptions, s->n_interruptions == 1 ? "" : "s",
                 s->interrupted_s);
}

/* "84-87": ascending ids with stretches joined. */
static void add_ids(struct str *out, const int *ids, size_t n)
{
    for (size_t i = 0, last; i < n; i = last + 1) {
        for (last = i; last + 1 < n && ids[last + 1] == ids[last] + 1; last++)
            continue;
        str_addf(out, i ? ",%d" : "%d", ids[i]);
        if (last > i)
            str_addf(out, "-%d", ids[last]);
    }
}

static const char *plural(double n)
{
    return n == 1 ? "" : "s";
}

/* "1 core", "64 threads". */
static void add_slots(const struct session *s, int n, struct str *out)
{
    const char *name = session_slot_name(s);
    str_addf(out, "%d %.*s", n, (int)(strlen(name) - (n == 1)), name);
}

static void add_cautions(const struct session *s, struct str *out)
{
    cJSON *list = session_cautions(s);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, list)
        escape_addf(out, "caution   %s\n", entry->valuestring);
    cJSON_Delete(list);
}

static void add_origin(const struct session *s, struct str *out)
{
    escape_addf(out, "session   %s\n", s->name);
    if (s->generation != GENERATION_NONE) {
        escape_addf(out, "origin    RADICAL-Pilot %s%s, events of generation %s", s->version, s->has_entk ? " with EnTK" : "",
                 session_generation_name(s->generation));
        if (s->launcher)
            escape_addf(out, ", launcher %s", s->launcher);
        if (s->n_executors > 1)
            str_addf(out, " from %zu executors", s->n_executors);
        if (s->resource)
            escape_addf(out, ", on %s", s->resource);
        str_add(out, "\n");
    }
    if (s->lines_read)
        str_addf(out, "read      %.1f MB, %llu lines of profiles\n", (double)s->bytes_read / 1e6, (unsigned long long)s->lines_read);
}

/* How many nodes of the platform are of this kind. */
static size_t nodes_of_shape(const struct platform *p, size_t shape)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_nodes; i++)
        n += p->shape_of[i] == shape;
    return n;
}

static void add_shape(const struct session *s, size_t n, const struct node_shape *shape, struct str *out)
{
    str_addf(out, "%zu x ", n);
    add_slots(s, shape->n_slots, out);
    str_addf(out, ", %d GPU%s", shape->n_gpus, plural(shape->n_gpus));
    if (shape->memory_mib)
        str_addf(out, ", %.4g GiB", (double)shape->memory_mib / 1024);
    if (shape->n_blocked) {
        str_addf(out, "; %zu never given to a task: ", shape->n_blocked);
        add_ids(out, shape->blocked, shape->n_blocked);
    }
}

static void add_platform(const struct session *s, struct str *out)
{
    const struct platform *p = s->platform;
    if (!p || !p->n_nodes)
        return;
    bool first = true;
    for (size_t k = 0; k < p->n_shapes; k++) {
        size_t n = nodes_of_shape(p, k);
        if (!n)
            continue;
        str_add(out, first ? "nodes     " : "\n          ");
        add_shape(s, n, &p->shapes[k], out);
        if (p->n_shapes > 1)
            escape_addf(out, " (%s)", p->shapes[k].name);
        first = false;
    }
    if (s->highest_slot_seen >= 0 && s->highest_slot_seen + 1 < platform_node(p, 0)->n_slots)
        str_addf(out, "; above %d nothing was seen", s->highest_slot_seen);
    if (s->asked_cores)
        str_addf(out, "; asked for %d core%s, %d GPU%s", s->asked_cores, plural(s->asked_cores), s->asked_gpus,
                 plural(s->asked_gpus));
    str_add(out, "\n");
}

static void add_tasks(const struct session *s, struct str *out)
{
    str_addf(out, "tasks     %u in %zu set%s", s->workflow->n_tasks, s->workflow->n_sets, plural((double)s->workflow->n_sets));
    for (int status = TASK_DONE; status <= TASK_CUT; status++) {
        size_t n = session_count(s, (enum task_status)status);
        if (n)
            str_addf(out, ", %zu %s", n, task_status_name((enum task_status)status));
    }
    if (s->timeline->n > s->workflow->n_tasks)
        str_addf(out, "; %zu attempts", s->timeline->n);
    str_add(out, "\n");
    if (s->n_stages)
        str_addf(out, "pipelines %zu with %zu stage%s, in %zu run() call%s, %zu bulk%s\n", s->workflow->n_pipelines, s->n_stages,
                 plural((double)s->n_stages), s->n_runs, plural((double)s->n_runs), s->n_bulks, plural((double)s->n_bulks));
    if (s->edges_inferred)
        str_add(out, "edges     inferred from times: a set's parents ended just before its submission\n");
    if (s->edges_named)
        str_add(out, "edges     from the names stage-S-task-P: task P of a stage waits for task P of the stage before\n");
}

/* "service.0000 (64 threads, 4 GPUs)". */
static void add_service(const struct session *s, const struct session_service *service, struct str *out)
{
    escape_terminal(out, service->uid);
    if (!service->has_demand)
        return;
    str_add(out, " (");
    if (service->ranks != 1)
        str_addf(out, "%d ranks of ", service->ranks);
    add_slots(s, service->slots, out);
    if (service->gpus)
        str_addf(out, ", %d GPU%s", service->gpus, plural(service->gpus));
    str_add(out, ")");
}

static void add_services(const struct session *s, struct str *out)
{
    enum { NAMED = 4 };
    if (!s->n_services)
        return;
    str_addf(out, "services  %zu held apart (no tasks, no part of the makespan): ", s->n_services);
    for (size_t i = 0; i < s->n_services && i < NAMED; i++) {
        str_add(out, i ? ", " : "");
        add_service(s, &s->services[i], out);
    }
    if (s->n_services > NAMED)
        str_addf(out, " and %zu more", s->n_services - NAMED);
    str_add(out, "\n");
}

static void add_time(struct str *out, const char *what, double seconds)
{
    if (!isnan(seconds))
        str_addf(out, "%s %.1f s", what, seconds);
}

static void add_times(const struct session *s, struct str *out)
{
    add_time(out, "times     makespan", timeline_makespan(s->timeline));
    if (isnan(timeline_makespan(s->timeline)))
        str_add(out, "times     no task has both a start and a stop");
    if (s->n_interruptions > 0)
        str_addf(out, " (of which %.1f s interrupted)", s->interrupted_s);
    add_time(out, ", critical path", session_critical_path_s(s));
    add_time(out, ", recorded makespan", s->recorded_makespan_s);
    add_time(out, ", agent up at", s->pilot_active_s);
    add_time(out, ", first start at", timeline_first_start(s->timeline));
    add_time(out, ", records end at", s->timeline->session_end_s);
    str_add(out, "\n");
}

static void add_table(struct str *out, const char *title, struct table *t)
{
    if (table_rows(t)) {
        str_addf(out, "\n%s\n", title);
        table_print(t, out, 2);
    }
    table_free(t);
}

void session_report(const struct session *s, struct str *out)
{
    add_cautions(s, out);
    add_origin(s, out);
    add_platform(s, out);
    add_tasks(s, out);
    add_services(s, out);
    add_times(s, out);
    add_table(out, "task sets", session_set_table(s));
    if (s->n_stages)
        add_table(out, "stages", session_stage_table(s));
    if (s->n_runs > 1)
        add_table(out, "run() calls", session_run_table(s));
    add_table(out, "steps", session_step_table(s));
    add_table(out, "missing or unusual", session_gap_table(s));
}

static void put_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, key, text);
}

static void put_number(cJSON *object, const char *key, double value)
{
    if (isnan(value))
        cJSON_AddNullToObject(object, key);
    else
        cJSON_AddNumberToObject(object, key, value);
}

static void put_table(cJSON *object, const char *key, struct table *t)
{
    cJSON_AddItemToObject(object, key, table_to_json(t));
    table_free(t);
}

static void put_shape(cJSON *at, const struct session *s, const struct node_shape *shape)
{
    cJSON_AddNumberToObject(at, "slots_per_node", shape->n_slots);
    cJSON_AddStringToObject(at, "slots", session_slot_name(s));
    cJSON_AddNumberToObject(at, "gpus_per_node", shape->n_gpus);
    if (shape->memory_mib)
        cJSON_AddNumberToObject(at, "memory_mib_per_node", (double)shape->memory_mib);
    cJSON *blocked = cJSON_AddArrayToObject(at, "blocked");
    for (size_t i = 0; i < shape->n_blocked; i++)
        cJSON_AddItemToArray(blocked, cJSON_CreateNumber(shape->blocked[i]));
}

/* The members beside "nodes" are of the first node; "kinds" has all where there are several. */
static void put_platform(cJSON *object, const struct session *s)
{
    const struct platform *p = s->platform;
    if (!p || !p->n_nodes)
        return;
    cJSON *platform = cJSON_AddObjectToObject(object, "platform");
    cJSON_AddNumberToObject(platform, "nodes", (double)p->n_nodes);
    put_shape(platform, s, platform_node(p, 0));
    cJSON *kinds = p->n_shapes > 1 ? cJSON_AddArrayToObject(platform, "kinds") : NULL;
    for (size_t k = 0; kinds && k < p->n_shapes; k++) {
        cJSON *kind = cJSON_CreateObject();
        cJSON_AddStringToObject(kind, "name", p->shapes[k].name);
        cJSON_AddNumberToObject(kind, "nodes", (double)nodes_of_shape(p, k));
        put_shape(kind, s, &p->shapes[k]);
        cJSON_AddItemToArray(kinds, kind);
    }
}

static void put_tasks(cJSON *object, const struct session *s)
{
    cJSON *tasks = cJSON_AddObjectToObject(object, "tasks");
    cJSON_AddNumberToObject(tasks, "count", s->workflow->n_tasks);
    cJSON_AddNumberToObject(tasks, "attempts", (double)s->timeline->n);
    for (int status = TASK_DONE; status <= TASK_CUT; status++)
        cJSON_AddNumberToObject(tasks, task_status_name((enum task_status)status), (double)session_count(s, (enum task_status)status));
}

static void put_services(cJSON *object, const struct session *s)
{
    cJSON *list = cJSON_AddArrayToObject(object, "services");
    for (size_t i = 0; i < s->n_services; i++) {
        const struct session_service *service = &s->services[i];
        cJSON *entry = cJSON_CreateObject();
        put_text(entry, "uid", service->uid);
        put_text(entry, "kind", service->kind);
        put_number(entry, "start_s", service->started_s);
        put_number(entry, "stop_s", service->stopped_s);
        put_number(entry, "ranks", service->has_demand ? service->ranks : (double)NAN);
        put_number(entry, "slots_per_rank", service->has_demand ? service->slots : (double)NAN);
        put_number(entry, "gpus_per_rank", service->has_demand ? service->gpus : (double)NAN);
        cJSON_AddItemToArray(list, entry);
    }
}

static void put_damage(cJSON *object, const struct session *s)
{
    cJSON *damage = s->damage ? cJSON_AddObjectToObject(object, "damaged") : NULL;
    if (!damage) {
        cJSON_AddNullToObject(object, "damaged");
        return;
    }
    cJSON_AddStringToObject(damage, "reason", s->damage);
    cJSON_AddNumberToObject(damage, "files_read", (double)s->files_before_damage);
    cJSON_AddNumberToObject(damage, "bytes_read", (double)s->bytes_before_damage);
}

static void put_skews(cJSON *object, const struct session *s)
{
    cJSON *list = cJSON_AddArrayToObject(object, "clocks");
    for (size_t i = 0; i < s->n_skews; i++) {
        cJSON *skew = cJSON_CreateObject();
        cJSON_AddStringToObject(skew, "node", s->skews[i].node);
        cJSON_AddNumberToObject(skew, "violations", (double)s->skews[i].violations);
        cJSON_AddNumberToObject(skew, "offset_s", s->skews[i].offset_s);
        cJSON_AddBoolToObject(skew, "corrected", s->skews[i].corrected);
        cJSON_AddItemToArray(list, skew);
    }
}

cJSON *session_report_json(const struct session *s)
{
    cJSON *object = cJSON_CreateObject();
    put_damage(object, s);
    cJSON_AddItemToObject(object, "cautions", session_cautions(s));
    cJSON_AddNumberToObject(object, "pilots", (double)s->n_pilots);
    put_skews(object, s);
    put_text(object, "session", s->name);
    put_text(object, "importer", s->importer);
    put_text(object, "version", s->version);
    put_text(object, "generation", s->generation == GENERATION_NONE ? NULL : session_generation_name(s->generation));
    put_text(object, "launcher", s->launcher);
    if (s->n_executors > 0)
        cJSON_AddNumberToObject(object, "executors", (double)s->n_executors);
    put_text(object, "resource", s->resource);
    cJSON_AddBoolToObject(object, "entk", s->has_entk);
    cJSON_AddBoolToObject(object, "edges_inferred", s->edges_inferred);
    cJSON_AddBoolToObject(object, "edges_named", s->edges_named);
    put_number(object, "makespan_s", timeline_makespan(s->timeline));
    cJSON_AddNumberToObject(object, "interruptions", (double)s->n_interruptions);
    cJSON_AddNumberToObject(object, "interrupted_s", s->interrupted_s);
    put_number(object, "critical_path_s", session_critical_path_s(s));
    put_number(object, "recorded_makespan_s", s->recorded_makespan_s);
    put_number(object, "first_start_s", timeline_first_start(s->timeline));
    put_number(object, "agent_active_s", s->pilot_active_s);
    put_number(object, "session_end_s", s->timeline->session_end_s);
    put_platform(object, s);
    put_tasks(object, s);
    put_services(object, s);
    put_table(object, "sets", session_set_table(s));
    put_table(object, "stages", session_stage_table(s));
    put_table(object, "runs", session_run_table(s));
    put_table(object, "steps", session_step_table(s));
    put_table(object, "missing", session_gap_table(s));
    return object;
}
