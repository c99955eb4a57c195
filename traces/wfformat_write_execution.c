/* The execution in a WfFormat document: when each task ran, where and with what; the machines. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "traces/wfformat_write_files.h"
#include "traces/wfformat_write_impl.h"

/* Seconds that the task ran, or would by its description; NAN: it did not end. */
static double runtime_of(const struct wfformat_writer *o, const struct task_set *set, uint32_t task)
{
    if (!o->timeline)
        return set->durations ? set->durations[task - set->first_task] : dist_mean(set->duration);
    return o->record[task] == SIZE_MAX ? (double)NAN
                                       : session_measured_s(o->session, o->record[task]);
}

void wfformat_add_date(const char *key, double epoch_s, cJSON *out)
{
    struct tm utc;
    char text[64], all[80];
    double us = rint(epoch_s * 1e6), whole = floor(us / 1e6), fraction = us - whole * 1e6;
    time_t seconds = (time_t)whole;
    if (!(epoch_s >= 0 && epoch_s < 1e11) || !gmtime_r(&seconds, &utc))
        return;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    if (fraction > 0)
        snprintf(all, sizeof all, "%s.%06.0fZ", text, fraction);
    else
        snprintf(all, sizeof all, "%sZ", text);
    cJSON_AddStringToObject(out, key, all);
}

double wfformat_zero(const struct wfformat_writer *o)
{
    double epoch = o->session ? o->session->zero_epoch_s : (double)NAN;
    return epoch > 0 && epoch < 1e11 ? epoch : 0;
}

static void add_start(const struct wfformat_writer *o, uint32_t task, cJSON *out)
{
    if (o->timeline && o->record[task] != SIZE_MAX)
        wfformat_add_date("executedAt",
                          wfformat_zero(o) + o->timeline->records[o->record[task]].started_s, out);
}

static void add_machines(const struct wfformat_writer *o, uint32_t task, cJSON *out)
{
    struct timeline_slots s;
    bool more = o->timeline && timeline_slots_first(o->timeline, o->record[task], &s);
    int64_t last = -1;
    cJSON *list = more ? cJSON_AddArrayToObject(out, "machines") : NULL;
    for (; more; more = timeline_slots_next(&s)) {
        if (s.node != last)
            cJSON_AddItemToArray(list, cJSON_CreateString(o->node_names[s.node]));
        last = s.node;
    }
}

static void add_command(const struct task_set *set, cJSON *out)
{
    if (!set->traits->n_command)
        return;
    cJSON *command = cJSON_AddObjectToObject(out, "command"), *arguments;
    cJSON_AddStringToObject(command, "program", set->traits->command[0]);
    arguments = cJSON_AddArrayToObject(command, "arguments");
    for (size_t i = 1; i < set->traits->n_command; i++)
        cJSON_AddItemToArray(arguments, cJSON_CreateString(set->traits->command[i]));
}

/* Cores of all ranks: threads count as so many cores as they fill. */
static double core_count(const struct wfformat_writer *o, const struct demand *d)
{
    int per_core =
        o->platform && o->platform->n_nodes ? platform_node(o->platform, 0)->threads_per_core : 1;
    return (double)d->ranks * (d->cores ? d->cores : (d->threads + per_core - 1) / per_core);
}

static cJSON *executed_task(const struct wfformat_writer *o, const struct task_set *set,
                            uint32_t task, double runtime_s)
{
    const struct demand *d = &set->traits->demand;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", o->ids[task]);
    cJSON_AddNumberToObject(out, "runtimeInSeconds", runtime_s);
    add_start(o, task, out);
    if (core_count(o, d) >= 1)
        cJSON_AddNumberToObject(out, "coreCount", core_count(o, d));
    if (d->memory_mib)
        cJSON_AddNumberToObject(out, "memoryInBytes",
                                (double)d->ranks * (double)d->memory_mib * 1048576);
    wfformat_add_bytes(o->files, set, task, out);
    if (set->priority)
        cJSON_AddNumberToObject(out, "priority", set->priority);
    add_command(set, out);
    add_machines(o, task, out);
    return out;
}

cJSON *wfformat_executed_tasks(const struct wfformat_writer *o, struct notes *losses)
{
    cJSON *out = cJSON_CreateArray();
    size_t unended = 0;
    for (size_t k = 0; k < o->workflow->n_sets; k++) {
        const struct task_set *set = &o->workflow->sets[k];
        for (uint32_t i = set->first_task; i < set->first_task + set->n_tasks; i++) {
            double runtime_s = runtime_of(o, set, i);
            if (runtime_s >= 0 && isfinite(runtime_s))
                cJSON_AddItemToArray(out, executed_task(o, set, i, runtime_s));
            else
                unended++;
        }
    }
    notes_add(losses, unended, "tasks",
              "did not end, so they have no runtime: specified, not executed");
    return out;
}

cJSON *wfformat_machines(const struct wfformat_writer *o)
{
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < o->platform->n_nodes; i++) {
        const struct node_shape *s = platform_node(o->platform, i);
        cJSON *machine = cJSON_CreateObject();
        cJSON_AddStringToObject(machine, "nodeName", o->node_names[i]);
        if (s->memory_mib)
            cJSON_AddNumberToObject(machine, "memoryInBytes", (double)s->memory_mib * 1048576);
        cJSON_AddNumberToObject(cJSON_AddObjectToObject(machine, "cpu"), "coreCount", s->cores);
        if (s->n_gpus || o->platform->slot_kind == SLOT_THREAD) {
            cJSON *ours = cJSON_AddObjectToObject(machine, "dagcast");
            cJSON_AddNumberToObject(ours, "gpus", s->n_gpus);
            if (o->platform->slot_kind == SLOT_THREAD)
                cJSON_AddNumberToObject(ours, "threads_per_core", s->threads_per_core);
        }
        cJSON_AddItemToArray(out, machine);
    }
    return out;
}

double wfformat_makespan(const struct wfformat_writer *o)
{
    double makespan = o->timeline  ? timeline_makespan(o->timeline)
                      : o->session ? o->session->recorded_makespan_s
                                   : (double)NAN;
    return isnan(makespan) ? 0 : makespan;
}
