/* cli/plot.c - `dagcast plot`: one picture of one file. */
#include <stddef.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/plot_kinds.h"
#include "cli/unused_options.h"
#include "plots/gnuplot.h"

static int (*const draw[])(const struct plot_call *call, struct error *err) = {
    [PLOT_TIMELINES] = plot_of_timelines, [PLOT_REPLICAS] = plot_of_replicas,
    [PLOT_WORKFLOW] = plot_of_workflow,   [PLOT_CAMPAIGN] = plot_of_campaign,
    [PLOT_SERIES] = plot_of_table,        [PLOT_FRONT] = plot_of_table,
    [PLOT_SESSIONS] = plot_of_table,      [PLOT_PARITY] = plot_of_table,
    [PLOT_PARTS] = plot_of_table,
};

static const char *word_at(size_t i)
{
    return plot_kind_at(i) ? plot_kind_at(i)->name : NULL;
}

#define AT(member) OPTION_AT(struct plot_options, member)

static const struct option_row file_rows[] = {
    { .name = "output", .letter = 'o', AT(output), .file = OPTION_WRITES, .argument = "FILE",
      .help = "the picture: .svg, .png or .pdf (default: KIND.svg)" },
    { .name = "title", AT(title), .argument = "TEXT", .help = "a title of your own" },
    { .name = "chrome-trace", AT(chrome_trace), .file = OPTION_WRITES, .argument = "FILE.json",
      .help = "write the timeline for Perfetto and chrome://tracing too" },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG,
      .offset = offsetof(struct plot_options, files) + offsetof(struct output_options, quiet),
      .help = "no progress line on the terminal" },
    { .name = NULL },
};

