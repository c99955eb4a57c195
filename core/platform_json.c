/* A platform as JSON: docs/formats.md. */

#include "base/str.h"
#include "base/xalloc.h"
#include "core/platform.h"
#include "core/platform_impl.h"

static const char *const slot_names[] = { "cores", "threads", NULL };
static const char *const scheduler_names[] = { "slurm", "pbs", "lsf", "flux", NULL };

/* ---- queues ---- */

#define QUEUE(member) SCHEMA_AT(struct queue_rule, member)

static const struct schema_field queue_fields[] = {
    { "name", &schema_text, QUEUE(name), .required = true, .help = "as the batch system calls it" },
    { "min_nodes", &schema_integer, QUEUE(min_nodes), .min = 1, .max = PLATFORM_MOST_NODES,
      .initial = 1, .always = true,
      .help = "fewest nodes of a job" },
    { "max_nodes", &schema_integer, QUEUE(max_nodes), .min = 1, .max = PLATFORM_MOST_NODES,
      .initial = PLATFORM_MOST_NODES, .always = true, .otherwise = "no limit",
      .help = "most nodes of a job" },
    { "max_walltime", &schema_number, QUEUE(max_walltime_s), .unit = QUANTITY_SECONDS, .min = 1,
      .max = 1e9,
      .required = true, .help = "longest walltime of a job" },
    { "charge_factor", &schema_number, QUEUE(charge_factor), .min = 0, .max = 1e6, .initial = 1,
      .always = true,
      .help = "node-hours charged for one" },
    { "submit", &schema_text, QUEUE(submit),
      .help = "the partition or queue of batch lines, or options such as `--qos=regular`; "
              "without it the name" },
    { "select", &schema_text, QUEUE(select),
      .help = "what PBS asks for of each node (`system=polaris`), instead of cores and GPUs" },
    { "node", &schema_text, QUEUE(node),
      .help = "the kind of its nodes, by its name; without it any" },
};

static int check_queue(const struct json *at, void *object, struct error *err)
{
    const struct queue_rule *q = object;
    struct json most = json_member(at, "max_nodes");
    return q->max_nodes >= q->min_nodes
               ? 0
               : json_error(&most, err, "must be at least `min_nodes`, %d; is %d", q->min_nodes,
                            q->max_nodes);
}

static const struct schema queue = { "queue", SCHEMA_FIELDS(queue_fields),
                                     .size = sizeof(struct queue_rule),
                                     .title = "A queue", .check = check_queue };

/* ---- named resources ---- */

#define RESOURCE(member) SCHEMA_AT(struct resource_rule, member)
static const char *const scope_names[] = { "node", "machine", NULL };

static const struct schema_field resource_fields[] = {
    { "name", &schema_text, RESOURCE(name), .required = true,
      .help = "by which task sets ask for it" },
    { "amount", &schema_integer, RESOURCE(amount), .min = 1, .max = 1e15, .required = true,
      .help = "how much there is, in a unit of its own: GiB, licences" },
    { "per", &schema_choice, RESOURCE(scope), .choices = scope_names, .always = true,
      .help = "`node`: each node has so much; `machine`: all tasks that run share it" },
    { "node", &schema_text, RESOURCE(node),
      .help = "only nodes of this kind have it; without it all" },
};
static const struct schema resource = { "resource", SCHEMA_FIELDS(resource_fields),
                                        .size = sizeof(struct resource_rule),
                                        .title = "A named resource" };

/* ---- the platform ---- */

#define PLATFORM(member) SCHEMA_AT(struct platform, member)

