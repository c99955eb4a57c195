/* A platform as JSON: docs/formats.md. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/platform.h"

static const char *const platform_fields[] = {
    "name", "slots", "nodes", "machine_nodes", "retired", "scheduler", "queues", "source", NULL
};
static const char *const node_fields[] = { "name", "count", "cores", "threads_per_core", "gpus", "memory_mib", "blocked", "names", NULL };
static const char *const queue_fields[] = { "name", "min_nodes", "max_nodes", "max_walltime", "charge_factor", NULL };
static const char *const slot_names[] = { "cores", "threads", NULL };
static const char *const scheduler_names[] = { "slurm", "pbs", "lsf", NULL };

enum { MOST_SLOTS = 1024, MOST_NODES = 10000000, MOST_SHAPES = 65535 };

/* A slot id, or {"from": 84, "to": 87}. */
static int read_blocked_one(const struct json *at, struct node_shape *shape, struct error *err)
{
    static const char *const fields[] = { "from", "to", NULL };
    int64_t from = 0, to = 0;
    if (cJSON_IsNumber(at->value)) {
        if (json_as_int(at, 0, shape->n_slots - 1, &from, err) != 0)
            return -1;
        to = from;
    } else if (json_expect_object(at, fields, err) != 0 || json_need_int(at, "from", 0, shape->n_slots - 1, &from, err) != 0 ||
               json_need_int(at, "to", from, shape->n_slots - 1, &to, err) != 0) {
        return -1;
    }
    for (int64_t slot = from; slot <= to; slot++) {
        if (shape->n_blocked > 0 && shape->blocked[shape->n_blocked - 1] >= slot)
            return json_error(at, err, "slots must ascend; %lld comes after %d", (long long)slot, shape->blocked[shape->n_blocked - 1]);
        shape->blocked[shape->n_blocked++] = (int)slot;
    }
    return 0;
}

static int read_blocked(const struct json *at, struct node_shape *shape, struct error *err)
{
    struct json blocked = json_member(at, "blocked");
    shape->blocked = xcalloc((size_t)shape->n_slots + 1, sizeof *shape->blocked);
    if (!blocked.value)
        return 0;
    if (json_expect_array(&blocked, err) != 0)
        return -1;
    for (struct json e = json_first(&blocked); e.value; e = json_next(&e))
        if (read_blocked_one(&e, shape, err) != 0)
            return -1;
    return node_shape_usable(shape) > 0 ? 0 : json_error(&blocked, err, "blocks all %d slots of the node", shape->n_slots);
}

static int read_shape(const struct json *at, const struct platform *p, struct node_shape *shape, struct error *err)
{
    const char *name = "node";
    int64_t cores = 0, threads = 1, gpus = 0, memory = 0;
    if (json_expect_object(at, node_fields, err) != 0 || json_get_string(at, "name", &name, err) != 0 ||
        json_need_int(at, "cores", 1, MOST_SLOTS, &cores, err) != 0 || json_get_int(at, "threads_per_core", 1, 16, &threads, err) != 0 ||
        json_get_int(at, "gpus", 0, 64, &gpus, err) != 0 || json_get_int(at, "memory_mib", 1, INT64_C(1) << 40, &memory, err) != 0)
        return -1;
    shape->name = xstrdup(name);
    shape->cores = (int)cores;
    shape->threads_per_core = (int)threads;
    shape->n_slots = (int)(p->slot_kind == SLOT_THREAD ? cores * threads : cores);
    shape->n_gpus = (int)gpus;
    shape->memory_mib = memory;
    if (shape->n_slots > MOST_SLOTS)
        return json_error(at, err, "has %d slots; at most %d are held", shape->n_slots, MOST_SLOTS);
    return read_blocked(at, shape, err);
}

