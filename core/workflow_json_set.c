/* One task set as JSON: its demand, durations, releases and the rest, but not its name nor what it comes after. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow_json_impl.h"

enum { MOST_RANKS = 100000000, MOST_SLOTS = 100000 };

static int read_gpus(const struct json *at, struct demand *d, struct error *err)
{
    double gpus = 0;
    struct json member = json_member(at, "gpus");
    if (json_get_number(at, "gpus", 0, 64, &gpus, err) != 0)
        return -1;
    if (gpus >= 1 && gpus != floor(gpus))
        return json_error(&member, err, "must be a whole number, or a share below 1; is %g", gpus);
    d->gpus = gpus >= 1 ? (int32_t)gpus : 0;
    d->gpu_share = gpus < 1 ? (int32_t)lround(gpus * DEMAND_WHOLE_GPU) : 0;
    if (gpus > 0 && d->gpus == 0 && (d->gpu_share == 0 || d->gpu_share == DEMAND_WHOLE_GPU))
        return json_error(&member, err, "a share of a GPU is counted in millionths; %g is none", gpus);
    return 0;
}

int demand_from_json(const struct json *at, struct demand *d, struct error *err)
{
    int64_t ranks = 1, cores = 0, threads = 0, memory = 0;
    if (json_get_int(at, "ranks", 1, MOST_RANKS, &ranks, err) != 0 || json_get_int(at, "cores", 0, MOST_SLOTS, &cores, err) != 0 ||
        json_get_int(at, "threads", 0, MOST_SLOTS, &threads, err) != 0 || read_gpus(at, d, err) != 0 ||
        json_get_int(at, "memory_mib", 0, INT64_C(1) << 40, &memory, err) != 0 || json_get_bool(at, "one_node", &d->one_node, err) != 0)
        return -1;
    if (json_has(at, "cores") && json_has(at, "threads"))
        return json_error(at, err, "has both cores and threads; `cores` counts cores, `threads` counts hardware threads: give one");
    if (!json_has(at, "cores") && !json_has(at, "threads"))
        cores = 1;
    d->ranks = (int)ranks;
    d->cores = (int)cores;
    d->threads = (int)threads;
    d->memory_mib = memory;
    if (cores + threads + d->gpus + d->gpu_share == 0)
        return json_error(at, err, "asks for no core, no thread and no GPU; give it at least one");
    return 0;
}

static int read_numbers(const struct json *at, size_t n, const char *of_what, double **out, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    if (json_count(at) != n)
        return json_error(at, err, "has %zu values; the set has %zu tasks, so it needs as many %s", json_count(at), n, of_what);
    *out = xcalloc(n, sizeof **out);
    size_t i = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (json_as_number(&e, 0, DURATION_LARGEST_S, &(*out)[i++], err) != 0)
            return -1;
    return 0;
}

static int read_duration(const struct json *at, struct task_set *set, struct error *err)
{
    struct json one = json_member(at, "duration"), each = json_member(at, "durations");
    if (one.value && each.value)
        return json_error(at, err, "has both duration and durations; give one distribution, or a value a task");
    if (!one.value && !each.value)
        return json_error(at, err, "needs a duration: a number of seconds, a distribution, or `durations` with a value a task");
    if (each.value)
        return read_numbers(&each, set->n_tasks, "durations", &set->durations, err);
    set->duration = dist_from_json(&one, err);
    return set->duration ? 0 : -1;
}

static int read_release(const struct json *at, struct task_set *set, struct error *err)
{
    struct json release = json_member(at, "release"), gaps;
    if (!release.value)
        return 0;
    if (cJSON_IsNumber(release.value)) {
        set->release.kind = RELEASE_TIME;
        return json_as_number(&release, 0, DURATION_LARGEST_S, &set->release.time_s, err);
    }
    if (cJSON_IsArray(release.value)) {
        set->release.kind = RELEASE_LIST;
        return read_numbers(&release, set->n_tasks, "release times", &set->release.list_s, err);
    }
    static const char *const fields[] = { "gaps", NULL };
    if (json_expect_object(&release, fields, err) != 0)
        return -1;
    gaps = json_member(&release, "gaps");
    if (!gaps.value)
        return json_error(&release, err, "must be a time, a list of times, or {\"gaps\": distribution}");
    set->release.kind = RELEASE_GAPS;
    set->release.gap = dist_from_json(&gaps, err);
    return set->release.gap ? 0 : -1;
}

static int read_command(const struct json *at, struct task_set *set, struct error *err)
{
    struct json command = json_member(at, "command");
    if (!command.value)
        return 0;
    if (json_expect_array(&command, err) != 0)
        return -1;
    if (json_count(&command) == 0)
        return json_error(&command, err, "is empty; give the program and its arguments, or leave it out");
    set->command = xcalloc(json_count(&command) + 1, sizeof *set->command);
    for (struct json e = json_first(&command); e.value; e = json_next(&e)) {
        if (!cJSON_IsString(e.value))
            return json_error(&e, err, "must be a text");
        set->command[set->n_command++] = xstrdup(e.value->valuestring);
    }
    return 0;
}

int workflow_read_set(const struct json *at, struct task_set *set, struct error *err)
{
    const struct json given = json_member(at, "durations");
    int64_t tasks = cJSON_IsArray(given.value) && given.value->child ? (int64_t)json_count(&given) : 1, retries = 0, priority = 0;
    if (json_get_int(at, "tasks", 1, 1000000000, &tasks, err) != 0 || demand_from_json(at, &set->demand, err) != 0)
        return -1;
    set->n_tasks = (uint32_t)tasks;
    if (read_duration(at, set, err) != 0 || read_release(at, set, err) != 0 || read_command(at, set, err) != 0 ||
        json_get_number(at, "set_sd", 0, 10, &set->set_sd, err) != 0 ||
        json_get_number(at, "failure_probability", 0, 1, &set->failure_probability, err) != 0 ||
        json_get_int(at, "retries", 0, 250, &retries, err) != 0 || on_failure_from_json(at, &set->on_failure, err) != 0 ||
        json_get_int(at, "priority", -1000000, 1000000, &priority, err) != 0 ||
        json_get_number(at, "timeout", 0, 1e9, &set->timeout_s, err) != 0)
        return -1;
    set->retries = (int)retries;
    set->priority = (int)priority;
    return 0;
}
