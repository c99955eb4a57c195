/* The nodes of a platform's file. */
#include "core/platform_impl.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/name_index.h"

/* ---- a kind of node ---- */

struct node_kind {                       /* as a file writes it */
    struct node_shape shape;
    size_t count, n_names;
    char **names;
};

/* A slot id, or {"from": 84, "to": 87}. */
static int read_blocked_one(const struct json *at, struct node_shape *shape, size_t *room,
                            struct error *err)
{
    static const char *const fields[] = { "from", "to", NULL };
    int64_t from = 0, to = 0;
    bool one = cJSON_IsNumber(at->value);
    if (one ? json_as_int(at, 0, NODE_MOST_SLOTS - 1, &from, err) != 0
            : json_expect_object(at, fields, err) != 0 ||
              json_need_int(at, "from", 0, NODE_MOST_SLOTS - 1, &from, err) != 0 ||
              json_need_int(at, "to", from, NODE_MOST_SLOTS - 1, &to, err) != 0)
        return -1;
    to = one ? from : to;
    int last = shape->n_blocked > 0 ? shape->blocked[shape->n_blocked - 1] : -1;
    if (last >= from)
        return json_error(at, err, "slots must ascend; %lld comes after %d", (long long)from, last);
    xgrow(&shape->blocked, room, shape->n_blocked + (size_t)(to - from + 1),
          sizeof *shape->blocked);
    for (int64_t slot = from; slot <= to; slot++)
        shape->blocked[shape->n_blocked++] = (int)slot;
    return 0;
}

static int read_blocked(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    struct node_kind *kind = object;
    size_t room = 0;
    (void)f;
    if (json_expect_array(at, err) != 0)
        return -1;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (read_blocked_one(&e, &kind->shape, &room, err) != 0)
            return -1;
    return 0;
}

static const struct schema_type blocked_slots = {
    .words = "list of slot ids and ranges",
    .read = read_blocked,
    .like = &schema_integers,
    .json = "{\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"integer\", \"minimum\": "
            "0}, {\"type\": \"object\", \"properties\": {\"from\": {\"type\": \"integer\"}, "
            "\"to\": {\"type\": \"integer\"}}, \"required\": [\"from\", \"to\"]}]}}",
};

#define POWER(member) SCHEMA_AT(struct node_power, member), .max = 1e6
static const struct schema_field power_fields[] = {
    { "idle", &schema_number, POWER(idle_w), .required = true,
      .help = "W of a node that does nothing" },
    { "core", &schema_number, POWER(core_w), .always = true,
      .help = "W more for each core that a task keeps busy" },
    { "gpu", &schema_number, POWER(gpu_w), .always = true,
      .help = "W more for each GPU that a task keeps busy" },
};

static const struct schema node_power = { "power", SCHEMA_FIELDS(power_fields),
                                          .size = sizeof(struct node_power),
                                          .title = "Power of a node",
                                          SCHEMA_PRESENT(struct node_power, known) };

#define KIND(member) SCHEMA_AT(struct node_kind, member)

static const struct schema_field kind_fields[] = {
    { "name", &schema_text, KIND(shape.name), .otherwise = "node", .always = true,
      .help = "nodes are called name + number, from 0" },
    { "count", &schema_integer, KIND(count), .min = 1, .max = PLATFORM_MOST_NODES, .initial = 1,
      .always = true, .help = "how many" },
    { "cores", &schema_integer, KIND(shape.cores), .min = 1, .max = NODE_MOST_SLOTS,
      .required = true, .help = "cores" },
    { "threads_per_core", &schema_integer, KIND(shape.threads_per_core), .min = 1,
      .max = NODE_MOST_THREADS_PER_CORE, .initial = 1,
      .help =
          "hardware threads of a core. At most " RESOURCE_DIGITS(NODE_MOST_SLOTS) " slots a node" },
    { "gpus", &schema_integer, KIND(shape.n_gpus), .min = 0, .max = NODE_MOST_GPUS,
      .help = "in the presets what the batch system counts: on Frontier a GCD, on Aurora a tile" },
    { "memory_mib", &schema_integer, KIND(shape.memory_mib), .unit = QUANTITY_MIB, .min = 1,
      .max = MEMORY_MOST_MIB, .otherwise = "not known",
      .help = "not known: no limit; a workflow that asks for memory gets a note" },
    { "blocked", &blocked_slots, KIND(shape.blocked),
      .count = offsetof(struct node_kind, shape.n_blocked),
      .help = "slots that are never given to tasks: ids from 0, ascending, or `{\"from\": 84, "
              "\"to\": 87}`" },
    { "power", &schema_object, KIND(shape.power), .of = &node_power,
      .help = "what it draws, below; without it no energy is reported" },
    { "joins", &schema_number, KIND(shape.joins_s), .unit = QUANTITY_SECONDS,
      .max = DURATION_LARGEST_S,
      .help = "seconds after the session's start from which these nodes take tasks" },
    { "names", &schema_texts, KIND(names), .count = offsetof(struct node_kind, n_names),
      .help = "a name for each node, all different; then every kind must give them" },
};
const struct schema platform_node_kind = { "node", SCHEMA_FIELDS(kind_fields),
                                           .size = sizeof(struct node_kind),
                                         .title = "A kind of node" };

static int check_slots(const struct json *at, const struct platform *p, struct node_shape *s,
                       struct error *err)
{
    struct json blocked = json_member(at, "blocked");
    s->n_slots = p->slot_kind == SLOT_THREAD ? s->cores * s->threads_per_core : s->cores;
    if (s->n_slots > NODE_MOST_SLOTS)
        return json_error(at, err, "has %d slots; at most %d are held", s->n_slots,
                          NODE_MOST_SLOTS);
    if (s->n_blocked > 0 && s->blocked[s->n_blocked - 1] >= s->n_slots)
        return json_error(&blocked, err, "slot %d is beyond the node's slots, 0 to %d",
                          s->blocked[s->n_blocked - 1], s->n_slots - 1);
    return node_shape_usable(s) > 0
               ? 0
               : json_error(&blocked, err, "blocks all %d slots of the node", s->n_slots);
}

