/* cli/compare.c - `dagcast compare`: is it worth running this workflow asynchronously? */
#include <stddef.h>

#include "cli/command.h"
#include "cli/compare_output.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/scenario_options.h"
#include "plots/picture.h"
#include "study/comparison.h"

struct compare_options {
    struct scenario_options scenario;
    struct output_options output;
    const char *timeline, *plot;
};

static const struct option_row file_rows[] = {
    { .name = "timeline", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.csv",
      .offset = offsetof(struct compare_options, timeline),
      .help = "write the task table of one replica (number 0) of one mode, that of --mode" },
    { .name = "mode", .kind = OPTION_TEXT, .argument = "MODE",
      .offset = offsetof(struct compare_options, scenario) + offsetof(struct scenario_options, mode),
      .help = "the mode that --timeline writes; all three are compared anyway (default: asynchronous)" },
    { .name = "plot", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "DIR", .offset = offsetof(struct compare_options, plot),
      .help = "draw the three modes of replica 0 on common axes: Gantt chart by node, utilisation, running tasks; SVG and PNG" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct compare_options, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .rows = scenario_place_rows, SCENARIO },
    { .title = "Scheduler", .rows = scenario_policy_rows, SCENARIO },
    { .title = "Runs", .rows = scenario_run_rows, SCENARIO },
    { .title = "Replicas", .rows = scenario_replica_rows, SCENARIO },
    { .title = "Files", .rows = file_rows },
    { .title = "Output", .rows = output_progress_rows, .offset = offsetof(struct compare_options, output) },
    { .title = NULL },
};

/* Replica 0 of each mode, drawn. */
static int draw(const struct scenario *s, const char *folder, struct error *err)
{
    struct timeline *timelines[MODES] = { NULL };
    struct picture_panel panels[MODES];
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        struct scenario one = *s;
        one.mode = (enum mode)m;
        timelines[m] = run_output_timeline(&one, err);
        panels[m] = (struct picture_panel){ .name = mode_name(one.mode), .timeline = timelines[m] };
        status = timelines[m] ? 0 : -1;
    }
    if (status == 0)
        status = plot_all(&(struct picture){ .panels = panels, .n_panels = MODES }, folder, err);
    for (int m = 0; m < MODES; m++)
        timeline_free(timelines[m]);
    return status;
}

static int write_files(const struct scenario_set *set, const struct compare_options *o, struct error *err)
{
    if (o->timeline && run_output_stream(&set->scenario, o->timeline, NULL, err))
        return -1;
    return o->plot ? draw(&set->scenario, o->plot, err) : 0;
}

static int compare(const struct scenario_set *set, const struct compare_options *o, struct error *err)
{
    struct progress *progress = output_progress(&o->output, "replicas", MODES * set->replicas);
    struct replicate_options how = {
        .replicas = set->replicas, .precision = set->precision, .threads = set->threads, .bounds = true,
        .stop = interrupt_flag(), .progress = progress,
    };
    struct comparison c;
    int status = comparison_run(&set->scenario, &how, &c, err);
    progress_free(progress);
    if (status)
        return -1;
    if (c.interrupted)
        return error_set(err, "interrupted; nothing was written");
    if (write_files(set, o, err))
        return -1;
    return o->output.json ? compare_print_json(set, &c, err) : compare_print_text(set, &c, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct compare_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    int status = compare(&set, o, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "compare examples/ddmd.json --platform summit --nodes 16 --plot out/",
      "three iterations of DeepDriveMD on 16 nodes of Summit, with pictures in out/" },
    { "compare examples/dg1.json --platform summit --nodes 16 --middleware radical-entk --replicas 1000",
      "the same question with the time that RADICAL-EnTK takes between tasks" },
    { "compare w.json -p p.json --json | jq .improvement.asynchronous", "figures for another program" },
    { NULL, NULL },
};

const struct command command_compare = {
    .name = "compare",
    .section = "Predict",
    .summary = "how long sequentially, pipelined and asynchronously, and what that gains",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Simulates the workflow in its three execution modes under common random numbers, puts the closed forms and lower bounds "
        "beside them, and says what asynchronous execution gains.\n\n"
        "SCENARIO is a workflow (JSON, docs/formats.md; or a WfFormat instance), with --platform to say where; or a scenario file that "
        "says all of it. "
        "Options go before what a scenario file says.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct compare_options),
    .defaults = &(const struct compare_options){ .scenario = SCENARIO_OPTIONS_DEFAULTS },
    .run = run,
};
