/* What ran of a task: its runtime, cores, command, machines, and our own field. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

static const double longest_runtime_s = 1e15;

static const cJSON *member(const struct json *at, const char *key)
{
    return json_member(at, key).value;
}

/* A number from `low` to `high` by its name, or by its name in old files. NAN: absent, or (counted)
 * not that. */
static double number_of(const struct json *at, const char *key, const char *old, double low,
                        double high, size_t *bad)
{
    const cJSON *value = member(at, key) ? member(at, key) : member(at, old);
    bool usable = cJSON_IsNumber(value) && value->valuedouble >= low && value->valuedouble <= high;
    *bad += value && !usable;
    return usable ? value->valuedouble : (double)NAN;
}

static void read_numbers(const struct json *at, struct demand_pool *demands, struct listed_task *t,
                         struct wf_counts *c)
{
    t->runtime_s = number_of(at, "runtimeInSeconds", "runtime", 0, longest_runtime_s,
                             &c->bad_runtime);
    c->no_runtime += !member(at, "runtimeInSeconds") && !member(at, "runtime");
    c->long_runtime += t->runtime_s > QUANTITY_YEAR_S;
    double cores = number_of(at, "coreCount", "cores", DBL_MIN, NODE_MOST_SLOTS, &c->bad_cores);
    c->part_cores += ceil(cores) > cores;
    struct demand demand = *t->demand;
    demand.cores = isnan(cores) ? demand.cores : (int)ceil(cores);
    t->demand = demand_pool_share(demands, &demand);
    double priority = number_of(at, "priority", "priority", -1e9, 1e9, &c->bad_priority);
    t->priority = isnan(priority) ? t->priority : (int)rint(priority);
}

/* Our own field, in a task's specification or its execution: {"set", "ranks", "cores" or "threads",
 * "gpus", "memory_mib", "one_node"}, as a task set has them. Once coreCount is known. */
int wf_read_ours(struct wf *f, const struct json *at, size_t task, struct error *err)
{
    static const char *const known[] = { "set", "ranks", "cores", "threads", "gpus", "memory_mib",
                                         "one_node", NULL };
    struct json ours = json_member(at, "dagcast");
    struct listed_task *t = &f->tasks[task];
    if (!ours.value || f->extra[task].ours)
        return 0;
    f->extra[task].ours = true;
    struct demand d = { 0 };
    const char *set = NULL;
    if (json_expect_object(&ours, known, err) || json_get_string(&ours, "set", &set, err) ||
        demand_from_json(&ours, &d, err))
        return -1;
    f->extra[task].set = set ? wf_text_number(&f->set_names, &f->memory, set) : -1;
    if (!json_has(&ours, "cores") && !json_has(&ours, "threads"))
        /* coreCount is all ranks' */
        d.cores = (t->demand->cores + d.ranks - 1) / d.ranks;
    t->demand = demand_pool_share(&f->demands, &d);
    return 0;
}

static int by_key(const void *a, const void *b)
{
    const cJSON *const *x = a, *const *y = b;
    return strcmp((*x)->string, (*y)->string);
}

/* The same text for the same members in any order; free() it. */
static char *text_of_command(const cJSON *command)
{
    size_t n = 0, room = (size_t)cJSON_GetArraySize(command);
    if (!cJSON_IsObject(command) || room < 2)
        return json_print_compact(command);
    cJSON **members = xcalloc(room, sizeof *members), *sorted = cJSON_CreateObject();
    for (cJSON *e = command->child; e; e = e->next)
        members[n++] = e;
    qsort(members, n, sizeof *members, by_key);
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemReferenceToObject(sorted, members[i]->string, members[i]);
    char *text = json_print_compact(sorted);
    cJSON_Delete(sorted);
    free(members);
    return text;
}

static void read_command(struct wf *f, size_t task, const cJSON *command)
{
    const cJSON *program = cJSON_GetObjectItemCaseSensitive(command, "program");
    char *text = text_of_command(command);
    if (!f->command_of)
        f->command_of = xcalloc(f->room, sizeof *f->command_of);
    f->command_of[task] = wf_keep(&f->commands, &f->memory, text);
    free(text);
    const char *path = cJSON_IsString(program) ? program->valuestring : NULL;
    if (path)
        f->extra[task].program = wf_text_number(&f->programs, &f->memory, str_file_name(path));
}

/* Of a list of names, or of one. */
static void read_machines(struct wf *f, struct wf_task *task, const cJSON *names)
{
    bool list = cJSON_IsArray(names);
    task->first_machine = (uint32_t)f->n_machine_uses;
    for (const cJSON *m = list ? names->child : names; m; m = list ? m->next : NULL) {
        if (!cJSON_IsString(m))
            continue;
        xgrow(&f->machine_uses, &f->machine_use_room, f->n_machine_uses + 1,
              sizeof *f->machine_uses);
        f->machine_uses[f->n_machine_uses++] =
            (uint32_t)wf_text_number(&f->machine_names, &f->memory, m->valuestring);
        task->n_machines++;
    }
}

/* What ran: an element of execution.tasks, or in the old layout the task itself. */
void wf_read_execution(struct wf *f, size_t task, const struct json *at, struct wf_counts *c)
{
    struct wf_task *extra = &f->extra[task];
    if (extra->executed) {
        c->again++;
        return;
    }
    extra->executed = true;
    read_numbers(at, &f->demands, &f->tasks[task], c);
    if (member(at, "command"))
        read_command(f, task, member(at, "command"));
    const cJSON *machine = member(at, "machine"), *machines = member(at, "machines"),
                *ran_on = cJSON_GetArraySize(machines) > 0 ? machines : machine;
    read_machines(f, extra, ran_on);
    c->machine += ran_on != NULL;
    bool bad;
    extra->started_epoch_s = wf_time_of(member(at, "executedAt"), &bad);
    c->bad_start += bad;
    extra->memory = member(at, "memoryInBytes") || member(at, "memory");
}
