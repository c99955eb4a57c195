#include "cli/run_output.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/loaded_hash.h"
#include "cli/output.h"
#include "cli/words.h"
#include "core/extrapolation.h"
#include "plots/chrome_trace.h"
#include "sim/simulate.h"

enum { CELL_MAX = 96 };

struct row_table row_table_new(const char *const *value_names, size_t n)
{
    struct row_table t = { .table = table_new(), .n_values = n };
    table_add_column(t.table, "", TABLE_LEFT);
    for (size_t i = 0; i < n; i++)
        table_add_column(t.table, value_names[i], TABLE_RIGHT);
    return t;
}

void row_table_add(struct row_table *t, const char *name)
{
    table_add_row(t->table);
    table_set_text(t->table, 0, name);
}

void row_table_text(struct row_table *t, size_t value, const char *format, ...)
{
    char cell[CELL_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(cell, sizeof cell, format, arguments);
    va_end(arguments);
    table_set_text(t->table, value + 1, cell);
}

void row_table_seconds(struct row_table *t, size_t value, double seconds)
{
    if (isfinite(seconds))
        row_table_text(t, value, "%.1f s", seconds);
}

void row_table_percent(struct row_table *t, size_t value, double share)
{
    if (isfinite(share))
        row_table_text(t, value, "%.1f %%", 100 * share);
}

void row_table_print(struct row_table *t, struct str *out)
{
    table_print(t->table, out, 0);
    table_free(t->table);
    t->table = NULL;
}

cJSON *json_of_interval(struct stats_interval i)
{
    cJSON *pair = cJSON_CreateArray();
    cJSON_AddItemToArray(pair, output_json_number(i.low));
    cJSON_AddItemToArray(pair, output_json_number(i.high));
    return pair;
}

static void add_number(cJSON *object, const char *key, double x)
{
    cJSON_AddItemToObject(object, key, output_json_number(x));
}

cJSON *json_of_sample(const struct stats_summary *s)
{
    cJSON *o = cJSON_CreateObject();
    add_number(o, "mean", s->mean);
    add_number(o, "sd", s->sd);
    cJSON_AddItemToObject(o, "ci95", json_of_interval(s->ci95));
    cJSON *quantiles = cJSON_AddObjectToObject(o, "quantiles");
    add_number(quantiles, "0.05", s->q05);
    add_number(quantiles, "0.5", s->q50);
    add_number(quantiles, "0.95", s->q95);
    add_number(o, "min", s->min);
    add_number(o, "max", s->max);
    return o;
}

cJSON *json_of_modes(const struct two_modes *m)
{
    if (!m->found)
        return cJSON_CreateNull();
    cJSON *o = cJSON_CreateObject();
    add_number(o, "low", m->low);
    add_number(o, "share_low", m->share_low);
    add_number(o, "high", m->high);
    add_number(o, "share_high", m->share_high);
    add_number(o, "gap", m->gap);
    return o;
}

cJSON *json_of_order(const struct pipeline_orders *p)
{
    if (p->n_orders == 0)
        return cJSON_CreateNull();
    cJSON *o = cJSON_CreateObject();
    add_number(o, "submitters", (double)p->n_pipelines);
    add_number(o, "tried", (double)p->n_orders);
    cJSON_AddBoolToObject(o, "all", p->all);
    add_number(o, "file", p->file_s);
    add_number(o, "best", p->best_s);
    add_number(o, "worst", p->worst_s);
    cJSON_AddBoolToObject(o, "matters", pipeline_orders_matter(p));
    return o;
}

cJSON *json_of_summary(const struct summary *s)
{
    cJSON *o = cJSON_CreateObject();
    add_number(o, "replicas", (double)s->n);
    cJSON_AddItemToObject(o, "makespan", json_of_sample(&s->makespan));
    cJSON_AddItemToObject(o, "session", json_of_sample(&s->session));
    cJSON_AddItemToObject(o, "bimodal", json_of_modes(&s->modes));
    add_number(o, "lower_bound", s->lower_bound_s);
    cJSON *utilisation = cJSON_AddObjectToObject(o, "utilisation");
    add_number(utilisation, "cores", s->utilisation_slots);
    add_number(utilisation, "gpus", s->utilisation_gpus);
    cJSON *held = cJSON_AddObjectToObject(o, "held");
    add_number(held, "cores", s->held_slots);
    add_number(held, "gpus", s->held_gpus);
    add_number(o, "node_hours", s->node_hours);
    cJSON *stations = cJSON_AddObjectToObject(o, "stations");
    for (int i = 0; i < WAITS; i++)
        add_number(stations, wait_key((enum wait)i), s->wait_s[i]);
    add_number(o, "share_complete", s->share_complete);
    add_number(o, "share_in_time", s->share_in_time);
    add_number(o, "failed", s->failed);
    add_number(o, "killed", s->killed);
    add_number(o, "cancelled", s->cancelled);
    add_number(o, "retries", s->retries);
    add_number(o, "lost_slot_seconds", s->lost_slot_s);
    return o;
}

static cJSON *json_of_platform(const struct platform *p)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "name", p->name);
    add_number(o, "nodes", (double)p->n_nodes);
    cJSON_AddStringToObject(o, "slot", p->slot_kind == SLOT_CORE ? "core" : "thread");
    add_number(o, "slots", (double)platform_usable_slots(p));
    add_number(o, "gpus", (double)platform_gpus(p));
    return o;
}