static const struct schema_field platform_fields[] = {
    { "name", &schema_text, PLATFORM(name), .otherwise = "platform", .always = true,
      .help = "shown in output" },
    { "source", &schema_text, PLATFORM(source),
      .help = "where the figures come from, and what of them is assumed" },
    { "slots", &schema_choice, PLATFORM(slot_kind), .choices = slot_names, .always = true,
      .help = "what is scheduled: `cores`, or `threads` (hardware threads)" },
    { "machine_nodes", &schema_integer, PLATFORM(machine_nodes), .min = 1,
      .max = PLATFORM_MOST_NODES,
      .otherwise = "not known",
      .help = "nodes of the whole machine; `nodes` is what is used, `--nodes` changes it" },
    { "retired", &schema_bool, PLATFORM(retired), .help = "the machine is out of service" },
    { "scheduler", &schema_text, PLATFORM(scheduler), .choices = scheduler_names,
      .help = "its batch system" },
    { "nodes", &platform_node_kinds, .of = &platform_node_kind, .required = true,
      .missing = "needs `nodes`: [{\"count\": 16, \"cores\": 42, \"gpus\": 6}]",
      .help = "kinds of node, below, in the order of the nodes" },
    { "queues", &schema_list, PLATFORM(queues), .count = offsetof(struct platform, n_queues),
      .of = &queue,
      .help = "its queues, below, for advice" },
    { "resources", &schema_list, PLATFORM(resources),
      .count = offsetof(struct platform, n_resources), .of = &resource,
      .help = "what tasks may ask for beside cores, GPUs and memory, below: licences, a burst "
              "buffer" },
    { "flows", &schema_list, PLATFORM(flows), .count = offsetof(struct platform, n_flows),
      .of = &flow_schema, .help = "rates that tasks share, below: file systems, networks, burst "
                                  "buffers" },
    { "radical", &schema_object, PLATFORM(radical), .of = &run_record_schema,
      .otherwise = "not known",
      .help = "below: what runs go through there; the closest middleware profile is chosen by it" },
    { "failures", &schema_object, PLATFORM(failures), .of = &failure_schema, .otherwise = "none",
      .help = "of its nodes, below" },
    { "blocks", &schema_object, PLATFORM(blocks), .of = &block_schema,
      .otherwise = "all nodes are there",
      .help = "nodes that come and go as tasks wait, below" },
};

static int check_queue_kinds(const struct json *at, const struct platform *p, struct error *err)
{
    for (size_t i = 0; i < p->n_queues; i++) {
        size_t s = 0;
        while (s < p->n_shapes && !str_equal(p->shapes[s].name, p->queues[i].node))
            s++;
        if (p->queues[i].node && s == p->n_shapes)
            return json_error(at, err,
                              "queue '%s' is of nodes '%s', and no kind of node is called so",
                              p->queues[i].name, p->queues[i].node);
    }
    return 0;
}

static int check_resources(const struct json *at, const struct platform *p, struct error *err)
{
    if (p->n_resources > RESOURCES_MOST)
        return json_error(at, err, "has %zu resources; at most %d are held", p->n_resources,
                          RESOURCES_MOST);
    for (size_t i = 0; i < p->n_resources; i++)
        if (p->resources[i].node && p->resources[i].scope == RESOURCE_OF_MACHINE)
            return json_error(
                at, err,
                "resource '%s' is the machine's and of nodes '%s'; leave out `per` or `node`",
                p->resources[i].name, p->resources[i].node);
    for (size_t i = 0; i < p->n_resources; i++)
        for (size_t k = 0; k < i; k++)
            if (str_equal(p->resources[i].name, p->resources[k].name))
                return json_error(at, err, "two resources are called '%s'", p->resources[i].name);
    return 0;
}

static int check_machine(const struct json *at, void *object, struct error *err)
{
    const struct platform *p = object;
    if (check_queue_kinds(at, p, err) || check_resources(at, p, err))
        return -1;
    for (size_t i = 1; i < p->n_flows; i++)
        if (phases_flow(p, p->flows[i].name) != &p->flows[i])
            return json_error(at, err, "two flows are called '%s'", p->flows[i].name);
    return p->machine_nodes == 0 || p->n_nodes <= p->machine_nodes
               ? 0
               : json_error(at, err, "lists %zu nodes of a machine of %zu", p->n_nodes,
                            p->machine_nodes);
}

const struct schema platform_schema = { "platform", SCHEMA_FIELDS(platform_fields),
                                        .size = sizeof(struct platform),
                                        .title = "A platform", .check = check_machine };

struct platform *platform_from_json(const struct json *at, struct error *err)
{
    struct platform *p = xcalloc(1, sizeof *p);
    if (schema_read(&platform_schema, at, p, err) == 0) {
        platform_share_resources(p);
        return p;
    }
    platform_free(p);
    return NULL;
}

struct platform *platform_load(const char *path, document_fn *document_of, struct error *err)
{
    struct json_document *doc = document_of(path, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, err);
    json_free(doc);
    return p;
}

cJSON *platform_to_json(const struct platform *p)
{
    cJSON *out = cJSON_CreateObject();
    schema_save(&platform_schema, p, out);
    return out;
}
