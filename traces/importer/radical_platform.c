#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

enum {                                   /* Summit and Lassen, where a session does not say: */
    SUMMIT_THREADS = 4,                  /* threads of a core, if it counts threads: */
    SUMMIT_SLOTS = 100                   /* a node has more than this then */
};

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static int count_of(const cJSON *object, const char *key)
{
    const cJSON *v = member(object, key);
    return cJSON_IsNumber(v) && v->valuedouble >= 1 && v->valuedouble <= 1e6 ? (int)v->valuedouble : 0;
}

/* 0: the session does not say. */
static int find_threads_per_core(const cJSON *root)
{
    const cJSON *pilot = cJSON_GetArrayItem(member(root, "pilot"), 0);
    const cJSON *info = member(member(pilot, "resource_details"), "rm_info");
    const cJSON *architecture = member(member(member(pilot, "cfg"), "resource_cfg"), "system_architecture");
    int smt = count_of(info, "smt");
    smt = smt ? smt : count_of(info, "threads_per_core");
    smt = smt ? smt : count_of(architecture, "smt");
    return smt <= 16 ? smt : 0;
}

/* Slots are threads if a node's number of them divides by the threads of a core. One too few (167 of 168 on Summit) is a slot that the
 * session kept to itself; any other remainder says that slots are cores. */
static void settle_threads(struct radical *r, int *slots)
{
    const char *resource = r->session->resource;
    if (!r->threads_per_core && resource && (strstr(resource, "summit") || strstr(resource, "lassen")) && *slots > SUMMIT_SLOTS)
        r->threads_per_core = SUMMIT_THREADS;
    if (r->threads_per_core < 1)
        r->threads_per_core = 1;
    int rest = *slots % r->threads_per_core;
    if (rest && rest == r->threads_per_core - 1)
        ++*slots;
    else if (rest)
        r->threads_per_core = 1;
    if (*slots < 1)
        *slots = r->threads_per_core;
}

struct ids_seen { bool core[RADICAL_MAX_SLOTS], gpu[RADICAL_MAX_GPUS]; int highest_core, highest_gpu; };

static void see_ids(const struct radical *r, struct ids_seen *seen)
{
    *seen = (struct ids_seen){ .highest_core = -1, .highest_gpu = -1 };
    for (size_t i = 0; i < r->n_parts; i++) {
        const struct radical_part *p = &r->parts[i];
        for (uint32_t k = 0; k < p->n_cores; k++) {
            int id = r->ids[p->first_core + k];
            seen->core[id] = true;
            seen->highest_core = id > seen->highest_core ? id : seen->highest_core;
        }
        for (uint32_t k = 0; k < p->n_gpus; k++) {
            int id = r->ids[p->first_gpu + k];
            seen->gpu[id] = true;
            seen->highest_gpu = id > seen->highest_gpu ? id : seen->highest_gpu;
        }
    }
}

/* Most tasks that run at once: the size of a platform nobody described. */
static size_t most_at_once(const struct radical *r)
{
    double *starts = xcalloc(r->n + 1, sizeof *starts), *stops = xcalloc(r->n + 1, sizeof *stops);
    size_t n = 0, n_stops = 0, stopped = 0, most = 1;
    for (size_t i = 0; i < r->n; i++) {
        if (isnan(r->tasks[i].started_s))
            continue;
        starts[n++] = r->tasks[i].started_s;
        if (!isnan(r->tasks[i].stopped_s))
            stops[n_stops++] = r->tasks[i].stopped_s;
    }
    sort_doubles(starts, n);
    sort_doubles(stops, n_stops);
    for (size_t i = 0; i < n; i++) {
        while (stopped < n_stops && stops[stopped] <= starts[i])     /* ends before starts at one instant */
            stopped++;
        most = i + 1 > stopped + most ? i + 1 - stopped : most;
    }
    free(starts);
    free(stops);
    return most;
}