static const struct option_row column_rows[] = {
    { .name = "x", AT(x), .argument = "COLUMN",
      .help = "across (default: of sweep the nodes or the first setting of numbers, of pareto the "
              "node-hours, of ecdf the makespan)" },
    { .name = "y", AT(y), .argument = "COLUMN", .help = "upwards (default: the makespan)" },
    { .name = "by", AT(by), .argument = "COLUMN",
      .help = "a line or colour for each value of it (default: of sweep all other settings that "
              "vary, else the mode)" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct plot_options, scenario)

static const struct option_group groups[] = {
    { .title = "Files", .rows = file_rows },
    { .title = "Columns (of a table)", .rows = column_rows },
    { .title = "Where (of a workflow)", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Mode", .settings = SETTING_HOW, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Runs", .settings = SETTING_RUN, SCENARIO },
    { .title = "Jobs and queue", .settings = SETTING_QUEUE, SCENARIO },
    { .title = "Replicas (of 'makespan')", .settings = SETTING_REPLICA,
      .rows = scenario_thread_rows, SCENARIO },
    { .title = NULL },
};

enum { KINDS_MOST = 64 };

static int refuse_kind(const char *name, struct error *err)
{
    const char *names[KINDS_MOST + 1] = { NULL };
    struct str all = { 0 };
    for (size_t i = 0; i < KINDS_MOST && plot_kind_at(i); i++) {
        names[i] = plot_kind_at(i)->name;
        str_addf(&all, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = str_nearest(name, names);
    if (near)
        error_set(err, "no kind of picture is named '%s'; did you mean '%s'?", name, near);
    else
        error_set(err, "no kind of picture is named '%s'; there are: %s", name, all.text);
    str_clear(&all);
    return -1;
}

static char *unsaid_output(const struct invocation *call)
{
    const struct plot_options *o = call->options;
    return o->output ? NULL : str_format("%s.svg", call->operands.at[0]);
}

#define STORED "a result is drawn as it is; give its workflow or scenario to run another one"

static int check_columns(const struct plot_call *call, struct error *err)
{
    const struct plot_options *o = call->options;
    const char *name = o->x ? "x" : o->y ? "y" : o->by ? "by" : NULL;
    if (name && !call->kind->series)
        return error_set(err, "--%s: chooses a column of the kinds sweep, pareto and ecdf", name);
    if (o->y && !call->kind->y)
        return error_set(err, "--y: an ecdf's height is the share of rows; --x chooses the column");
    if (o->chrome_trace && !call->kind->timelines)
        return error_set(err, "--chrome-trace: writes the timeline of kinds that draw one; "
                              "'dagcast plot gantt' does");
    return 0;
}

/* A picture uses what its kind and its input leave open. */
static void tell_unused(const struct plot_call *call)
{
    const struct scenario_options *o = &call->options->scenario;
    enum input_kind in = call->input->kind;
    struct json root =
        call->input->document ? json_root(call->input->document) : (struct json){ 0 };
    bool alone = in == INPUT_SCENARIO && json_has(&root, "task_sets");
    switch (call->kind->needs) {
    case PLOT_TIMELINES:
        if (in == INPUT_RECORD)
            unused_settings(o, UNUSED_ALL, "plot", "a recorded run is drawn as it was");
        else if (in == INPUT_RESULT)
            unused_settings(o, UNUSED_ALL & ~UNUSED_MODE, "plot", STORED);
        else
            unused_settings(o, UNUSED_REPLICAS, "plot", "replica 0 is drawn");
        break;
    case PLOT_CAMPAIGN:
    case PLOT_REPLICAS:
        unused_settings(o, UNUSED_MODE, "plot", "all three modes are drawn");
        if (in == INPUT_RESULT)
            unused_settings(o, UNUSED_ALL & ~UNUSED_MODE, "plot", STORED);
        break;
    case PLOT_WORKFLOW:
        if (in != INPUT_SCENARIO || alone)
            unused_settings(o, UNUSED_ALL, "plot", "the workflow alone is drawn");
        break;
    default:
        unused_settings(o, UNUSED_ALL, "plot", "a table is drawn as it is");
    }
}

static int run(const struct invocation *call, struct error *err)
{
    const struct plot_options *o = call->options;
    const struct plot_kind *kind = plot_kind_find(call->operands.at[0]);
    if (!kind)
        return refuse_kind(call->operands.at[0], err);
    char *path = o->output ? str_format("%s", o->output) : unsaid_output(call);
    struct input input = { 0 };
    const char *name = str_file_name(call->operands.at[1]);
    int status = gnuplot_knows(path)
                     ? input_open(&input, call->operands.at[1], err)
                     : error_set(err, "--output: %s does not end in .svg, .png or .pdf", path);
    const cJSON *result = input.document ? json_root(input.document).value : NULL;
    const struct plot_call plot = { kind, o, &input, result, name, path, call->data_dirs };
    if (status == 0)
        status = check_columns(&plot, err);
    if (status == 0)
        tell_unused(&plot);
    if (status == 0)
        status = draw[kind->needs](&plot, err);
    if (status == 0)
        status = output_wrote(path, err);
    input_close(&input);
    free(path);
    return status;
}

static const struct example examples[] = {
    { "plot gantt examples/ddmd.json --platform summit --nodes 16 --output ddmd.svg",
      "the three modes, task by task" },
    { "plot utilisation re.session.login2.tgz -o busy.png", "what a recorded run kept busy" },
    { "plot makespan examples/ddmd.json -p summit -n 4 -m radical-entk --walltime 2h -r 1000",
      "how likely does it end within two hours?" },
    { "plot sweep results.csv --y utilisation_gpus",
      "of 'dagcast sweep STUDY --csv >results.csv'" },
    { "plot dag examples/ddmd.json -o ddmd.pdf", "the workflow as a graph" },
    { NULL, NULL },
};

const struct command command_plot = {
    .name = "plot",
    .section = "Look",
    .summary = "a picture of a timeline, scenario, workflow, sweep or result",
    .operands = "KIND INPUT",
    .min_operands = 2,
    .max_operands = 2,
    .first_file = 1,
    .word_at = word_at,
    .unsaid_output = unsaid_output,
    .description =
        "Draws one picture of one file.\n\n"
        "Of a timeline: gantt (tasks on nodes and lanes, coloured by set), utilisation (cores and "
        "GPUs busy, blocked and free), concurrency (running tasks), stations (tasks that wait in "
        "each station of the middleware, and how long), comparison (all on one page). INPUT is a "
        "recorded run or a task table (anything that 'dagcast import' reads), a workflow or a "
        "scenario (replica 0 of each mode is simulated), or what --json --picture-data printed of "
        "compare or simulate, which is drawn as it was stored; --mode takes one of the modes.\n\n"
        "Of a scenario, or such a result: makespan (its distribution over replicas, per mode; with "
        "--walltime of the session, and how many end in time).\n\n"
        "Of a table, a CSV file or what --json printed of sweep or advise: sweep (a result over a "
        "setting, a line with its interval for each of the others), pareto (cost against time; who "
        "is beaten by none), ecdf (the distribution of a column).\n\n"
        "Of what --json printed: parity (of validate: predicted against measured), sessions (of "
        "advise: over nodes), explain (of explain: what each mode's makespan consists of).\n\n"
        "Of a workflow: dag (task sets and dependencies, with the critical path; needs "
        "graphviz).\n\n"
        "Colours can be told apart in grey and by the colour-blind. Pictures need gnuplot.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct plot_options),
    .run = run,
};