/* Names of the nodes, if any shape gives them; then all must. */
static int read_node_names(const struct json *at, struct platform *p, size_t first, size_t count, struct error *err)
{
    struct json names = json_member(at, "names");
    if (!names.value)
        return p->node_names && first > 0 ? json_error(at, err, "needs `names` too: the nodes before have names of their own") : 0;
    if (json_expect_array(&names, err) != 0)
        return -1;
    if (json_count(&names) != count)
        return json_error(&names, err, "has %zu names for %zu nodes", json_count(&names), count);
    if (!p->node_names && first > 0)
        return json_error(&names, err, "is given here but not for the nodes before");
    p->node_names = xrealloc(p->node_names, first + count, sizeof *p->node_names);
    p->n_nodes = first;                                  /* nodes with a name belong to the platform, whatever happens next */
    for (struct json e = json_first(&names); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        p->node_names[p->n_nodes++] = xstrdup(name);
    }
    return 0;
}

static int read_nodes(const struct json *at, struct platform *p, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    if (json_count(at) == 0 || json_count(at) > MOST_SHAPES)
        return json_error(at, err, "must list 1 to %d kinds of node", MOST_SHAPES);
    p->shapes = xcalloc(json_count(at), sizeof *p->shapes);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        int64_t count = 1;
        size_t first = p->n_nodes;
        p->n_shapes++;
        if (read_shape(&e, p, &p->shapes[e.index], err) != 0 || json_get_int(&e, "count", 1, MOST_NODES, &count, err) != 0)
            return -1;
        if (first + (size_t)count > MOST_NODES)
            return json_error(&e, err, "makes more than %d nodes in all", MOST_NODES);
        if (read_node_names(&e, p, first, (size_t)count, err) != 0)
            return -1;
        p->shape_of = xrealloc(p->shape_of, first + (size_t)count, sizeof *p->shape_of);
        for (size_t n = first; n < first + (size_t)count; n++)
            p->shape_of[n] = (uint16_t)e.index;
        p->n_nodes = first + (size_t)count;
    }
    return 0;
}

static int check_node_names(const struct json *at, const struct platform *p, struct error *err)
{
    struct name_index *names = name_index_new();
    int status = 0;
    for (size_t n = 0; p->node_names && n < p->n_nodes && status == 0; n++)
        if (name_index_add(names, p->node_names[n], (int)n) >= 0)
            status = json_error(at, err, "two nodes are called '%s'", p->node_names[n]);
    name_index_free(names);
    return status;
}

static int read_queues(const struct json *root, struct platform *p, struct error *err)
{
    struct json at = json_member(root, "queues");
    if (!at.value)
        return 0;
    if (json_expect_array(&at, err) != 0)
        return -1;
    p->queues = xcalloc(json_count(&at) + 1, sizeof *p->queues);
    for (struct json e = json_first(&at); e.value; e = json_next(&e)) {
        struct queue_rule *q = &p->queues[p->n_queues];
        const char *name;
        int64_t min = 1, max = MOST_NODES;
        q->charge_factor = 1;
        if (json_expect_object(&e, queue_fields, err) != 0 || json_need_string(&e, "name", &name, err) != 0 ||
            json_get_int(&e, "min_nodes", 1, MOST_NODES, &min, err) != 0 ||
            json_get_int(&e, "max_nodes", min, MOST_NODES, &max, err) != 0 ||
            json_need_number(&e, "max_walltime", 1, 1e9, &q->max_walltime_s, err) != 0 ||
            json_get_number(&e, "charge_factor", 0, 1e6, &q->charge_factor, err) != 0)
            return -1;
        q->name = xstrdup(name);
        q->min_nodes = (int)min;
        q->max_nodes = (int)max;
        p->n_queues++;
    }
    return 0;
}