static void add_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, key, text);
    else
        cJSON_AddNullToObject(object, key);
}

cJSON *json_of_scenario(const struct scenario_set *set)
{
    const struct scenario *s = &set->scenario;
    cJSON *o = cJSON_CreateObject();
    scenario_set_add_source(o, set);
    loaded_hash_add(o, set);
    cJSON_AddItemToObject(o, "platform", json_of_platform(s->platform));
    cJSON_AddStringToObject(o, "middleware", s->middleware->name);
    add_text(o, "scheduler", s->scheduler.scheduler);
    add_text(o, "generation", s->scheduler.generation);
    bool own = s->scheduler.scheduler != NULL;
    add_text(o, "order", own ? NULL : s->scheduler.order);
    add_text(o, "overtake", own ? NULL : s->scheduler.overtake);
    add_text(o, "placement", own ? NULL : s->scheduler.placement);
    cJSON_AddItemToObject(o, "seed", json_whole(s->seed));
    add_number(o, "replicas", (double)set->replicas);
    add_number(o, "walltime", s->walltime_s > 0 ? s->walltime_s : NAN);
    struct str why = { 0 };
    add_text(o, "extrapolation", extrapolation_add_reasons(&why, s) ? why.text : NULL);
    add_number(o, "extrapolation_factor", extrapolation_spread(s));
    str_clear(&why);
    return o;
}

static void add_degree_json(cJSON *object, cJSON *exact, const char *key, const struct degree *d)
{
    if (d->value == DEGREE_UNKNOWN)
        return;
    add_number(object, key, d->value);
    cJSON_AddBoolToObject(exact, key, d->exact);
}

cJSON *json_of_workflow(const struct workflow *w, const struct asynchronicity *a)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "name", w->name);
    add_number(o, "sets", (double)w->n_sets);
    add_number(o, "tasks", (double)w->n_tasks);
    add_number(o, "doa_dep", a->doa_dep);
    cJSON *exact = cJSON_CreateObject();
    add_degree_json(o, exact, "width", &a->width);
    add_degree_json(o, exact, "doa_res", &a->doa_res);
    add_degree_json(o, exact, "doa_res_partial", &a->doa_res_partial);
    add_degree_json(o, exact, "wla", &a->wla);
    cJSON_AddItemToObject(o, "exact", exact);
    return o;
}

