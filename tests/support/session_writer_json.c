/* The JSON of a session: its tasks and its pilot. */
#include "tests/support/session_writer_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

/* "task.000007,sim.7,stage.0002,sim,pipeline.0001,None" */
static char *entk_name(const struct workflow *flow, uint32_t task)
{
    int set = workflow_set_of_task(flow, task), stages = 0;
    for (size_t p = 0; p < flow->n_pipelines; p++) {
        for (size_t k = 0; k < flow->pipelines[p].n_stages; k++, stages++) {
            const struct stage *stage = &flow->pipelines[p].stages[k];
            for (size_t i = 0; i < stage->n_sets; i++)
                if (stage->sets[i] == set)
                    return str_format("task.%06u,%s.%u,stage.%04d,%s,pipeline.%04zu,None", task,
                                      flow->sets[set].label, task - flow->sets[set].first_task,
                                      stages, flow->sets[set].label, p);
        }
    }
    return xstrdup("");
}

static cJSON *numbers(const uint16_t *ids, size_t n)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(list, cJSON_CreateNumber(ids[i]));
    return list;
}

static cJSON *map_of(const uint16_t *ids, size_t n)
{
    cJSON *map = cJSON_CreateArray();
    if (n)
        cJSON_AddItemToArray(map, numbers(ids, n));
    return map;
}

/* One entry of `slots`: a stretch of cores of one node. */
static void add_slots_entry(const struct session_writer *w, cJSON *list,
                            const struct timeline_slots *s, size_t first, size_t n, bool gpus)
{
    bool rank = w->dialect == DIALECT_RANK;
    char *name = platform_node_name(w->timeline->platform, s->node),
         *uid = str_format("%u", s->node + 1);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, rank ? "node_name" : "name", name);
    cJSON_AddStringToObject(entry, rank ? "node_id" : "uid", uid);
    cJSON_AddItemToObject(entry, "core_map", map_of(s->cores + first, n));
    cJSON_AddItemToObject(entry, "gpu_map", map_of(s->gpus, gpus ? s->n_gpus : 0));
    cJSON_AddItemToArray(list, entry);
    free(name);
    free(uid);
}

static cJSON *slots_of(const struct session_writer *w, size_t record, const struct demand *d)
{
    cJSON *slots = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(slots, w->dialect == DIALECT_RANK ? "ranks" : "nodes");
    size_t each =
        w->dialect == DIALECT_UNIT ? (size_t)(d->threads ? d->threads : d->cores) : SIZE_MAX;
    struct timeline_slots s;
    for (bool more = timeline_slots_first(w->timeline, record, &s); more;
         more = timeline_slots_next(&s))
        for (size_t first = 0; first == 0 || first < s.n_cores; ) {
            size_t n = s.n_cores - first < each ? s.n_cores - first : each;
            add_slots_entry(w, list, &s, first, n, first == 0);
            first += n ? n : 1;
        }
    cJSON_AddNumberToObject(slots, "cores_per_node",
                            platform_node(w->timeline->platform, 0)->n_slots);
    return slots;
}

static void add_demand(const struct session_writer *w, cJSON *description, const struct demand *d)
{
    bool rank = w->dialect == DIALECT_RANK;
    int threads = d->threads ? d->threads : d->cores;
    cJSON_AddNumberToObject(description, "cpu_processes", rank ? 0 : d->ranks);
    cJSON_AddNumberToObject(description, "cpu_threads", rank ? 0 : threads);
    cJSON_AddNumberToObject(description, "gpu_processes", rank ? 0 : d->gpus);
    cJSON_AddStringToObject(description, "cpu_process_type",
                            d->ranks > 1 && !d->one_node ? "MPI" : "POSIX");
    if (!rank)
        return;
    cJSON_AddNumberToObject(description, "ranks", d->ranks);
    cJSON_AddNumberToObject(description, "cores_per_rank", threads);
    cJSON_AddNumberToObject(description, "gpus_per_rank",
                            d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU);
}

