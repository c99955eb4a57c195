/* The fields of flows, services, slowdowns, inputs and outputs, and phases. */
#include "core/phases.h"

#include "base/str.h"
#include "core/workflow.h"

static const char *const per_names[] = { "machine", "node", NULL };
static const char *const staging_names[] = { "inside", "outside", NULL };

static const struct schema_field flow_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct flow_rule, name), .required = true,
      .help = "as phases of tasks call it" },
    { "rate", &schema_number, SCHEMA_AT(struct flow_rule, rate), .unit = QUANTITY_MIB_PER_S,
      .min = 1e-9, .max = 1e15, .required = true, .help = "shared by all who use it at a time" },
    { "per", &schema_choice, SCHEMA_AT(struct flow_rule, per), .choices = per_names,
      .help = "`machine`: one for all nodes; `node`: each node has one, and a task on several "
              "nodes uses each for the share of its ranks" },
    { "at_once", &schema_integer, SCHEMA_AT(struct flow_rule, at_once), .max = 1e9,
      .help = "most users that are served at once, the others wait, first come first served; 0: "
              "all are" },
};
const struct schema flow_schema = { "flow", SCHEMA_FIELDS(flow_fields),
                                    .size = sizeof(struct flow_rule), .title = "A flow" };

static const struct schema_field service_fields[] = {
    { "rate", &schema_number, SCHEMA_AT(struct service_rule, rate), .min = 1e-9, .max = 1e15,
      .required = true, .help = "requests a second of one task of the set" },
    { "first", &schema_number, SCHEMA_AT(struct service_rule, first), .min = 1e-3, .max = 1e6,
      .initial = 1,
      .help = "a client's first request counts as so many: it opens a conversation, say" },
    { "session_sd", &schema_number, SCHEMA_AT(struct service_rule, session_sd), .max = 10,
      .help = "relative effect on what all requests take, drawn once a replica" },
    { "ready", &dist_field, SCHEMA_AT(struct service_rule, ready), .otherwise = "at once",
      .help = "from a task's start until it serves: loading a model, say" },
    { "at_once", &schema_integer, SCHEMA_AT(struct service_rule, at_once), .max = 1e9,
      .help = "requests that one task serves at a time, the others wait, first come first served: "
              "1 is a serial server; 0: all share its rate" },
};

static const struct schema_field slowdown_fields[] = {
    { "flow", &schema_text, SCHEMA_AT(struct slowdown_rule, flow), .required = true,
      .help = "of the platform, mostly one per node" },
    { "rate", &schema_number, SCHEMA_AT(struct slowdown_rule, rate), .unit = QUANTITY_MIB_PER_S,
      .min = 1e-9, .max = 1e15, .required = true,
      .help = "what one task uses of it while it computes at full speed" },
};

const struct schema slowdown_schema = { "slowdown", SCHEMA_FIELDS(slowdown_fields),
                                        .size = sizeof(struct slowdown_rule),
                                        .title = "A slowdown" };

const struct schema service_schema = { "service", SCHEMA_FIELDS(service_fields),
                                       .size = sizeof(struct service_rule), .title = "A service",
                                       SCHEMA_PRESENT(struct service_rule, serves) };

static struct phase *phase_of_amount(const struct schema_field *f, void *object)
{
    return (struct phase *)(void *)((char *)object + f->offset - offsetof(struct phase, amount));
}

static int read_amount(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    struct phase *phase = phase_of_amount(f, object);
    double value;
    if (!cJSON_IsNumber(at->value) && !cJSON_IsString(at->value))
        return dist_field.read(f, at, object, err);
    if (json_as_quantity(at, QUANTITY_MIB, 0, DURATION_LARGEST_S, &value, err) != 0)
        return -1;
    double plain;
    phase->bytes = cJSON_IsString(at->value) && !str_to_double(at->value->valuestring, &plain);
    dist_free(phase->amount);
    phase->amount = dist_constant(value);
    return 0;
}

static const struct schema_type amount_field = {
    .words = "MiB, or a text as \"12 GB\", or a distribution of MiB",
    .takes = JSON_NUMBER | JSON_TEXT | JSON_OBJECT, .read = read_amount, .like = &dist_field,
};

#define TRANSFER_ROWS(is_required)                                                                 \
    { "flow", &schema_text, SCHEMA_AT(struct phase, flow), .required = is_required,                \
      .help = "a flow of the platform, or a service: a task set of this workflow" },               \
    { "amount", &amount_field, SCHEMA_AT(struct phase, amount), .required = is_required,           \
      .help = "what is moved; of a service, the number of requests" },                             \
    { "rate", &schema_number, SCHEMA_AT(struct phase, rate), .unit = QUANTITY_MIB_PER_S,           \
      .min = 1e-9, .max = 1e15, .otherwise = "no limit", .help = "most that one task gets" },      \
    { "staging", &schema_choice, SCHEMA_AT(struct phase, staging), .choices = staging_names,       \
      .help = "`inside`: the task holds its slots meanwhile; `outside`: it has none yet (first "   \
              "phases), or no longer (last ones)" }

static const struct schema_field transfer_fields[] = { TRANSFER_ROWS(true) };

const struct schema transfer_schema = { "transfer", SCHEMA_FIELDS(transfer_fields),
                                        .size = sizeof(struct phase),
                                        .title = "An input or output" };

/* ---- a phase that computes ---- */

static int read_compute(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    if (cJSON_IsString(at->value) && str_equal(at->value->valuestring, "duration"))
        return 0;
    return dist_field.read(f, at, object, err);
}

static cJSON *save_compute(const struct schema_field *f, const void *object)
{
    return phases_is_duration(object) ? cJSON_CreateString("duration") : dist_field.save(f, object);
}

static cJSON *describe_compute(const struct schema_field *f, cJSON *definitions)
{
    cJSON *out = dist_field.describe(f, definitions), *word = cJSON_CreateObject();
    cJSON_AddStringToObject(word, "const", "duration");
    cJSON_AddItemToArray(out->child, word);
    return out;
}

static const struct schema_type compute_field = {
    .words = "distribution, or `\"duration\"`",
    .takes = JSON_NUMBER | JSON_TEXT | JSON_OBJECT, .read = read_compute, .save = save_compute,
    .describe = describe_compute, .like = &dist_field,
};

static const struct schema_field phase_fields[] = {
    TRANSFER_ROWS(false),
    { "compute", &compute_field, SCHEMA_AT(struct phase, compute),
      .help = "instead of the others: it computes, for so many seconds. `\"duration\"`: for the "
              "set's `duration` or `durations`; without that phase the set has none" },
};

static int check_phase(const struct json *at, void *object, struct error *err)
{
    const struct phase *phase = object;
    if (json_has(at, "compute"))
        return json_count(at) == 1 + (size_t)json_has(at, "staging")
                   ? 0
                   : json_error(at, err, "has `compute` and other fields; a phase computes or uses "
                                         "a flow");
    if (!phase->flow || !phase->amount)
        return json_error(at, err, "needs `flow` and `amount`, or `compute`");
    return 0;
}

const struct schema phase_schema = { "phase", SCHEMA_FIELDS(phase_fields),
                                     .size = sizeof(struct phase), .check = check_phase,
                                     .title = "A phase" };
