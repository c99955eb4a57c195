/* cli/simulate.c - `dagcast simulate`: one mode, many replicas. */
#include <math.h>
#include <stddef.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/picture_data.h"
#include "cli/run_doc.h"
#include "cli/scenario_doc.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "cli/timelines.h"
#include "plots/picture.h"
#include "study/replicate.h"
#include "study/summary.h"

struct simulate_options {
    struct scenario_options scenario;
    struct output_options output;
    const char *timeline, *chrome_trace, *plot;
    bool picture_data;
};

#define AT(member) OPTION_AT(struct simulate_options, member)

static const struct option_row file_rows[] = {
    { .name = "timeline", AT(timeline), .file = OPTION_WRITES, .argument = "FILE.csv",
      .help = "write the task table of one replica (number 0), while it runs: memory does not grow "
              "with tasks" },
    { .name = "chrome-trace", AT(chrome_trace), .file = OPTION_WRITES, .argument = "FILE.json",
      .help = "write the same replica for Perfetto and chrome://tracing, likewise" },
    { .name = "plot", AT(plot), .file = OPTION_WRITES_FOLDER, .argument = "DIR",
      .help = "draw the same replica: Gantt chart by node, utilisation, running tasks; SVG and "
              "PNG" },
    PICTURE_DATA_ROW(struct simulate_options, picture_data),
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct simulate_options, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Mode", .settings = SETTING_HOW, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Runs", .settings = SETTING_RUN, SCENARIO },
    { .title = "Jobs and queue", .settings = SETTING_QUEUE, SCENARIO },
    { .title = "Replicas", .settings = SETTING_REPLICA, .rows = scenario_thread_rows, SCENARIO },
    { .title = "Files", .rows = file_rows },
    SHOW_PROGRESS_GROUP(struct simulate_options),
    { .title = NULL },
};

/* ---- the result ---- */

/* Sessions differ from makespans only through a middleware. */
DOC_TEST(has_session, const struct scenario_set *s = r->context,
         !middleware_is_ideal(s->middleware))

static bool is_incomplete(const struct doc_record *r)
{
    return ((const struct run *)r->item)->summary.share_complete < 1;
}

DOC_TEST(has_walltime, const struct scenario_set *s = r->context, s->scenario.walltime_s > 0)

#define SESSION(unit_, decimals_)                                                                  \
    .format = { .unit = (unit_), .decimals = (decimals_) }, .optional = true, .when = has_session

static const struct doc_field fields[] = {
    RUN_MAKESPAN_FIELDS,
    { .label = "session: mean", .main = true, SESSION(DOC_SECONDS, 0),
      DOC_MEMBER(struct run, summary.session.mean) },
    { .label = "  sd", SESSION(DOC_SECONDS, 2), DOC_MEMBER(struct run, summary.session.sd) },
    { .label = "  95 % interval of the mean", SESSION(DOC_SECONDS, 0),
      DOC_MEMBER_INTERVAL(struct run, summary.session.ci95) },
    { .label = "  5 / 50 / 95 % quantiles", SESSION(DOC_SECONDS, 0),
      DOC_MEMBER_TRIPLE(struct run, summary.session.q05) },
    RUN_JOB_FIELDS,
    RUN_RESOURCE_FIELDS,
    { .label = "replicas with every task done", .optional = true, .when = is_incomplete,
      RUN_SHARE(summary.share_complete) },
    { .label = "replicas that end in time", .optional = true, .when = has_walltime,
      RUN_SHARE(summary.share_in_time) },
    DOC_FIELDS_END,
};

/* Where a task's time goes outside of its computing, and what became of tasks: means, for people.
 */
struct mean { const char *name; double value; };

static const struct doc_field wait_fields[] = {
    { .label = "mean time of a task in", DOC_MEMBER(struct mean, name) },
    { .label = "time", .format = { .unit = DOC_SECONDS, .decimals = 2 },
      DOC_MEMBER(struct mean, value) },
    DOC_FIELDS_END,
};

static size_t times_of(struct mean *out, const struct summary *s)
{
    static const char *const spent[SPENTS] = {
        [SPENT_MOVING] = "transfers", [SPENT_ASKING] = "requests", [SPENT_SAVING] = "checkpoints",
    };
    size_t n = 0;
    for (int i = 0; i < WAITS; i++)
        out[n++] = (struct mean){ wait_label((enum wait)i), s->wait_s[i] };
    for (int i = 0; i < SPENTS; i++)
        if (s->spent_s[i] > 0)
            out[n++] = (struct mean){ spent[i], s->spent_s[i] };
    return n;
}

static void add_means(struct doc *d, const struct summary *s)
{
    const struct mean counts[] = {
        { "tasks failed for good", s->failed }, { "tasks killed at the walltime", s->killed },
        { "tasks cancelled", s->cancelled }, { "attempts repeated", s->retries },
        { "attempts lost with their node", s->lost },
    };
    struct mean times[WAITS + SPENTS];
    size_t n_times = times_of(times, s);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value > 0)
            doc_factf(d, NULL, counts[i].name, "%.2f", counts[i].value);
    doc_table(d, &(struct doc_table){ .fields = wait_fields, DOC_ITEMS(times, n_times) });
}

struct simulated {                       /* what a result and its page show */
    const struct scenario_set *set;
    struct run run;
    const struct replicas *runs;
    struct picture_data data;            /* its timeline is NULL unless kept */
};

static bool wants_page(const struct simulate_options *o)
{
    return o->output.report || o->picture_data;
}

