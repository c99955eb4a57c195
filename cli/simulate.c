/* cli/simulate.c - `dagcast simulate`: one mode, many replicas. */
#include <stddef.h>

#include "base/escape.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/scenario_options.h"
#include "cli/words.h"
#include "plots/picture.h"
#include "study/replicate.h"
#include "study/summary.h"

struct simulate_options {
    struct scenario_options scenario;
    struct output_options output;
    const char *timeline, *chrome_trace, *plot;
};

static const struct option_row file_rows[] = {
    { .name = "timeline", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.csv",
      .offset = offsetof(struct simulate_options, timeline),
      .help = "write the task table of one replica (number 0), while it runs: memory does not grow with tasks" },
    { .name = "chrome-trace", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.json",
      .offset = offsetof(struct simulate_options, chrome_trace),
      .help = "write the same replica for Perfetto and chrome://tracing, likewise" },
    { .name = "plot", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "DIR", .offset = offsetof(struct simulate_options, plot),
      .help = "draw the same replica: Gantt chart by node, utilisation, running tasks; SVG and PNG" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct simulate_options, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .rows = scenario_place_rows, SCENARIO },
    { .title = "Mode", .rows = scenario_mode_rows, SCENARIO },
    { .title = "Scheduler", .rows = scenario_policy_rows, SCENARIO },
    { .title = "Runs", .rows = scenario_run_rows, SCENARIO },
    { .title = "Replicas", .rows = scenario_replica_rows, SCENARIO },
    { .title = "Files", .rows = file_rows },
    { .title = "Output", .rows = output_progress_rows, .offset = offsetof(struct simulate_options, output) },
    { .title = NULL },
};

static void add_sample_rows(struct row_table *t, const char *name, const struct stats_summary *s)
{
    struct str label = { 0 };
    escape_addf(&label, "%s: mean", name);
    row_table_add(t, label.text);
    str_clear(&label);
    row_table_seconds(t, 0, s->mean);
    if (s->n < 2)
        return;
    row_table_add(t, "  sd");
    row_table_text(t, 0, "%.3g s", s->sd);
    row_table_add(t, "  95 % interval of the mean");
    row_table_text(t, 0, "%.1f .. %.1f s", s->ci95.low, s->ci95.high);
    row_table_add(t, "  5 / 50 / 95 % quantiles");
    row_table_text(t, 0, "%.1f / %.1f / %.1f s", s->q05, s->q50, s->q95);
}

static void add_resource_rows(struct row_table *t, const struct summary *m)
{
    row_table_add(t, "lower bound");
    row_table_seconds(t, 0, m->lower_bound_s);
    row_table_add(t, "utilisation of cores");
    row_table_percent(t, 0, m->utilisation_slots);
    row_table_add(t, "utilisation of GPUs");
    row_table_percent(t, 0, m->utilisation_gpus);
    row_table_add(t, "node-hours");
    row_table_text(t, 0, "%.2f", m->node_hours);
}

/* Where a task's time goes outside of its execution, and what became of tasks. */
static void add_task_rows(struct row_table *t, const struct summary *m)
{
    row_table_add(t, "mean time of a task in");
    for (int i = 0; i < WAITS; i++) {
        struct str label = { 0 };
        escape_addf(&label, "  %s", wait_label((enum wait)i));
        row_table_add(t, label.text);
        row_table_text(t, 0, "%.2f s", m->wait_s[i]);
        str_clear(&label);
    }
    const struct { const char *name; double value; } counts[] = {
        { "tasks failed for good", m->failed }, { "tasks killed at the walltime", m->killed },
        { "tasks cancelled", m->cancelled }, { "attempts repeated", m->retries },
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].value <= 0)
            continue;
        row_table_add(t, counts[i].name);
        row_table_text(t, 0, "%.2f", counts[i].value);
    }
}

static int print_text(const struct scenario_set *set, const struct summary *m, const struct pipeline_orders *order, struct error *err)
{
    struct str text = { 0 }, words = { 0 };
    words_add_cut_runs(&text, &set->scenario, &(const char *){ mode_name(set->scenario.mode) }, &m->share_complete, 1);
    output_heading(&text, "Simulation");
    words_add_header(&text, set, true);
    str_add(&text, "\n");
    struct row_table t = row_table_new(&(const char *){ mode_name(set->scenario.mode) }, 1);
    add_sample_rows(&t, "makespan", &m->makespan);
    if (!middleware_is_ideal(set->middleware))
        add_sample_rows(&t, "session", &m->session);
    add_resource_rows(&t, m);
    add_task_rows(&t, m);
    if (m->share_complete < 1) {
        row_table_add(&t, "replicas with every task done");
        row_table_percent(&t, 0, m->share_complete);
    }
    if (set->scenario.walltime_s > 0) {
        row_table_add(&t, "replicas that end in time");
        row_table_percent(&t, 0, m->share_in_time);
    }
    row_table_print(&t, &text);
    str_add(&text, "\n");
    words_add_modes(&words, mode_name(set->scenario.mode), &m->modes);
    words_add_order(&words, mode_name(set->scenario.mode), order);
    words_add_one_replica(&words, m->n);
    str_add(&words, "Makespan: from the first task's start to the last task's stop; the session is that with the middleware's start, first "
                    "submission and drain.");
    str_add(&words, m->n > 1 ? " Figures are means over replicas." : "");
    output_paragraph(&text, words.text);
    int status = output_text(&text, err);
    str_clear(&words);
    str_clear(&text);
    return status;
}

