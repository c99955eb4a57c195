/* cli/describe_places.c - what `dagcast describe` says of platforms and middleware. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/describe_output.h"
#include "cli/words.h"

/* The members of a file of ours, as one object; takes `json`. */
static void add_source(struct doc *d, const char *key, cJSON *json, const char *source)
{
    doc_data(d, key, json);
    if (source)
        doc_fact(d, NULL, "Source", DOC_TEXT, doc_text(source));
}

/* ---- platforms ---- */

static const struct doc_field queue_fields[] = {
    { .label = "queue", DOC_MEMBER(struct queue_rule, name) },
    { DOC_COLUMN(NULL, "nodes from", DOC_COUNT, struct queue_rule, min_nodes) },
    { DOC_COLUMN(NULL, "to", DOC_COUNT, struct queue_rule, max_nodes) },
    { DOC_COLUMN(NULL, "walltime at most", DOC_CLOCK, struct queue_rule, max_walltime_s) },
    { .label = "kind of node", .optional = true, DOC_MEMBER(struct queue_rule, node) },
    { DOC_COLUMN(NULL, "charge per node-hour", DOC_NUMBER, struct queue_rule, charge_factor) },
    DOC_FIELDS_END,
};

static struct doc_value resource_amount(const struct doc_record *r)
{
    return doc_number((double)((const struct resource_rule *)r->item)->amount);
}

DOC_GETTER(scope, const struct resource_rule *x = r->item,
           doc_text(x->scope == RESOURCE_OF_MACHINE ? "the machine" : "each node"))

static const struct doc_field resource_fields[] = {
    { .label = "resource", DOC_MEMBER(struct resource_rule, name) },
    { .label = "amount", .format = { .unit = DOC_EXACT }, .get = resource_amount },
    { .label = "of", .get = scope },
    { .label = "kind of node", .optional = true, DOC_MEMBER(struct resource_rule, node) },
    DOC_FIELDS_END,
};

/* A kind of node and what it draws. */
struct drawn { const char *name; struct node_power power; };

static const struct doc_field power_fields[] = {
    { .label = "kind of node", DOC_MEMBER(struct drawn, name) },
    { DOC_COLUMN(NULL, "idle [W]", DOC_EXACT, struct drawn, power.idle_w) },
    { DOC_COLUMN(NULL, "a core [W]", DOC_EXACT, struct drawn, power.core_w) },
    { DOC_COLUMN(NULL, "a GPU [W]", DOC_EXACT, struct drawn, power.gpu_w) },
    DOC_FIELDS_END,
};

static void add_power(struct doc *d, const struct platform *p)
{
    struct drawn *all = xcalloc(p->n_shapes, sizeof *all);
    size_t n = 0;
    for (size_t s = 0; s < p->n_shapes; s++)
        if (p->shapes[s].power.known)
            all[n++] = (struct drawn){ p->shapes[s].name, p->shapes[s].power };
    doc_table(d, &(struct doc_table){ .fields = power_fields, DOC_ITEMS(all, n) });
    free(all);
}

void describe_platform(struct doc *d, const struct platform *p)
{
    struct str words = { 0 };
    doc_section(d, "Platform");
    words_add_platform(&words, p);
    doc_say_str(d, DOC_PLAIN, NULL, &words);
    doc_factf(d, NULL, "Slots", "%lld %s that tasks can use", (long long)platform_usable_slots(p),
              words_slots(p, platform_usable_slots(p)));
    if (platform_gpus(p))
        doc_fact(d, NULL, "GPUs", DOC_COUNT, doc_number((double)platform_gpus(p)));
    if (p->machine_nodes)
        doc_factf(d, NULL, "Machine", "%zu node%s in all", p->machine_nodes,
                  p->machine_nodes == 1 ? "" : "s");
    if (p->retired)
        doc_fact(d, NULL, "Retired", DOC_FLAG, doc_flag(true));
    add_source(d, "platform", platform_to_json(p), p->source);
    add_power(d, p);
    doc_table(d, &(struct doc_table){ .fields = resource_fields,
                                      DOC_ITEMS(p->resources, p->n_resources) });
    doc_table(d, &(struct doc_table){ .fields = queue_fields, DOC_ITEMS(p->queues, p->n_queues) });
}

/* ---- middleware ---- */

static int parameter_of(const struct doc_record *r)
{
    return *(const int *)r->item;
}

