#include "cli/describe_output.h"

#include <stdlib.h>

#include "base/escape.h"
#include "base/table.h"
#include "cli/asynchrony.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/words.h"
#include "core/longest_path.h"
#include "core/task_deps.h"
#include "model/asynchronicity.h"

enum { SETS_SHOWN = 60 };

void describe_add_platform(struct str *text, const struct platform *p)
{
    output_heading(text, "Platform");
    words_add_platform(text, p);
    str_add(text, "\n");
    escape_addf(text, "In all %lld %s that tasks can use", (long long)platform_usable_slots(p), words_slots(p));
    if (platform_gpus(p))
        str_addf(text, " and %lld GPUs", (long long)platform_gpus(p));
    if (p->machine_nodes)
        str_addf(text, "; the whole machine has %zu nodes", p->machine_nodes);
    str_add(text, p->retired ? "; it is retired\n" : "\n");
    for (size_t i = 0; i < p->n_queues; i++) {
        const struct queue_rule *q = &p->queues[i];
        escape_addf(text, "Queue %s: %d to %d nodes, at most %.4g h, %g node-hours charged per node-hour\n", q->name, q->min_nodes,
                    q->max_nodes, q->max_walltime_s / 3600, q->charge_factor);
    }
    if (p->source)
        escape_addf(text, "Source: %s\n", p->source);
}

static void add_stations(struct str *text, const struct middleware *m)
{
    struct table *t = table_new();
    static const char *const names[] = { "station", "mean", "sd", "family", "what" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_add_column(t, names[i], i == 1 || i == 2 ? TABLE_RIGHT : TABLE_LEFT);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const struct dist *d = m->parameter[p];
        if (!d)
            continue;
        table_add_row(t);
        table_set_text(t, 0, station_parameter_name((enum station_parameter)p));
        table_set_number(t, 1, dist_mean(d), 4);
        table_set_number(t, 2, dist_sd(d), 4);
        table_set_text(t, 3, m->assumed[p] ? "assumed" : dist_family(d));
        table_set_text(t, 4, station_parameter_summary((enum station_parameter)p));
    }
    if (table_rows(t))
        table_print(t, text, 2);
    table_free(t);
}

void describe_add_middleware(struct str *text, const struct middleware *m)
{
    output_heading(text, "Middleware");
    escape_addf(text, "%s%s%s\n", m->name, m->summary ? ": " : "", m->summary ? m->summary : "");
    if (m->scheduler)
        escape_addf(text, "Schedules by %s%s%s\n", m->scheduler, m->generation ? " of generation " : "",
                    m->generation ? m->generation : "");
    if (m->on_failure == ON_FAILURE_CONTINUE)
        str_add(text, "Goes on after a task that failed for good: tasks that wait for it run all the same\n");
    if (m->on_failure == ON_FAILURE_CANCEL)
        str_add(text, "Cancels all that waits for a task that failed for good\n");
    if (m->n_blocked) {
        str_add(text, "Leaves ");
        words_add_count(text, m->n_blocked, "slot");
        str_add(text, " of each node unused\n");
    }
    add_stations(text, m);
    for (int p = 0; p < STATION_POLLS; p++)
        if (m->period_s[p] > 0)
            str_addf(text, "  %s every %g s\n", station_poll_name((enum station_poll)p), m->period_s[p]);
    if (m->launch_servers > 1)
        str_addf(text, "  %d launch servers\n", m->launch_servers);
    if (m->live_cap)
        str_addf(text, "  at most %d live processes\n", m->live_cap);
    if (m->n_sessions) {
        str_add(text, "Fitted on ");
        words_add_count(text, m->n_sessions, "session");
        str_add(text, m->n_sessions < 3 ? "; so few that intervals are a prior\n" : "\n");
    }
    if (m->source)
        escape_addf(text, "Source: %s\n", m->source);
}

static void add_parents(struct str *text, const struct workflow *w, const struct task_set *s)
{
    for (size_t i = 0; i < s->n_dependencies; i++) {
        const struct dependency *d = &s->dependencies[i];
        escape_addf(text, "%s%s", i ? ", " : "", w->sets[d->parent].name);
        if (dependency_is_by_task(d))
            str_addf(text, " (%s)", dependency_kind_words(d->kind));
    }
}

static void add_set_row(struct table *t, const struct workflow *w, const struct platform *p, const int *levels, size_t i)
{
    const struct task_set *s = &w->sets[i];
    struct str demand = { 0 }, duration = { 0 }, after = { 0 };
    demand_add_words(&demand, &s->demand);
    words_add_duration(&duration, s);
    add_parents(&after, w, s);
    table_add_row(t);
    table_set_text(t, 0, s->name);
    table_set_number(t, 1, s->n_tasks, 0);
    table_set_text(t, 2, demand.text);
    table_set_text(t, 3, duration.text);
    table_set_number(t, 4, levels[i], 0);
    table_set_text(t, 5, after.text ? after.text : "");
    if (p) {
        struct slot_demand d = platform_slots(p, &s->demand);
        table_set_number(t, 6, (double)node_shape_capacity(platform_node(p, 0), &d), 0);
        table_set_number(t, 7, (double)platform_capacity(p, &d), 0);
    }
    str_clear(&demand);
    str_clear(&duration);
    str_clear(&after);
}

