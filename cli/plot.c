/* cli/plot.c - `dagcast plot`: one picture of one file. */
#include <stddef.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/plot_kinds.h"
#include "plots/gnuplot.h"

static const struct plot_kind {
    const char *name;
    int (*draw)(const struct plot_call *call, struct error *err);
} kinds[] = {
    { "gantt", plot_call_gantt },
    { "utilisation", plot_call_utilisation },
    { "concurrency", plot_call_concurrency },
    { "stations", plot_call_stations },
    { "comparison", plot_call_comparison },
    { "makespan", plot_call_makespan },
    { "dag", plot_call_dag },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct option_row file_rows[] = {
    { .name = "output", .letter = 'o', .kind = OPTION_TEXT, .argument = "FILE", .offset = offsetof(struct plot_options, output),
      .help = "the picture: .svg, .png or .pdf (default: KIND.svg)" },
    { .name = "title", .kind = OPTION_TEXT, .argument = "TEXT", .offset = offsetof(struct plot_options, title),
      .help = "a title of your own" },
    { .name = "chrome-trace", .kind = OPTION_TEXT, .argument = "FILE.json", .offset = offsetof(struct plot_options, chrome_trace),
      .help = "write the timeline for Perfetto and chrome://tracing too" },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG,
      .offset = offsetof(struct plot_options, files) + offsetof(struct output_options, quiet), .help = "no progress line on the terminal" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct plot_options, scenario)

static const struct option_group groups[] = {
    { .title = "Files", .rows = file_rows },
    { .title = "Where (of a workflow)", .rows = scenario_place_rows, SCENARIO },
    { .title = "Mode", .rows = scenario_mode_rows, SCENARIO },
    { .title = "Scheduler", .rows = scenario_policy_rows, SCENARIO },
    { .title = "Runs", .rows = scenario_run_rows, SCENARIO },
    { .title = "Replicas (of 'makespan')", .rows = scenario_replica_rows, SCENARIO },
    { .title = NULL },
};

static const struct plot_kind *kind_find(const char *name, struct error *err)
{
    const char *names[KINDS + 1] = { NULL };
    struct str all = { 0 };
    for (size_t i = 0; i < KINDS; i++) {
        if (str_equal(kinds[i].name, name))
            return &kinds[i];
        names[i] = kinds[i].name;
        str_addf(&all, "%s%s", i ? ", " : "", kinds[i].name);
    }
    const char *near = str_nearest(name, names);
    if (near)
        error_set(err, "no kind of picture is named '%s'; did you mean '%s'?", name, near);
    else
        error_set(err, "no kind of picture is named '%s'; there are: %s", name, all.text);
    str_clear(&all);
    return NULL;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct plot_options *o = call->options;
    const struct plot_kind *kind = kind_find(call->operands.at[0], err);
    if (!kind)
        return -1;
    char *path = o->output ? str_format("%s", o->output) : str_format("%s.svg", kind->name);
    struct input input = { 0 };
    int status = gnuplot_knows(path) ? input_open(&input, call->operands.at[1], err)
                                     : error_set(err, "--output: %s does not end in .svg, .png or .pdf", path);
    if (status == 0)
        status = kind->draw(&(struct plot_call){ o, &input, path, call->data_dirs }, err);
    if (status == 0) {
        struct str text = { 0 };
        str_addf(&text, "wrote %s\n", path);
        status = output_text(&text, err);
        str_clear(&text);
    }
    input_close(&input);
    free(path);
    return status;
}

static const struct example examples[] = {
    { "plot gantt examples/ddmd.json --platform summit --nodes 16 --output ddmd.svg", "the three modes, task by task" },
    { "plot utilisation re.session.login2.tgz -o busy.png", "what a recorded run kept busy" },
    { "plot makespan examples/ddmd.json -p summit -n 4 -m radical-entk --walltime 2h -r 1000", "how likely does it end within two hours?" },
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
    .description =
        "Draws one picture of one file.\n\n"
        "Of a timeline: gantt (tasks on nodes and lanes, coloured by set), utilisation (cores and GPUs busy, blocked and free), "
        "concurrency (running tasks), stations (tasks that wait in each station of the middleware, and how long), comparison (all on "
        "one page). INPUT is a recorded run or a task table (anything that 'dagcast import' reads), or a workflow, a scenario or what "
        "--json printed of one: then replica 0 is simulated again, in each mode or in the one of --mode.\n\n"
        "Of a scenario: makespan (its distribution over replicas, per mode; with --walltime of the session, and how many end in time).\n\n"
        "Of a workflow: dag (task sets and dependencies, with the critical path; needs graphviz).\n\n"
        "Colours can be told apart in grey and by the colour-blind. Pictures need gnuplot.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct plot_options),
    .defaults = &(const struct plot_options){ .scenario = SCENARIO_OPTIONS_DEFAULTS },
    .run = run,
};