/* Names of the nodes, if any shape gives them; then all must. */
static int check_names(const struct json *at, const struct platform *p,
                       const struct node_kind *kind, struct error *err)
{
    struct json names = json_member(at, "names");
    bool later = p->n_nodes > 0;
    if (!names.value)
        return p->node_names && later
                   ? json_error(at, err,
                                "needs `names` too: the nodes before have names of their own")
                   : 0;
    if (kind->n_names != kind->count)
        return json_error(&names, err, "has %zu names for %zu nodes", kind->n_names, kind->count);
    return !p->node_names && later
               ? json_error(&names, err, "is given here but not for the nodes before")
               : 0;
}

/* The platform takes the kind's shape and names. */
static void add_kind(struct platform *p, struct node_kind *kind)
{
    size_t first = p->n_nodes;
    p->n_nodes += kind->count;
    p->shape_of = xrealloc(p->shape_of, p->n_nodes, sizeof *p->shape_of);
    for (size_t n = first; n < p->n_nodes; n++)
        p->shape_of[n] = (uint16_t)p->n_shapes;
    if (kind->names) {
        p->node_names = xrealloc(p->node_names, p->n_nodes, sizeof *p->node_names);
        for (size_t i = 0; i < kind->count; i++)
            p->node_names[first + i] = kind->names[i];
        free(kind->names);
    }
    p->shapes[p->n_shapes++] = kind->shape;
}

static int read_kind(const struct json *at, struct platform *p, struct error *err)
{
    struct node_kind kind = { .count = 0 };
    int status = schema_read(&platform_node_kind, at, &kind, err);
    if (status == 0)
        status = check_slots(at, p, &kind.shape, err);
    if (status == 0 && p->n_nodes + kind.count > PLATFORM_MOST_NODES)
        status = json_error(at, err, "makes more than %d nodes in all", PLATFORM_MOST_NODES);
    if (status == 0)
        status = check_names(at, p, &kind, err);
    if (status == 0)
        add_kind(p, &kind);
    else
        schema_clear(&platform_node_kind, &kind);
    return status;
}

/* ---- all nodes ---- */

static int read_nodes(const struct schema_field *f, const struct json *at, void *object,
                      struct error *err)
{
    struct platform *p = object;
    (void)f;
    if (json_expect_array(at, err) != 0)
        return -1;
    if (json_count(at) == 0 || json_count(at) > PLATFORM_MOST_SHAPES)
        return json_error(at, err, "must list 1 to %d kinds of node", PLATFORM_MOST_SHAPES);
    p->shapes = xcalloc(json_count(at), sizeof *p->shapes);
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (read_kind(&e, p, err) != 0)
            return -1;
    struct name_index *names = name_index_new();
    int status = 0;
    for (size_t n = 0; p->node_names && n < p->n_nodes && status == 0; n++)
        if (name_index_add(names, p->node_names[n], (int)n) >= 0)
            status = json_error(at, err, "two nodes are called '%s'", p->node_names[n]);
    name_index_free(names);
    return status;
}

static cJSON *save_kind(const struct platform *p, size_t first, size_t count)
{
    const struct node_kind kind = {
        .shape = *platform_node(p, first), .count = count, .n_names = p->node_names ? count : 0,
        .names = p->node_names ? p->node_names + first : NULL,
    };
    cJSON *out = cJSON_CreateObject();
    schema_save(&platform_node_kind, &kind, out);
    return out;
}

static cJSON *save_nodes(const struct schema_field *f, const void *object)
{
    const struct platform *p = object;
    cJSON *nodes = cJSON_CreateArray();
    (void)f;
    for (size_t n = 0, first = 0; n < p->n_nodes; n++)
        if (n + 1 == p->n_nodes || p->shape_of[n + 1] != p->shape_of[n]) {
            cJSON_AddItemToArray(nodes, save_kind(p, first, n + 1 - first));
            first = n + 1;
        }
    return nodes;
}

static void clear_nodes(const struct schema_field *f, void *object)
{
    struct platform *p = object;
    (void)f;
    for (size_t s = 0; s < p->n_shapes; s++) {
        xfree(p->shapes[s].name, p->shapes[s].blocked);
    }
    platform_drop_names(p);
    xfree(p->shapes, p->shape_of);
}

static void copy_nodes(const struct schema_field *f, void *object)
{
    struct platform *p = object;
    (void)f;
    p->shapes = xmemdup(p->shapes, p->n_shapes * sizeof *p->shapes);
    for (struct node_shape *s = p->shapes; s < p->shapes + p->n_shapes; s++) {
        s->name = xstrdup(s->name);
        s->blocked = xmemdup(s->blocked, s->n_blocked * sizeof *s->blocked);
    }
    p->shape_of = xmemdup(p->shape_of, p->n_nodes * sizeof *p->shape_of);
    if (p->node_names)
        p->node_names = xmemdup(p->node_names, p->n_nodes * sizeof *p->node_names);
    for (size_t n = 0; p->node_names && n < p->n_nodes; n++)
        p->node_names[n] = xstrdup(p->node_names[n]);
}

const struct schema_type platform_node_kinds = { .words = "list of kinds of node",
                                                 .read = read_nodes, .save = save_nodes,
                                               .clear = clear_nodes, .copy = copy_nodes };