void json_add_note(cJSON *root, const char *words)
{
    if (!words || !*words)
        return;
    size_t n = strlen(words);
    while (n > 0 && (words[n - 1] == ' ' || words[n - 1] == '\n'))
        n--;
    char *note = str_format("%.*s", (int)n, words);
    cJSON *notes = cJSON_GetObjectItemCaseSensitive(root, "notes");
    cJSON_AddItemToArray(notes ? notes : cJSON_AddArrayToObject(root, "notes"), cJSON_CreateString(note));
    free(note);
}

void json_add_notes(cJSON *root, const struct scenario *s, const char *const *names, const double *share, size_t n, size_t replicas)
{
    struct str cut = { 0 }, one = { 0 };
    words_add_cut_runs(&cut, s, names, share, n);
    words_add_one_replica(&one, replicas);
    json_add_note(root, cut.text);
    json_add_note(root, one.text);
    str_clear(&cut);
    str_clear(&one);
}

void json_add_closed_forms(cJSON *object, const struct mode_prediction *p)
{
    add_number(object, "closed_form", p->mean.makespan_s);
    add_number(object, "closed_form_expected_max", p->expected_max.makespan_s);
    add_number(object, "closed_form_overhead", p->mean.overhead_s);
    add_number(object, "critical_path", p->critical_path_s);
}

static void add_degree(struct str *text, const char *name, const struct degree *d, const char *end)
{
    if (d->value == DEGREE_UNKNOWN)
        return;
    char *value = degree_format(d);
    str_addf(text, "%s %s%s", name, value, end);
    free(value);
}

void run_output_add_asynchronicity(struct str *text, const struct asynchronicity *a)
{
    str_addf(text, "DOA_dep %d, ", a->doa_dep);
    add_degree(text, "width", &a->width, "");
    add_degree(text, ", DOA_res", &a->doa_res, "");
    add_degree(text, " (one task of each:", &a->doa_res_partial, ")");
    add_degree(text, ", WLA", &a->wla, "");
}

struct timeline *run_output_timeline(const struct scenario *s, struct error *err)
{
    struct simulator *simulator = simulator_new(s, err);
    if (!simulator)
        return NULL;
    struct timeline *t = timeline_new(s->workflow, s->platform);
    struct replica ignored;
    simulator_run(simulator, 0, t, &ignored);
    simulator_free(simulator);
    return t;
}

struct stream { struct timeline_csv *csv; struct chrome_trace *trace; };

static void take(void *context, const struct timeline *piece, size_t n)
{
    const struct stream *stream = context;
    if (stream->csv)
        timeline_csv_add(stream->csv, piece, n);
    if (stream->trace)
        chrome_trace_add(stream->trace, piece, n);
}

/* The session's end stands in front of a CSV: a run of its own finds it, for a small part of what writing costs. */
static double session_end(struct simulator *simulator)
{
    struct replica r;
    simulator_run(simulator, 0, NULL, &r);
    return r.session_s;
}

static int stream_to(struct simulator *simulator, const struct scenario *s, const char *csv, const char *chrome_trace, struct error *err)
{
    struct stream stream = { 0 };
    const struct record_sink sink = { take, &stream };
    struct replica ignored;
    if (csv && !(stream.csv = timeline_csv_open(s->workflow, s->platform, 0, session_end(simulator), csv, err)))
        return -1;
    if (chrome_trace && !(stream.trace = chrome_trace_open(s->workflow, s->platform, chrome_trace, err))) {
        timeline_csv_abandon(stream.csv);
        return -1;
    }
    simulator_stream(simulator, 0, &sink, &ignored);
    int status = stream.csv ? timeline_csv_close(stream.csv, err) : 0;
    if (stream.trace && status == 0)
        status = chrome_trace_close(stream.trace, err);
    else if (stream.trace)
        chrome_trace_abandon(stream.trace);
    return status;
}

int run_output_stream(const struct scenario *s, const char *csv, const char *chrome_trace, struct error *err)
{
    struct simulator *simulator = simulator_new(s, err);
    if (!simulator)
        return -1;
    int status = stream_to(simulator, s, csv, chrome_trace, err);
    simulator_free(simulator);
    return status;
}