static cJSON *task_json(const struct session_writer *w, size_t record)
{
    const struct workflow *flow = w->timeline->workflow;
    uint32_t task = w->timeline->records[record].task;
    const struct task_set *set = &flow->sets[workflow_set_of_task(flow, task)];
    const char *final = session_writer_state((enum task_status)w->timeline->status[record]);
    char *uid = session_writer_uid(w, record),
         *name = w->entk ? entk_name(flow, task) : xstrdup("");
    cJSON *object = cJSON_CreateObject(),
          *description = cJSON_AddObjectToObject(object, "description");
    cJSON_AddStringToObject(object, "uid", uid);
    cJSON_AddStringToObject(description, "name", name);
    add_demand(w, description, &set->traits->demand);
    cJSON_AddStringToObject(description, "executable", w->sleeps ? "/bin/sleep" : "work");
    cJSON *arguments = cJSON_AddArrayToObject(description, "arguments");
    if (w->sleeps && set->durations) {
        char *seconds = str_format("%.17g", set->durations[task - set->first_task]);
        cJSON_AddItemToArray(arguments, cJSON_CreateString(seconds));
        free(seconds);
    }
    cJSON_AddItemToObject(object, "slots", slots_of(w, record, &set->traits->demand));
    cJSON_AddStringToObject(object, "state", final ? final : "AGENT_EXECUTING");
    if (w->timeline->status[record] == TASK_DONE || w->timeline->status[record] == TASK_FAILED)
        cJSON_AddNumberToObject(object, "exit_code", w->timeline->status[record] == TASK_FAILED);
    free(uid);
    free(name);
    return object;
}

static cJSON *node_list(const struct session_writer *w)
{
    const struct platform *p = w->timeline->platform;
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < p->n_nodes; i++) {
        char *name = platform_node_name(p, i), *uid = str_format("%zu", i + 1);
        cJSON *node = w->dialect == DIALECT_RANK ? cJSON_CreateObject() : cJSON_CreateArray();
        if (w->dialect == DIALECT_RANK) {
            cJSON_AddStringToObject(node, "node_name", name);
            cJSON_AddStringToObject(node, "node_id", uid);
        } else {
            cJSON_AddItemToArray(node, cJSON_CreateString(name));
            cJSON_AddItemToArray(node, cJSON_CreateString(uid));
        }
        cJSON_AddItemToArray(list, node);
        free(name);
        free(uid);
    }
    return list;
}

static cJSON *pilot_json(const struct session_writer *w)
{
    const struct node_shape *shape = platform_node(w->timeline->platform, 0);
    cJSON *pilots = cJSON_CreateArray(), *pilot = cJSON_CreateObject();
    cJSON_AddItemToArray(pilots, pilot);
    cJSON *description = cJSON_AddObjectToObject(pilot, "description");
    cJSON_AddStringToObject(description, "resource", w->timeline->platform->name);
    cJSON_AddNumberToObject(description, "runtime", 60);
    cJSON *config = cJSON_AddObjectToObject(pilot, "cfg");
    cJSON_AddStringToObject(config, "task_launch_method", "JSRUN");
    cJSON *info =
        cJSON_AddObjectToObject(cJSON_AddObjectToObject(pilot, "resource_details"), "rm_info");
    cJSON_AddNumberToObject(info, "cores_per_node", shape->n_slots);
    cJSON_AddNumberToObject(info, "gpus_per_node", shape->n_gpus);
    cJSON_AddNumberToObject(
        info, "smt", w->timeline->platform->slot_kind == SLOT_THREAD ? shape->threads_per_core : 1);
    cJSON_AddItemToObject(info, "node_list", node_list(w));
    return pilots;
}

int session_writer_json(const struct session_writer *w, const char *folder, const char *name,
                        struct error *err)
{
    cJSON *root = cJSON_CreateObject(),
          *tasks = cJSON_AddArrayToObject(root, session_writer_is_unit(w) ? "unit" : "task");
    for (size_t i = 0; i < w->timeline->n; i++)
        cJSON_AddItemToArray(tasks, task_json(w, i));
    cJSON_AddItemToObject(root, "pilot", pilot_json(w));
    char *text = cJSON_PrintUnformatted(root), *path = str_format("%s/%s.json", folder, name);
    int failed = file_save(path, text, strlen(text), err);
    free(path);
    free(text);
    cJSON_Delete(root);
    return failed;
}