static const struct dist *dist_of(const struct doc_record *r)
{
    return ((const struct middleware *)r->context)->parameter[parameter_of(r)];
}

static struct doc_value station(const struct doc_record *r)
{
    return doc_text(station_parameter_name((enum station_parameter)parameter_of(r)));
}

DOC_GETTER(station_mean, const struct dist *d = dist_of(r), doc_number(dist_mean(d)))
DOC_GETTER(station_sd, const struct dist *d = dist_of(r), doc_number(dist_sd(d)))
DOC_GETTER(family, bool assumed = ((const struct middleware *)r->context)->assumed[parameter_of(r)],
           doc_text(assumed ? "assumed" : dist_family(dist_of(r))))

static struct doc_value station_summary(const struct doc_record *r)
{
    return doc_text(station_parameter_summary((enum station_parameter)parameter_of(r)));
}

static const struct doc_field station_fields[] = {
    { .label = "station", .get = station },
    { .label = "mean", .format = { .unit = DOC_SECONDS, .decimals = 4 }, .get = station_mean },
    { .label = "sd", .format = { .unit = DOC_SECONDS, .decimals = 4 }, .get = station_sd },
    { .label = "family", .get = family },
    { .label = "what", .get = station_summary },
    DOC_FIELDS_END,
};

static void add_stations(struct doc *d, const struct middleware *m)
{
    int parameters[STATION_PARAMETERS];
    size_t n = 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (m->parameter[p])
            parameters[n++] = p;
    doc_table(d, &(struct doc_table){ .fields = station_fields, DOC_ITEMS(parameters, n),
                                      .context = m });
}

static void add_polls(struct doc *d, const struct middleware *m)
{
    for (int p = 0; p < STATION_POLLS; p++)
        if (m->period_s[p] > 0)
            doc_factf(d, NULL, station_poll_name((enum station_poll)p), "every %g s",
                      m->period_s[p]);
    if (m->launch_servers > 1)
        doc_fact(d, NULL, "launch servers", DOC_COUNT, doc_number(m->launch_servers));
    if (m->window_slots)
        doc_fact(d, NULL, "Window", DOC_TEXT,
                 doc_text("as many tasks submitted and not known to be over as there are slots"));
    else if (m->window)
        doc_factf(d, NULL, "Window", "at most %d tasks submitted and not known to be over",
                  m->window);
    if (m->live_cap)
        doc_factf(d, NULL, "live processes", "at most %d", m->live_cap);
    if (m->launch_slows > 0)
        doc_factf(d, NULL, "launching",
                  "slower with more than %d tasks, by at most (tasks / %d)^%g",
                  m->launch_slows_from, m->launch_slows_from, m->launch_slows);
    if (alone_only(&m->alone) == ALONE_NEVER)
        return;
    char *rules = alone_text(&m->alone, true);
    doc_factf(d, NULL, "Launcher", "%s; %s", rules,
              m->alone_random ? "whichever waits next" : "in order");
    free(rules);
}

/* How it decides. */
static void add_rules(struct doc *d, const struct middleware *m)
{
    if (m->scheduler)
        doc_factf(d, NULL, "Scheduler", "%s%s%s", m->scheduler,
                  m->generation ? " of generation " : "", m->generation ? m->generation : "");
    if (m->on_failure == ON_FAILURE_CONTINUE)
        doc_factf(
            d, NULL, "On failure",
            "goes on after a task that failed for good: tasks that wait for it run all the same");
    if (m->n_blocked)
        doc_factf(d, NULL, "Unused", "%zu slot%s of each node", m->n_blocked,
                  m->n_blocked == 1 ? "" : "s");
    if (m->n_sessions)
        doc_factf(d, NULL, "Fitted on", "%d session%s%s", (int)m->n_sessions,
                  m->n_sessions == 1 ? "" : "s",
                  m->n_sessions < 3 ? "; so few that intervals are a prior" : "");
}

void describe_middleware(struct doc *d, const struct middleware *m)
{
    doc_section(d, "Middleware");
    doc_sayf(d, DOC_PLAIN, NULL, m->summary ? "%s: %s" : "%s", m->name, m->summary);
    add_rules(d, m);
    add_source(d, "middleware", middleware_to_json(m), m->source);
    add_stations(d, m);
    add_polls(d, m);
}