static void add_sets(struct str *text, const struct workflow *w, const struct platform *p, const int *levels)
{
    static const char *const names[] = { "task set", "tasks", "each", "duration", "level", "after", "ranks a node", "tasks at once" };
    struct table *t = table_new();
    for (size_t i = 0; i < (p ? 8 : 6); i++)
        table_add_column(t, names[i], i == 1 || i == 4 || i > 5 ? TABLE_RIGHT : TABLE_LEFT);
    for (size_t i = 0; i < w->n_sets && i < SETS_SHOWN; i++)
        add_set_row(t, w, p, levels, i);
    table_print(t, text, 2);
    table_free(t);
    if (w->n_sets > SETS_SHOWN)
        str_addf(text, "  ... and %zu more\n", w->n_sets - SETS_SHOWN);
}

static int level_count(const struct workflow *w, const int *levels)
{
    int most = 0;
    for (size_t i = 0; i < w->n_sets; i++)
        most = levels[i] > most ? levels[i] : most;
    return most + 1;
}

/* Work by resource, as the workflow asks for it, in hours: cores, threads, GPUs. */
struct area { double core_h, thread_h, gpu_h; };
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

static void add_work(struct str *text, const struct area *a)
{
    str_add(text, "Work");
    if (a->core_h > 0)
        str_addf(text, "  %.1f core-hours", a->core_h);
    if (a->thread_h > 0)
        str_addf(text, "  %.1f thread-hours", a->thread_h);
    if (a->gpu_h > 0)
        str_addf(text, "  %.1f GPU-hours", a->gpu_h);
    str_add(text, "\n");
}

static void add_pipelines(struct str *text, const struct workflow *w)
{
    for (size_t i = 0; i < w->n_pipelines; i++) {
        const struct pipeline *p = &w->pipelines[i];
        escape_addf(text, "Pipeline %s:", p->name);
        for (size_t s = 0; s < p->n_stages; s++) {
            str_add(text, " [");
            for (size_t k = 0; k < p->stages[s].n_sets; k++)
                escape_addf(text, "%s%s", k ? " " : "", w->sets[p->stages[s].sets[k]].name);
            str_add(text, "]");
        }
        for (size_t k = 0; k < p->n_after; k++)
            escape_addf(text, "%s%s", k ? ", " : " after ", w->pipelines[p->after[k]].name);
        str_add(text, "\n");
    }
}

static cJSON *json_of_sets(const struct workflow *w, const struct platform *p, const int *levels)
{
    cJSON *sets = cJSON_CreateArray();
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *s = &w->sets[i];
        cJSON *o = cJSON_CreateObject();
        struct str demand = { 0 };
        demand_add_words(&demand, &s->demand);
        cJSON_AddStringToObject(o, "name", s->name);
        cJSON_AddNumberToObject(o, "tasks", s->n_tasks);
        cJSON_AddStringToObject(o, "demand", demand.text);
        cJSON_AddItemToObject(o, "duration_mean", output_json_number(dist_mean(s->duration)));
        cJSON_AddItemToObject(o, "duration_sd", output_json_number(dist_sd(s->duration)));
        cJSON_AddNumberToObject(o, "level", levels[i]);
        cJSON *after = cJSON_AddArrayToObject(o, "after");
        for (size_t k = 0; k < s->n_dependencies; k++)
            cJSON_AddItemToArray(after, cJSON_CreateString(w->sets[s->dependencies[k].parent].name));
        if (p) {
            struct slot_demand d = platform_slots(p, &s->demand);
            cJSON_AddNumberToObject(o, "ranks_per_node", (double)node_shape_capacity(platform_node(p, 0), &d));
            cJSON_AddNumberToObject(o, "at_once", (double)platform_capacity(p, &d));
        }
        cJSON_AddItemToArray(sets, o);
        str_clear(&demand);
    }
    return sets;
}

static cJSON *json_of(const struct workflow *w, const struct platform *p, const struct asynchronicity *a, const int *levels)
{
    struct area area = area_of(w);
    cJSON *root = json_of_workflow(w, a);
    cJSON_AddNumberToObject(root, "levels", level_count(w, levels));
    cJSON_AddNumberToObject(root, "dependencies", (double)workflow_edge_count(w));
    cJSON *work = cJSON_AddObjectToObject(root, "work");
    cJSON_AddItemToObject(work, "core_hours", output_json_number(area.core_h));
    cJSON_AddItemToObject(work, "thread_hours", output_json_number(area.thread_h));
    cJSON_AddItemToObject(work, "gpu_hours", output_json_number(area.gpu_h));
    cJSON_AddItemToObject(root, "task_sets", json_of_sets(w, p, levels));
    return root;
}

void describe_add_workflow(struct str *text, cJSON **json, const struct workflow *w, const struct platform *p)
{
    struct asynchronicity a;
    asynchronicity_of(w, p, &a);
    int *levels = longest_path_levels(w, path_graph_of(w, 0));
    output_heading(text, "Workflow");
    escape_addf(text, "%s: ", w->name);
    words_add_count(text, w->n_tasks, "task");
    str_add(text, " in ");
    words_add_count(text, w->n_sets, "set");
    str_add(text, ", ");
    size_t edges = workflow_edge_count(w);
    str_addf(text, "%zu %s between sets, ", edges, edges == 1 ? "dependency" : "dependencies");
    words_add_count(text, (size_t)level_count(w, levels), "level");
    str_add(text, "\n");
    if (w->source)
        escape_addf(text, "Source: %s\n", w->source);
    add_sets(text, w, p, levels);
    add_pipelines(text, w);
    struct area area = area_of(w);
    add_work(text, &area);
    run_output_add_asynchronicity(text, &a);
    str_add(text, "\n");
    struct str words = { 0 };
    asynchrony_add_meaning(&words, &a, &(struct gain){ .source = GAIN_UNKNOWN });
    output_paragraph(text, words.text);
    str_clear(&words);
    *json = json_of(w, p, &a, levels);
    free(levels);
}
