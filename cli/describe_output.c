#include "cli/describe_output.h"

#include <stdlib.h>

#include "base/escape.h"
#include "cli/asynchrony.h"
#include "cli/scenario_doc.h"
#include "cli/words.h"
#include "core/longest_path.h"
#include "core/task_deps.h"
#include "model/asynchronicity.h"
#include "plots/dag.h"

enum { SETS_SHOWN = 60 };

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
    { .label = "nodes from", .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct queue_rule, min_nodes) },
    { .label = "to", .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct queue_rule, max_nodes) },
    { .label = "walltime at most", .format = { .unit = DOC_CLOCK }, DOC_MEMBER(struct queue_rule, max_walltime_s) },
    { .label = "charge per node-hour", .format = { .unit = DOC_NUMBER }, DOC_MEMBER(struct queue_rule, charge_factor) },
    DOC_FIELDS_END,
};

void describe_platform(struct doc *d, const struct platform *p)
{
    struct str words = { 0 };
    doc_section(d, "Platform");
    words_add_platform(&words, p);
    doc_say(d, DOC_PLAIN, NULL, words.text);
    str_clear(&words);
    doc_factf(d, NULL, "Slots", "%lld %s that tasks can use", (long long)platform_usable_slots(p), words_slots(p));
    if (platform_gpus(p))
        doc_fact(d, NULL, "GPUs", DOC_COUNT, doc_number((double)platform_gpus(p)));
    if (p->machine_nodes)
        doc_factf(d, NULL, "Machine", "%zu nodes in all", p->machine_nodes);
    if (p->retired)
        doc_fact(d, NULL, "Retired", DOC_FLAG, doc_flag(true));
    add_source(d, "platform", platform_to_json(p), p->source);
    doc_table(d, &(struct doc_table){ .fields = queue_fields, .items = p->queues, .n = p->n_queues, .size = sizeof *p->queues });
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

static struct doc_value station_mean(const struct doc_record *r)
{
    return doc_number(dist_mean(dist_of(r)));
}

static struct doc_value station_sd(const struct doc_record *r)
{
    return doc_number(dist_sd(dist_of(r)));
}

static struct doc_value family(const struct doc_record *r)
{
    bool assumed = ((const struct middleware *)r->context)->assumed[parameter_of(r)];
    return doc_text(assumed ? "assumed" : dist_family(dist_of(r)));
}

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
    doc_table(d, &(struct doc_table){ .fields = station_fields, .items = parameters, .n = n, .size = sizeof *parameters, .context = m });
}

static void add_polls(struct doc *d, const struct middleware *m)
{
    for (int p = 0; p < STATION_POLLS; p++)
        if (m->period_s[p] > 0)
            doc_factf(d, NULL, station_poll_name((enum station_poll)p), "every %g s", m->period_s[p]);
    if (m->launch_servers > 1)
        doc_fact(d, NULL, "launch servers", DOC_COUNT, doc_number(m->launch_servers));
    if (m->live_cap)
        doc_factf(d, NULL, "live processes", "at most %d", m->live_cap);
}