static int read_platform(const struct json *at, struct platform *p, struct error *err)
{
    const char *name = "platform", *source = NULL;
    int slots = SLOT_CORE, scheduler = -1;
    int64_t machine = 0;
    struct json nodes;
    if (json_expect_object(at, platform_fields, err) != 0 || json_get_string(at, "name", &name, err) != 0 ||
        json_get_string(at, "source", &source, err) != 0 || json_get_choice(at, "slots", slot_names, &slots, err) != 0 ||
        json_get_choice(at, "scheduler", scheduler_names, &scheduler, err) != 0 ||
        json_get_bool(at, "retired", &p->retired, err) != 0 || json_get_int(at, "machine_nodes", 1, MOST_NODES, &machine, err) != 0)
        return -1;
    p->name = xstrdup(name);
    p->source = source ? xstrdup(source) : NULL;
    p->scheduler = scheduler >= 0 ? xstrdup(scheduler_names[scheduler]) : NULL;
    p->slot_kind = (enum slot_kind)slots;
    p->machine_nodes = (size_t)machine;
    nodes = json_member(at, "nodes");
    if (!nodes.value)
        return json_error(at, err, "needs `nodes`: [{\"count\": 16, \"cores\": 42, \"gpus\": 6}]");
    if (read_nodes(&nodes, p, err) != 0 || check_node_names(&nodes, p, err) != 0)
        return -1;
    if (machine > 0 && p->n_nodes > (size_t)machine)
        return json_error(at, err, "lists %zu nodes of a machine of %lld", p->n_nodes, (long long)machine);
    return read_queues(at, p, err);
}

struct platform *platform_from_json(const struct json *at, struct error *err)
{
    struct platform *p = xcalloc(1, sizeof *p);
    if (read_platform(at, p, err) == 0)
        return p;
    platform_free(p);
    return NULL;
}

struct platform *platform_load(const char *path, struct error *err)
{
    struct json_document *doc = json_load(path, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, err);
    json_free(doc);
    return p;
}

static cJSON *save_shape(const struct platform *p, size_t first, size_t count)
{
    const struct node_shape *s = platform_node(p, first);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", s->name);
    cJSON_AddNumberToObject(out, "count", (double)count);
    cJSON_AddNumberToObject(out, "cores", s->cores);
    if (s->threads_per_core != 1)
        cJSON_AddNumberToObject(out, "threads_per_core", s->threads_per_core);
    if (s->n_gpus > 0)
        cJSON_AddNumberToObject(out, "gpus", s->n_gpus);
    if (s->memory_mib > 0)
        cJSON_AddNumberToObject(out, "memory_mib", (double)s->memory_mib);
    if (s->n_blocked > 0)
        cJSON_AddItemToObject(out, "blocked", cJSON_CreateIntArray(s->blocked, (int)s->n_blocked));
    if (p->node_names)
        cJSON_AddItemToObject(out, "names", cJSON_CreateStringArray((const char *const *)p->node_names + first, (int)count));
    return out;
}

static cJSON *save_queue(const struct queue_rule *q)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", q->name);
    cJSON_AddNumberToObject(out, "min_nodes", q->min_nodes);
    cJSON_AddNumberToObject(out, "max_nodes", q->max_nodes);
    cJSON_AddNumberToObject(out, "max_walltime", q->max_walltime_s);
    cJSON_AddNumberToObject(out, "charge_factor", q->charge_factor);
    return out;
}

cJSON *platform_to_json(const struct platform *p)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", p->name);
    if (p->source)
        cJSON_AddStringToObject(out, "source", p->source);
    cJSON_AddStringToObject(out, "slots", slot_names[p->slot_kind]);
    if (p->machine_nodes > 0)
        cJSON_AddNumberToObject(out, "machine_nodes", (double)p->machine_nodes);
    if (p->retired)
        cJSON_AddBoolToObject(out, "retired", true);
    if (p->scheduler)
        cJSON_AddStringToObject(out, "scheduler", p->scheduler);
    cJSON *nodes = cJSON_AddArrayToObject(out, "nodes");
    for (size_t n = 0, first = 0; n < p->n_nodes; n++)
        if (n + 1 == p->n_nodes || p->shape_of[n + 1] != p->shape_of[n]) {
            cJSON_AddItemToArray(nodes, save_shape(p, first, n + 1 - first));
            first = n + 1;
        }
    cJSON *queues = p->n_queues > 0 ? cJSON_AddArrayToObject(out, "queues") : NULL;
    for (size_t q = 0; q < p->n_queues; q++)
        cJSON_AddItemToArray(queues, save_queue(&p->queues[q]));
    return out;
}
