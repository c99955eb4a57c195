/* cli/explain.c - `dagcast explain`: where does the time go, and why does asynchronous execution
 * gain or not? */
#include <stddef.h>

#include "cli/command.h"
#include "cli/explained.h"
#include "cli/output.h"
#include "cli/plot_kinds.h"
#include "cli/scenario_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "plots/gnuplot.h"

struct explain_options {
    struct scenario_options scenario;
    struct output_options output;
    const char *plot;
};

#define AT(member) OPTION_AT(struct explain_options, member)

static const struct option_row plot_rows[] = {
    { .name = "plot", AT(plot), .file = OPTION_WRITES, .argument = "FILE",
      .help = "draw a bar for each mode, stacked by what took the time: .svg, .png or .pdf" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct explain_options, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Mode (of the what-ifs)", .settings = SETTING_HOW, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Runs", .settings = SETTING_RUN, SCENARIO },
    { .title = "Jobs and queue", .settings = SETTING_QUEUE, SCENARIO },
    { .title = "Replicas (--precision changes nothing here)", .settings = SETTING_REPLICA,
      .rows = scenario_thread_rows, SCENARIO },
    { .title = "Files", .rows = plot_rows },
    SHOW_PROGRESS_GROUP(struct explain_options),
    { .title = NULL },
};

static int work_out(struct explained *e, const struct explain_options *o, struct error *err)
{
    struct progress *progress =
        output_progress(&o->output, "replicas", (MODES + COUNTERFACTUALS) * e->set->replicas);
    int status = explained_modes(e, progress, err) || explained_what_if(e, progress, err) ? -1 : 0;
    progress_free(progress);
    return status;
}

static struct doc *result_of(const struct explained *e, const struct invocation *call)
{
    const struct scenario_set *set = e->set;
    struct doc *d = show_new("explain");
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = e->mode[m].share_complete;
    scenario_doc_warn_cut(d, &set->scenario, share, MODES);
    doc_section(d, "Where the time goes");
    scenario_doc_add(d, set, SCENARIO_RUNS);
    doc_fact(d, "workflow", NULL, DOC_TEXT, doc_text(set->workflow->name));
    explain_doc_add(d, e, "parts");
    scenario_doc_note_one_replica(d, e->mode[MODE_SEQUENTIAL].replicas);
    show_add_commands(d, call, &set->scenario.seed);
    return d;
}

static int report(struct explained *e, const struct invocation *call, struct error *err)
{
    const struct explain_options *o = call->options;
    if (work_out(e, o, err))
        return -1;
    struct doc *d = result_of(e, call);
    if (o->plot && plot_of_doc(d, &(struct doc_plot){ "explain", "parts" }, o->plot, err)) {
        doc_free(d);
        return -1;
    }
    return show(d, &o->output, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct explain_options *o = call->options;
    struct scenario_set set;
    if (o->plot && !gnuplot_knows(o->plot))
        return error_set(err, "--plot: %s does not end in .svg, .png or .pdf", o->plot);
    unused_option(o->scenario.said[SETTING_PRECISION].said, "explain", "precision",
                  "it walks through as many replicas as --replicas says");
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    set.precision = 0;                   /* a scenario file's is for commands that compare means */
    const struct output_options *shown = &o->output;
    bool text_only = !shown->json && !shown->csv && !shown->table && !shown->report && !o->plot;
    struct explained e = { .set = &set, .asked = set.scenario.mode,
                           .text_only = text_only };
    int status = report(&e, call, err);
    explained_clear(&e);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "explain examples/dg1.json --platform summit --nodes 16",
      "why asynchronous execution gains nothing here" },
    { "explain examples/ddmd.json -p summit -n 16 -m radical-entk --plot why.svg",
      "with the time that the middleware takes; as a picture" },
    { "explain w.json -p p.json --json | jq .modes.asynchronous.path",
      "the steps of one replica, for another program" },
    { NULL, NULL },
};

const struct command command_explain = {
    .name = "explain",
    .section = "Predict",
    .summary = "where the time goes, second by second, and why a mode gains or not",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Walks back from the last event of each replica to its first start, through the "
                   "tasks that were waited for, and attributes every second of the makespan: "
                   "execution of a set, barriers of the mode, waits for cores, GPUs or memory and "
                   "who holds them, each station of the middleware.\n\n"
                   "Then asks what if: an ideal middleware, unbounded GPUs or cores, all nodes "
                   "one, durations without chance (in the mode of --mode), and other orders of "
                   "submitting the pipelines, each with its paired difference. docs/commands.md "
                   "says how.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct explain_options),
    .run = run,
};