static int print_json(const struct scenario_set *set, const struct summary *m, const struct pipeline_orders *order, struct error *err)
{
    cJSON *root = output_json_new("simulate");
    cJSON_AddItemToObject(root, "scenario", json_of_scenario(set));
    cJSON_AddStringToObject(root, "workflow", set->workflow->name);
    cJSON_AddStringToObject(root, "mode", mode_name(set->scenario.mode));
    const char *mode = mode_name(set->scenario.mode);
    json_add_notes(root, &set->scenario, &mode, &m->share_complete, 1, m->n);
    cJSON_AddItemToObject(root, "order", json_of_order(order));
    cJSON *summary = json_of_summary(m);
    while (summary->child) {
        cJSON *item = cJSON_DetachItemFromArray(summary, 0);
        cJSON_AddItemToObject(root, item->string, item);
    }
    cJSON_Delete(summary);
    return output_json(root, err);
}

static int draw(const struct scenario *s, const char *folder, struct error *err)
{
    struct timeline *t = run_output_timeline(s, err);
    if (!t)
        return -1;
    const struct picture_panel panel = { .name = mode_name(s->mode), .timeline = t };
    int status = plot_all(&(struct picture){ .panels = &panel, .n_panels = 1 }, folder, err);
    timeline_free(t);
    return status;
}

static int write_files(const struct scenario *s, const struct simulate_options *o, struct error *err)
{
    if ((o->timeline || o->chrome_trace) && run_output_stream(s, o->timeline, o->chrome_trace, err))
        return -1;
    return o->plot ? draw(s, o->plot, err) : 0;
}

static int simulate(const struct scenario_set *set, const struct simulate_options *o, struct error *err)
{
    struct progress *progress = output_progress(&o->output, "replicas", set->replicas);
    struct replicate_options how = {
        .replicas = set->replicas, .precision = set->precision, .threads = set->threads, .bounds = true,
        .stop = interrupt_flag(), .progress = progress,
    };
    struct replicas r;
    int status = replicate(&set->scenario, &how, &r, err);
    progress_free(progress);
    if (status)
        return -1;
    if (r.interrupted) {
        replicas_clear(&r);
        return error_set(err, "interrupted; nothing was written");
    }
    struct summary m = summary_of(&set->scenario, &r);
    replicas_clear(&r);
    struct pipeline_orders order;
    if (pipeline_orders_few(&set->scenario, &how, &order, err))
        return -1;
    if (order.interrupted)
        return error_set(err, "interrupted; nothing was written");
    if (write_files(&set->scenario, o, err))
        return -1;
    return o->output.json ? print_json(set, &m, &order, err) : print_text(set, &m, &order, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct simulate_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    int status = simulate(&set, o, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "simulate examples/ddmd.json --platform summit --nodes 16 --mode pipelined", "one mode in detail" },
    { "simulate w.json -p summit -n 4 --replicas 1 --timeline tasks.csv", "one run, task by task" },
    { "simulate w.json -p summit -n 4 --replicas 1 --chrome-trace run.json",
      "the same to look at: open run.json in https://ui.perfetto.dev" },
    { "simulate w.json -p summit -n 4 --walltime 30m --replicas 10000", "how likely does it end within half an hour?" },
    { NULL, NULL },
};

const struct command command_simulate = {
    .name = "simulate",
    .section = "Predict",
    .summary = "one execution mode in detail: makespan, session, waits, failures",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Simulates the workflow in one execution mode: replicas that differ in their random numbers only. Replica by replica and "
        "task by task the same seed gives the same numbers under every mode and policy, on any number of threads.\n\n"
        "SCENARIO is a workflow (JSON, docs/formats.md; or a WfFormat instance), with --platform to say where; or a scenario file that "
        "says all of it. "
        "Options go before what a scenario file says.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct simulate_options),
    .defaults = &(const struct simulate_options){ .scenario = SCENARIO_OPTIONS_DEFAULTS },
    .run = run,
};