static struct doc *result_of(const struct simulated *s, const struct invocation *call)
{
    const struct scenario_set *set = s->set;
    const struct simulate_options *o = call->options;
    const bool page = wants_page(o);
    struct doc *d = show_new("simulate");
    struct str words = { 0 };
    scenario_doc_warn_cut(d, &set->scenario, &s->run.summary.share_complete, 1);
    doc_section(d, "Simulation");
    str_addf(&words, ", in the %s mode?", mode_name(set->scenario.mode));
    run_doc_add_question(d, set, words.text);
    str_clear(&words);
    run_doc_add_figure(d, &s->run, NAN);
    scenario_doc_add(d, set, SCENARIO_MODE);
    scenario_doc_add_sets(d, set->workflow);
    doc_fact(d, "workflow", NULL, DOC_TEXT, doc_text(set->workflow->name));
    doc_fact(d, "mode", NULL, DOC_TEXT, doc_text(mode_name(set->scenario.mode)));
    doc_section(d, "Results");
    doc_facts(d, fields, &s->run, set);
    add_means(d, &s->run.summary);
    decided_doc_add(d, set->workflow, (const char *[]){ mode_name(set->scenario.mode) },
                    &s->runs, 1);
    run_doc_add_members(d, &s->run);
    if (page)
        picture_data_add_makespans(d, &s->data);
    run_doc_add_two_values(&words, &s->run);
    doc_say_str(d, DOC_PLAIN, NULL, &words);
    scenario_doc_note_one_replica(d, s->run.summary.n);
    doc_sayf(d, DOC_NOTE, NULL,
             "Makespan: from the first task's start to the last task's stop; the session adds the "
             "middleware's start, first submission and drain.%s",
             s->run.summary.n > 1 ? " Figures are means over replicas." : "");
    if (page) {
        doc_page_only(d);
        page_add_timelines(d, &s->data.picture);
        picture_data_add_workflow(d, set->workflow);
    }
    if (o->picture_data)
        picture_data_store(d, &s->data);
    show_add_commands(d, call, &set->scenario.seed);
    return d;
}

/* ---- the run ---- */

static int write_out(const struct scenario_set *set, const struct replicas *r,
                     const struct pipeline_orders *order, const struct invocation *call,
                     struct error *err)
{
    const struct simulate_options *o = call->options;
    const enum mode m = set->scenario.mode;
    struct simulated s = {
        .set = set, .run = { .mode = m, .summary = summary_of(&set->scenario, r), .order = *order },
        .runs = r,
    };
    picture_data_of(&s.data, set, &(struct mode_runs){ m, r }, 1);
    int status = timeline_files_write(&set->scenario, r, o->timeline, o->chrome_trace, err);
    if (status == 0 && o->plot)
        status = plot_all(&s.data.picture, o->plot, err);
    if (status == 0)
        status = show(result_of(&s, call), &o->output, err);
    picture_data_clear(&s.data);
    return status;
}

static int simulate(const struct scenario_set *set, const struct invocation *call,
                    struct error *err)
{
    const struct simulate_options *o = call->options;
    struct progress *progress = output_progress(&o->output, "replicas", set->replicas);
    struct replicate_options few = {
        .replicas = set->replicas, .precision = set->precision, .threads = set->threads,
        .bounds = true,
        .stop = interrupt_flag(), .progress = progress,
    }, how = few;
    how.campaign = wants_page(o) ? CAMPAIGN_REPLICAS : 0;
    how.keep_first = o->plot || wants_page(o) ||
                     timeline_files_keep(&set->scenario, o->timeline || o->chrome_trace);
    struct replicas r;
    int status = replicate(&set->scenario, &how, &r, err);
    progress_free(progress);
    few.progress = NULL;
    if (status)
        return -1;
    struct pipeline_orders order = { .interrupted = r.interrupted };
    if (!r.interrupted)
        status = pipeline_orders_few(&set->scenario, &few, &r, &order, err);
    if (status == 0)
        status = order.interrupted ? error_set(err, "interrupted; nothing was written")
                                   : write_out(set, &r, &order, call, err);
    replicas_clear(&r);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct simulate_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    int status = o->picture_data ? picture_data_check(set.workflow, 1, &o->output, err) : 0;
    if (status == 0)
        status = simulate(&set, call, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "simulate examples/ddmd.json --platform summit --nodes 16 --mode pipelined",
      "one mode in detail" },
    { "simulate w.json -p summit -n 4 --replicas 1 --timeline tasks.csv", "one run, task by task" },
    { "simulate w.json -p summit -n 4 --replicas 1 --chrome-trace run.json",
      "the same to look at: open run.json in https://ui.perfetto.dev" },
    { "simulate w.json -p summit -n 4 --walltime 30m --replicas 10000",
      "how likely does it end within half an hour?" },
    { NULL, NULL },
};

const struct command command_simulate = {
    .name = "simulate",
    .section = "Predict",
    .summary = "one execution mode in detail: makespan, session, waits, failures",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Simulates the workflow in one execution mode: replicas that differ in their "
                   "random numbers only. Replica by replica and task by task the same seed gives "
                   "the same numbers under every mode and policy, on any number of threads.\n\n"
                   "SCENARIO is a workflow (JSON, docs/formats.md; or a WfFormat instance), with "
                   "--platform to say where; or a scenario file that says all of it. Options go "
                   "before what a scenario file says.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct simulate_options),
    .run = run,
};
