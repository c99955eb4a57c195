#include "core/phases.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "core/platform.h"
#include "core/workflow.h"

static const char *const per_names[] = { "machine", "node", NULL };
static const char *const staging_names[] = { "inside", "outside", NULL };

/* ---- fields ---- */

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

/* ---- access ---- */

bool phases_is_duration(const struct phase *phase)
{
    return !phase->flow && !phase->compute;
}

bool phases_without_duration(const struct task_set *set)
{
    const struct task_phases *p = task_phases_of(set);
    for (size_t k = 0; k < p->n; k++)
        if (phases_is_duration(&p->list[k]))
            return false;
    return p->n > 0;
}

struct dist *phases_duration(const struct task_set *set)
{
    const struct dist *only = NULL;
    double sum_s = 0;
    size_t n = 0;
    for (size_t k = 0; k < task_phases_of(set)->n; k++)
        if (task_phases_of(set)->list[k].compute) {
            only = task_phases_of(set)->list[k].compute;
            sum_s += dist_mean(only);
            n++;
        }
    return n == 1 ? dist_copy(only) : dist_constant(fmax(0, sum_s));
}

static const struct phase whole_duration = { .flow = NULL };

size_t phases_count(const struct task_set *set)
{
    const struct task_phases *p = task_phases_of(set);
    if (p->n > 0)
        return p->n;
    size_t transfers = (size_t)!!p->input.flow + (size_t)!!p->output.flow;
    return transfers > 0 ? transfers + 1 : 0;
}

const struct phase *phases_at(const struct task_set *set, size_t k)
{
    const struct task_phases *p = task_phases_of(set);
    if (p->n > 0)
        return &p->list[k];
    if (p->input.flow && k-- == 0)
        return &p->input;
    return k == 0 ? &whole_duration : &p->output;
}

bool phases_any(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (phases_count(&w->sets[i]) > 0 || w->sets[i].traits->slowdown.flow)
            return true;
    return w->n_services > 0;
}

bool phases_recorded(const struct workflow *w, const struct platform *p)
{
    bool saves = false;
    for (size_t i = 0; i < w->n_sets; i++)
        saves |= w->sets[i].traits->checkpoint.interval_s > 0;
    return saves || p->failures.mtbf_s > 0 || phases_any(w);
}

static void replace(struct dist **d, phases_make_fn *make, double x)
{
    struct dist *made = make(*d, x);
    dist_free(*d);
    *d = made;
}

void phases_each_compute(struct task_set *set, phases_make_fn *make, double x)
{
    replace(&set->duration, make, x);
    size_t n = task_phases_of(set)->n;
    struct task_phases *p = n > 0 ? task_phases_own(set) : NULL;
    for (size_t k = 0; k < n; k++)
        if (p->list[k].compute)
            replace(&p->list[k].compute, make, x);
}

const struct flow_rule *phases_flow(const struct platform *p, const char *name)
{
    for (size_t i = 0; i < p->n_flows; i++)
        if (str_equal(p->flows[i].name, name))
            return &p->flows[i];
    return NULL;
}

int phases_service(const struct workflow *w, const struct task_set *client, const char *name)
{
    int found = -1;
    for (size_t i = 0; w->n_services > 0 && i < w->n_sets; i++) {
        const struct task_set *set = &w->sets[i];
        if (!set->traits->service.serves)
            continue;
        if (str_equal(set->name, name))
            return (int)i;
        if (set->label && str_equal(set->label, name) && set->iteration == client->iteration)
            found = (int)i;
    }
    return found;
}

bool phases_is_client(const struct workflow *w, const struct task_set *client, int service)
{
    for (size_t k = 0, n = phases_count(client); k < n; k++) {
        const struct phase *phase = phases_at(client, k);
        if (phase->flow && phases_service(w, client, phase->flow) == service)
            return true;
    }
    return false;
}

bool phases_asks(const struct workflow *w, const struct task_set *set)
{
    for (size_t k = 0, n = phases_count(set); k < n; k++)
        if (phases_at(set, k)->flow && phases_service(w, set, phases_at(set, k)->flow) >= 0)
            return true;
    return false;
}

bool phases_resolve(const struct workflow *w, const struct platform *p, const struct task_set *set,
                    const struct phase *phase, struct flow_rule *out)
{
    int service = phases_service(w, set, phase->flow);
    if (service >= 0) {
        const struct task_set *of = &w->sets[service];
        *out = (struct flow_rule){ .name = of->name, .rate = of->traits->service.rate,
                                   .at_once = of->traits->service.at_once };
        return true;
    }
    const struct flow_rule *flow = phases_flow(p, phase->flow);
    if (flow)
        *out = *flow;
    return flow != NULL;
}

/* ---- alone ---- */

double phases_rate_alone(const struct phase *phase, const struct flow_rule *flow)
{
    double rate = flow ? flow->rate : INFINITY;
    return phase->rate > 0 ? fmin(phase->rate, rate) : rate;
}

double phases_weight(const struct workflow *w, const struct task_set *set, size_t k)
{
    const char *name = phases_at(set, k)->flow;
    int service = w->n_services > 0 && name ? phases_service(w, set, name) : -1;
    if (service < 0 || w->sets[service].traits->service.first == 1)
        return 1;
    for (size_t i = 0; i < k; i++)
        if (phases_at(set, i)->flow && str_equal(phases_at(set, i)->flow, name))
            return 1;
    return w->sets[service].traits->service.first;
}

double phases_alone_s(const struct workflow *w, const struct platform *p,
                      const struct task_set *set)
{
    struct flow_rule flow;
    double sum = 0;
    for (size_t k = 0, n = phases_count(set); k < n; k++) {
        const struct phase *phase = phases_at(set, k);
        if (phase->flow && phases_resolve(w, p, set, phase, &flow))
            sum += dist_mean(phase->amount) * phases_weight(w, set, k) /
                   phases_rate_alone(phase, &flow);
    }
    return sum;
}

static struct dist *shifted(const struct dist *d, double shift_s)
{
    return dist_scaled(d, 1, shift_s);
}

struct workflow *phases_folded(const struct workflow *w, const struct platform *p)
{
    struct workflow *folded = workflow_copy(w);
    for (size_t i = 0; i < folded->n_sets; i++) {
        struct task_set *set = &folded->sets[i];
        double alone_s = phases_alone_s(w, p, &w->sets[i]);
        task_phases_clear(set);
        if (alone_s == 0)
            continue;
        phases_each_compute(set, shifted, alone_s);
        for (size_t t = 0; set->durations && t < set->n_tasks; t++)
            set->durations[t] += alone_s;
    }
    return folded;
}