/* How it decides. */
static void add_rules(struct doc *d, const struct middleware *m)
{
    if (m->scheduler)
        doc_factf(d, NULL, "Scheduler", "%s%s%s", m->scheduler, m->generation ? " of generation " : "", m->generation ? m->generation : "");
    if (m->on_failure == ON_FAILURE_CONTINUE)
        doc_factf(d, NULL, "On failure", "goes on after a task that failed for good: tasks that wait for it run all the same");
    if (m->n_blocked)
        doc_factf(d, NULL, "Unused", "%zu slot%s of each node", m->n_blocked, m->n_blocked == 1 ? "" : "s");
    if (m->n_sessions)
        doc_factf(d, NULL, "Fitted on", "%d session%s%s", (int)m->n_sessions, m->n_sessions == 1 ? "" : "s",
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

/* ---- workflows ---- */

struct described {
    const struct workflow *workflow;
    const struct platform *platform; /* NULL: none */
    const int *levels;
};

static const struct task_set *set_of(const struct doc_record *r)
{
    return r->item;
}

static struct doc_value n_tasks(const struct doc_record *r)
{
    return doc_number(set_of(r)->n_tasks);
}

static struct doc_value demand(const struct doc_record *r)
{
    struct str words = { 0 };
    demand_add_words(&words, &set_of(r)->demand);
    return doc_words(&words);
}

static struct doc_value duration(const struct doc_record *r)
{
    struct str words = { 0 };
    words_add_duration(&words, set_of(r));
    return doc_words(&words);
}

static struct doc_value duration_mean(const struct doc_record *r)
{
    return doc_number(dist_mean(set_of(r)->duration));
}

static struct doc_value duration_sd(const struct doc_record *r)
{
    return doc_number(dist_sd(set_of(r)->duration));
}

static struct doc_value level(const struct doc_record *r)
{
    return doc_number(((const struct described *)r->context)->levels[r->index]);
}

/* "training, aggregation (task by task)" */
static struct doc_value after(const struct doc_record *r)
{
    const struct workflow *w = ((const struct described *)r->context)->workflow;
    struct str words = { 0 };
    for (size_t i = 0; i < set_of(r)->n_dependencies; i++) {
        const struct dependency *p = &set_of(r)->dependencies[i];
        str_addf(&words, "%s%s", i ? ", " : "", w->sets[p->parent].name);
        if (dependency_is_by_task(p))
            str_addf(&words, " (%s)", dependency_kind_words(p->kind));
    }
    return doc_words(&words);
}

static struct doc_value ranks_per_node(const struct doc_record *r)
{
    const struct platform *p = ((const struct described *)r->context)->platform;
    struct slot_demand s = p ? platform_slots(p, &set_of(r)->demand) : (struct slot_demand){ 0 };
    return p ? doc_number((double)node_shape_capacity(platform_node(p, 0), &s)) : doc_none();
}

static struct doc_value at_once(const struct doc_record *r)
{
    const struct platform *p = ((const struct described *)r->context)->platform;
    struct slot_demand s = p ? platform_slots(p, &set_of(r)->demand) : (struct slot_demand){ 0 };
    return p ? doc_number((double)platform_capacity(p, &s)) : doc_none();
}

static const struct doc_field set_fields[] = {
    { .key = "name", .label = "task set", DOC_MEMBER(struct task_set, name) },
    { .key = "tasks", .label = "tasks", .format = { .unit = DOC_COUNT }, .get = n_tasks },
    { .key = "demand", .label = "each", .get = demand },
    { .label = "duration", .get = duration },
    { .key = "level", .label = "level", .format = { .unit = DOC_COUNT }, .get = level },
    { .label = "after", .get = after },
    { .key = "ranks_per_node", .label = "ranks a node", .format = { .unit = DOC_COUNT }, .optional = true, .get = ranks_per_node },
    { .key = "at_once", .label = "tasks at once", .format = { .unit = DOC_COUNT }, .optional = true, .get = at_once },
    { .key = "duration_mean", .format = { .unit = DOC_SECONDS }, .get = duration_mean },
    { .key = "duration_sd", .format = { .unit = DOC_SECONDS }, .get = duration_sd },
    DOC_FIELDS_END,
};

static int level_count(const struct described *w)
{
    int most = 0;
    for (size_t i = 0; i < w->workflow->n_sets; i++)
        most = w->levels[i] > most ? w->levels[i] : most;
    return most + 1;
}

/* Work by resource, as the workflow asks for it, in hours. */
struct area {
    double core_h, thread_h, gpu_h;
};
static struct area area_of(const struct workflow *w)
{
    struct area a = { 0 };
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct demand *d = &w->sets[i].demand;
        double rank_h = w->sets[i].n_tasks * dist_mean(w->sets[i].duration) * d->ranks / 3600;
        a.core_h += rank_h * d->cores;
        a.thread_h += rank_h * d->threads;
        a.gpu_h += rank_h * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
    }
    return a;
}

static void add_work(struct doc *d, const struct workflow *w)
{
    const struct area a = area_of(w);
    struct str words = { 0 };
    const struct {
        const char *key, *noun;
        double hours;
    } all[] = {
        { "work/core_hours", "core-hours", a.core_h },
        { "work/thread_hours", "thread-hours", a.thread_h },
        { "work/gpu_hours", "GPU-hours", a.gpu_h },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        doc_fact(d, all[i].key, NULL, DOC_HOURS, doc_number(all[i].hours));
        if (all[i].hours > 0)
            str_addf(&words, "%s%.1f %s", words.length ? ", " : "", all[i].hours, all[i].noun);
    }
    if (words.length)
        doc_fact(d, NULL, "Work", DOC_TEXT, doc_words(&words));
}

/* "p1: [a b] [c] after p0" */
static void add_pipelines(struct doc *d, const struct workflow *w)
{
    for (size_t i = 0; i < w->n_pipelines; i++) {
        const struct pipeline *p = &w->pipelines[i];
        struct str words = { 0 };
        str_addf(&words, "%s:", p->name);
        for (size_t s = 0; s < p->n_stages; s++) {
            for (size_t k = 0; k < p->stages[s].n_sets; k++)
                str_addf(&words, "%s%s", k ? " " : " [", w->sets[p->stages[s].sets[k]].name);
            str_add(&words, "]");
        }
        for (size_t k = 0; k < p->n_after; k++)
            str_addf(&words, "%s%s", k ? ", " : " after ", w->pipelines[p->after[k]].name);
        doc_fact(d, NULL, "Pipeline", DOC_TEXT, doc_words(&words));
    }
}

static void add_size(struct doc *d, const struct described *w)
{
    struct str words = { 0 };
    size_t edges = workflow_edge_count(w->workflow);
    str_addf(&words, "%s: ", w->workflow->name);
    words_add_count(&words, w->workflow->n_tasks, "task");
    str_add(&words, " in ");
    words_add_count(&words, w->workflow->n_sets, "set");
    str_addf(&words, ", %zu %s between sets, ", edges, edges == 1 ? "dependency" : "dependencies");
    words_add_count(&words, (size_t)level_count(w), "level");
    doc_say(d, DOC_PLAIN, NULL, words.text);
    str_clear(&words);
    if (w->workflow->source)
        doc_fact(d, NULL, "Source", DOC_TEXT, doc_text(w->workflow->source));
    doc_open(d, "workflow");
    doc_fact(d, "levels", NULL, DOC_COUNT, doc_number(level_count(w)));
    doc_fact(d, "dependencies", NULL, DOC_COUNT, doc_number((double)edges));
}

/* The member "after" of the task sets: the names of those each waits for. */
static void add_parents(struct doc *d, const struct workflow *w)
{
    doc_open_list(d, "task_sets");
    for (size_t i = 0; i < w->n_sets; i++) {
        cJSON *names = cJSON_CreateArray();
        for (size_t k = 0; k < w->sets[i].n_dependencies; k++)
            cJSON_AddItemToArray(names, cJSON_CreateString(w->sets[w->sets[i].dependencies[k].parent].name));
        doc_open(d, NULL);
        doc_data(d, "after", names);
        doc_close(d);
    }
    doc_close(d);
}

static int draw_dag(const void *what, const char *path, struct error *err)
{
    const struct workflow *w = what;
    return plot_dag(w, w->name, path, err);
}

void describe_workflow(struct doc *d, const struct workflow *w, const struct platform *p)
{
    struct asynchronicity a;
    struct str meaning = { 0 };
    int *levels = longest_path_levels(w, path_graph_of(w, 0));
    const struct described described = { w, p, levels };
    asynchronicity_of(w, p, &a);
    doc_section(d, "Workflow");
    add_size(d, &described);
    doc_table(d, &(struct doc_table){ .key = "task_sets",
                                      .fields = set_fields,
                                      .items = w->sets,
                                      .n = w->n_sets,
                                      .size = sizeof *w->sets,
                                      .context = &described,
                                      .most = SETS_SHOWN });
    add_parents(d, w);
    add_pipelines(d, w);
    add_work(d, w);
    doc_close(d);
    scenario_doc_add_workflow(d, w, &a);
    asynchrony_add_meaning(&meaning, &a, &(struct gain){ .source = GAIN_UNKNOWN });
    doc_say(d, DOC_ANSWER, "meaning", meaning.text);
    str_clear(&meaning);
    doc_picture(d, "Task sets and their dependencies; the critical path stands out", draw_dag, w);
    free(levels);
}