/* How many slots and GPUs a node has, from the resource manager, else from slots and requests. */
static void node_size(struct radical *r, const cJSON *root, const struct ids_seen *seen, int *slots, int *gpus)
{
    const cJSON *pilot = cJSON_GetArrayItem(member(root, "pilot"), 0);
    const cJSON *info = member(member(pilot, "resource_details"), "rm_info");
    int json_slots = 0, json_gpus = 0;
    for (size_t i = 0; i < r->n && !json_slots; i++) {
        json_slots = count_of(member(r->tasks[i].json, "slots"), "cores_per_node");
        json_gpus = count_of(member(r->tasks[i].json, "slots"), "gpus_per_node");
    }
    r->session->json_slots_per_node = json_slots;
    *slots = count_of(info, "cores_per_node");
    *gpus = count_of(info, "gpus_per_node");
    if (!*slots)
        *slots = json_slots ? json_slots : count_of(member(pilot, "cfg"), "cores_per_node");
    if (!*gpus)
        *gpus = json_gpus ? json_gpus : count_of(member(pilot, "cfg"), "gpus_per_node");
    *slots = *slots > seen->highest_core + 1 ? *slots : seen->highest_core + 1;
    *gpus = *gpus > seen->highest_gpu + 1 ? *gpus : seen->highest_gpu + 1;
    *slots = *slots > RADICAL_MAX_SLOTS ? RADICAL_MAX_SLOTS : *slots;
    *gpus = *gpus > RADICAL_MAX_GPUS ? RADICAL_MAX_GPUS : *gpus;
}

/* Nodes that were never named: as many as cores and GPUs asked for, else as tasks at once. */
static void invent_nodes(struct radical *r, int *slots, int gpus)
{
    const struct session *s = r->session;
    size_t nodes = 1;
    if (*slots && (s->asked_cores || s->asked_gpus)) {
        nodes = ((size_t)s->asked_cores + (size_t)*slots - 1) / (size_t)*slots;
        size_t by_gpus = gpus ? ((size_t)s->asked_gpus + (size_t)gpus - 1) / (size_t)gpus : 0;
        nodes = by_gpus > nodes ? by_gpus : nodes;
    } else if (!*slots) {
        size_t most = most_at_once(r);
        nodes = (most + RADICAL_MAX_SLOTS - 1) / RADICAL_MAX_SLOTS;
        *slots = (int)((most + nodes - 1) / nodes);
    }
    nodes = nodes > RADICAL_MAX_NODES ? RADICAL_MAX_NODES : nodes ? nodes : 1;
    session_note(r->session, nodes, "nodes", s->asked_cores ? "not named anywhere: as many as the pilot asked for"
                                                            : "not named anywhere: as many slots as tasks ran at once");
    for (size_t i = r->n_nodes; i < nodes; i++) {
        xgrow(&r->node_names, &r->nodes_room, i + 1, sizeof *r->node_names);
        r->node_names[r->n_nodes++] = str_format("node%zu", i);
    }
}

/* A slot that no task ever had though higher ones were given was skipped: lowest free ids are given first. */
static void set_blocked(struct node_shape *shape, const struct ids_seen *seen)
{
    shape->blocked = xcalloc(RADICAL_MAX_SLOTS, sizeof *shape->blocked);
    for (int id = 0; id < seen->highest_core; id++)
        if (!seen->core[id])
            shape->blocked[shape->n_blocked++] = id;
}

static void build_platform(struct radical *r, const struct ids_seen *seen, int slots, int gpus)
{
    struct platform *p = xcalloc(1, sizeof *p);
    const char *resource = r->session->resource;
    p->name = xstrdup(resource ? resource : "platform");
    p->slot_kind = r->threads_per_core > 1 ? SLOT_THREAD : SLOT_CORE;
    p->n_shapes = 1;
    p->shapes = xcalloc(1, sizeof *p->shapes);
    p->shapes[0] = (struct node_shape){ .name = xstrdup("node"), .cores = slots / r->threads_per_core,
                                        .threads_per_core = r->threads_per_core, .n_slots = slots, .n_gpus = gpus };
    set_blocked(&p->shapes[0], seen);
    p->n_nodes = r->n_nodes;
    p->shape_of = xcalloc(p->n_nodes, sizeof *p->shape_of);
    p->node_names = r->node_names;
    r->node_names = NULL;
    p->source = str_format("session %s", r->session->name);
    r->session->platform = p;
    r->session->highest_slot_seen = seen->highest_core;
}

void radical_platform(struct radical *r)
{
    struct json place = r->document ? json_root(r->document) : (struct json){ 0 };
    struct ids_seen *seen = xcalloc(1, sizeof *seen);
    int slots, gpus;

    r->threads_per_core = find_threads_per_core(place.value);
    see_ids(r, seen);
    node_size(r, place.value, seen, &slots, &gpus);
    if (!r->n_nodes)
        invent_nodes(r, &slots, gpus);
    settle_threads(r, &slots);
    build_platform(r, seen, slots, gpus);
    free(seen);
}
