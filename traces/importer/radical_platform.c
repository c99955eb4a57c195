#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

enum {                                   /* Summit and Lassen, where a session does not say: */
    SUMMIT_THREADS = 4,                  /* threads of a core, if it counts threads: */
    SUMMIT_SLOTS = 100                   /* a node has more than this then */
};

/* 0: the session does not say. */
static int find_threads_per_core(const struct radical_pilot *pilot)
{
    const cJSON *architecture =
        value_at(value_at(pilot->config, "resource_cfg"), "system_architecture");
    int smt = radical_count(pilot->resources, "smt", 0);
    smt = smt ? smt : radical_count(pilot->resources, "threads_per_core", 0);
    smt = smt ? smt : radical_count(architecture, "smt", 0);
    return smt <= 16 ? smt : 0;
}

/* Slots are threads if a node's number of them divides by the threads of a core. One too few (167
 * of 168 on Summit) is a slot that the session kept to itself; any other remainder says that slots
 * are cores. */
static void settle_threads(struct radical *r, int *slots)
{
    const char *resource = r->session->resource;
    if (!r->threads_per_core && resource &&
        (strstr(resource, "summit") || strstr(resource, "lassen")) && *slots > SUMMIT_SLOTS)
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

struct ids_seen { bool core[NODE_MOST_SLOTS], gpu[NODE_MOST_GPUS]; int highest_core, highest_gpu; };

/* The ids that tasks had on nodes of a kind. */
static void see_ids(const struct radical *r, size_t kind, struct ids_seen *seen)
{
    *seen = (struct ids_seen){ .highest_core = -1, .highest_gpu = -1 };
    for (size_t i = 0; i < r->n_parts; i++) {
        const struct radical_part *p = &r->parts[i];
        if (radical_kind_of(r, p->node) != kind)
            continue;
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

/* Most tasks that run at once: the size of a platform without a description. */
static size_t most_at_once(const struct radical *r)
{
    struct infer_load *loads = xcalloc(2 * r->n + 1, sizeof *loads);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (isnan(r->tasks[i].started_s))
            continue;
        loads[n++] = (struct infer_load){ r->tasks[i].started_s, 1 };
        if (!isnan(r->tasks[i].stopped_s))
            loads[n++] = (struct infer_load){ r->tasks[i].stopped_s, -1 };
    }
    double most = infer_peak(loads, n);
    free(loads);
    return most > 1 ? (size_t)most : 1;
}

/* Cores of a node where a pilot of old did not say: from the machines' descriptions. */
static int known_cores(const char *resource)
{
    static const struct { const char *resource; int cores;
    } machines[] = {
        { "ncsa.bw", 32 },     { "ornl.titan", 16 },     { "xsede.supermic", 20 },
        { "xsede.comet", 24 }, { "xsede.stampede", 16 },
    };
    for (size_t i = 0; resource && i < sizeof machines / sizeof *machines; i++) {
        size_t n = strlen(machines[i].resource);
        if (!strncmp(resource, machines[i].resource, n) && (!resource[n] || resource[n] == '_'))
            return machines[i].cores;
    }
    return 0;
}

/* Slots and GPUs of a node that no list describes: from the resource manager, else from slots. */
static void node_size(struct radical *r, const struct radical_pilot *pilot, int *slots, int *gpus)
{
    int json_slots = 0, json_gpus = 0;
    for (size_t i = 0; i < r->n && !json_slots; i++) {
        const cJSON *given = value_at(r->tasks[i].json, "slots");
        json_slots = radical_count(given, "cores_per_node", 0);
        json_gpus = radical_count(given, "gpus_per_node", 0);
    }
    *slots = radical_count(pilot->resources, "cores_per_node", 0);
    *gpus = radical_count(pilot->resources, "gpus_per_node", 0);
    if (!*slots)
        *slots = json_slots ? json_slots : radical_count(pilot->config, "cores_per_node", 0);
    if (!*gpus)
        *gpus = json_gpus ? json_gpus : radical_count(pilot->config, "gpus_per_node", 0);
}

/* No node is smaller than the ids that were given on it. */
static void hold_seen(const struct ids_seen *seen, int *slots, int *gpus)
{
    *slots = *slots > seen->highest_core + 1 ? *slots : seen->highest_core + 1;
    *gpus = *gpus > seen->highest_gpu + 1 ? *gpus : seen->highest_gpu + 1;
    *slots = *slots > NODE_MOST_SLOTS ? NODE_MOST_SLOTS : *slots;
    *gpus = *gpus > NODE_MOST_GPUS ? NODE_MOST_GPUS : *gpus;
}

/* How many nodes hold the cores and GPUs that the pilot asked for. */
static size_t nodes_asked(const struct session *s, int slots, int gpus)
{
    size_t nodes = slots ? ((size_t)s->asked_cores + (size_t)slots - 1) / (size_t)slots : 0;
    size_t by_gpus = gpus ? ((size_t)s->asked_gpus + (size_t)gpus - 1) / (size_t)gpus : 0;
    return by_gpus > nodes ? by_gpus : nodes;
}

static void add_unnamed(struct radical *r, size_t nodes)
{
    nodes = nodes > RADICAL_MAX_NODES ? RADICAL_MAX_NODES : nodes;
    for (size_t i = r->n_nodes; i < nodes; i++) {
        xgrow(&r->node_names, &r->nodes_room, i + 1, sizeof *r->node_names);
        r->node_names[r->n_nodes++] = str_format("node%zu", i);
    }
}

/* Nodes that were never named: as many as cores and GPUs asked for, else as tasks at once. */
static void invent_nodes(struct radical *r, int *slots, int gpus)
{
    const struct session *s = r->session;
    size_t nodes = 1;
    if (!*slots && s->asked_cores) {
        *slots = known_cores(s->resource);
        session_note(r->session, *slots > 0, "cores of a node",
                     "not recorded: those of the machine that the resource names");
    }
    if (*slots && (s->asked_cores || s->asked_gpus)) {
        nodes = nodes_asked(s, *slots, gpus);
    } else if (!*slots) {
        size_t most = most_at_once(r);
        nodes = (most + NODE_MOST_SLOTS - 1) / NODE_MOST_SLOTS;
        *slots = (int)((most + nodes - 1) / nodes);
    }
    nodes = nodes > RADICAL_MAX_NODES ? RADICAL_MAX_NODES : nodes ? nodes : 1;
    session_note(r->session, nodes, "nodes",
                 s->asked_cores ? "not named anywhere: as many as the pilot asked for"
                                : "not named anywhere: as many slots as tasks ran at once");
    add_unnamed(r, nodes);
}

/* Without a node list, slots name the nodes that ran a task; the pilot may have had more. */
static void add_idle_nodes(struct radical *r, int slots, int gpus)
{
    size_t asked = nodes_asked(r->session, slots, gpus), named = r->n_nodes;
    if (r->has_node_list || asked <= named)
        return;
    add_unnamed(r, asked);
    session_note(r->session, r->n_nodes - named, "nodes",
                 "asked for by the pilot, but named in no task's slots: no task ran there");
}

/* A slot that no task ever had though higher ones were given was skipped: lowest free ids are given
 * first. */
static void set_blocked(struct node_shape *shape, const struct ids_seen *seen,
                        const struct radical_room *room)
{
    shape->blocked = xcalloc(NODE_MOST_SLOTS, sizeof *shape->blocked);
    for (int id = 0; id < shape->n_slots; id++)
        if ((id < seen->highest_core && !seen->core[id]) ||
            (room && room->down[id] && !seen->core[id]))
            shape->blocked[shape->n_blocked++] = id;
    if (shape->n_blocked ==
        (size_t)shape->n_slots) /* all down: platforms refuse a node without a slot */
        shape->n_blocked = 0;
}

struct sizes { int slots, gpus; };       /* of nodes of one kind */

static void add_shape(const struct radical *r, struct platform *p, const struct ids_seen *seen,
                      const struct radical_room *room, struct sizes size)
{
    struct node_shape *shape = &p->shapes[p->n_shapes];
    *shape = (struct node_shape){ .name = p->n_shapes ? str_format("node%zu-", p->n_shapes + 1)
                                                      : xstrdup("node"),
                                  .cores = size.slots / r->threads_per_core,
                                  .threads_per_core = r->threads_per_core,
                                  .n_slots = size.slots,
                                  .n_gpus = size.gpus,
                                  .memory_mib = room ? room->memory_mib : 0 };
    set_blocked(shape, seen, room);
    p->n_shapes++;
}

/* The kinds that nodes have, 0 for those without a room: `used` by kind. */
static bool *kinds_used(const struct radical *r)
{
    bool *used = xcalloc(r->n_kinds + 1, sizeof *used);
    for (size_t i = 0; i < r->n_nodes; i++)
        used[radical_kind_of(r, i)] = true;
    return used;
}

static struct platform *new_platform(struct radical *r)
{
    struct platform *p = xcalloc(1, sizeof *p);
    const char *resource = r->session->resource;
    p->name = xstrdup(resource ? resource : "platform");
    p->shapes = xcalloc(r->n_kinds + 1, sizeof *p->shapes);
    p->n_nodes = r->n_nodes;
    p->shape_of = xcalloc(p->n_nodes, sizeof *p->shape_of);
    p->source = str_format("session %s", r->session->name);
    return p;
}

/* One shape for each kind of node in use. */
static void build_platform(struct radical *r, struct ids_seen *seen, struct sizes unlisted)
{
    struct platform *p = new_platform(r);
    bool *used = kinds_used(r);
    for (size_t k = 0; k <= r->n_kinds; k++) {
        const struct radical_room *room = k ? &r->kinds[k - 1] : NULL;
        struct sizes size = room ? (struct sizes){ room->slots, room->gpus } : unlisted;
        if (!used[k])
            continue;
        see_ids(r, k, seen);
        hold_seen(seen, &size.slots, &size.gpus);
        settle_threads(r, &size.slots);
        for (size_t i = 0; i < r->n_nodes; i++)
            if (radical_kind_of(r, i) == k)
                p->shape_of[i] = (uint16_t)p->n_shapes;
        add_shape(r, p, seen, room, size);
        r->session->highest_slot_seen = k && p->n_shapes > 1 ? -1 : seen->highest_core;
    }
    for (size_t k = 0; k < p->n_shapes && r->threads_per_core == 1; k++) {
        /* one of unlike nodes showed that slots are cores */
        p->shapes[k].cores = p->shapes[k].n_slots;
        p->shapes[k].threads_per_core = 1;
    }
    p->slot_kind = r->threads_per_core > 1 ? SLOT_THREAD : SLOT_CORE;
    p->node_names = r->node_names;
    r->node_names = NULL;
    r->session->platform = p;
    free(used);
}

void radical_platform(struct radical *r)
{
    const struct radical_pilot none = { 0 },
                               *pilot = r->layout.n_pilots ? &r->layout.pilots[0] : &none;
    struct ids_seen *seen = xcalloc(1, sizeof *seen);
    struct sizes size;
    r->threads_per_core = find_threads_per_core(pilot);
    node_size(r, pilot, &size.slots, &size.gpus);
    see_ids(r, 0, seen);
    hold_seen(seen, &size.slots, &size.gpus);
    if (!r->n_nodes)
        invent_nodes(r, &size.slots, size.gpus);
    else
        add_idle_nodes(r, size.slots, size.gpus);
    build_platform(r, seen, size);
    free(seen);
}
