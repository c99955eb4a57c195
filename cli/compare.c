/* cli/compare.c - `dagcast compare`: is it worth running this workflow asynchronously? */
#include <stddef.h>

#include "cli/command.h"
#include "cli/compare_doc.h"
#include "cli/interrupt.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "cli/timelines.h"
#include "cli/unused_options.h"
#include "plots/picture.h"
#include "study/comparison.h"

struct compare_options {
    struct scenario_options scenario;
    struct output_options output;
    const char *timeline, *plot;
    bool picture_data;
};

#define AT(member) OPTION_AT(struct compare_options, member)

static const struct option_row file_rows[] = {
    { .name = "timeline", AT(timeline), .file = OPTION_WRITES, .argument = "FILE.csv",
      .help = "write the task table of one replica (number 0) of one mode, that of --mode" },
    { .name = "mode", OPTION_SAYS(struct compare_options, scenario.said, SETTING_MODE),
      .argument = "MODE",
      .help = "the mode that --timeline writes; all three are compared anyway (default: "
              "asynchronous)" },
    { .name = "plot", AT(plot), .file = OPTION_WRITES_FOLDER, .argument = "DIR",
      .help = "draw the three modes of replica 0 on common axes: Gantt chart by node, utilisation, "
              "running tasks; SVG and PNG" },
    PICTURE_DATA_ROW(struct compare_options, picture_data),
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct compare_options, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Runs", .settings = SETTING_RUN, SCENARIO },
    { .title = "Jobs and queue", .settings = SETTING_QUEUE, SCENARIO },
    { .title = "Replicas", .settings = SETTING_REPLICA, .rows = scenario_thread_rows, SCENARIO },
    { .title = "Files", .rows = file_rows },
    SHOW_PROGRESS_GROUP(struct compare_options),
    { .title = NULL },
};

/* so that a page takes seconds */
enum { EXPLAINED_MOST = 100, EXPLAINED_RECORDS = 1000000 };

static size_t replicas_to_explain(const struct scenario_set *set)
{
    size_t most = EXPLAINED_RECORDS / (MODES * (size_t)set->workflow->n_tasks);
    return most < EXPLAINED_MOST ? most : EXPLAINED_MOST;
}

static void page_init(struct compare_page *page, const struct scenario_set *set,
                      struct comparison *c)
{
    struct mode_runs of[MODES];
    for (int m = 0; m < MODES; m++)
        of[m] = (struct mode_runs){ (enum mode)m, &c->runs[m] };
    picture_data_of(&page->data, set, of, MODES);
    page->explained = (struct explained){ .set = set, .asked = MODE_ASYNCHRONOUS };
    for (int m = 0; m < MODES; m++)
        explained_take(&page->explained, (enum mode)m, &c->runs[m]);
    if (page->explained.mode[0].replicas > 0)
        explained_end(&page->explained);
}

static bool wants_page(const struct compare_options *o)
{
    return o->output.report || o->picture_data;
}

static int write_out(const struct scenario_set *set, struct comparison *c,
                     const struct invocation *call, struct error *err)
{
    const struct compare_options *o = call->options;
    const struct scenario *s = &set->scenario;
    if (timeline_files_write(s, &c->runs[s->mode], o->timeline, NULL, err))
        return -1;
    if (!o->plot && !wants_page(o))
        return show(compare_doc(set, c, NULL, call), &o->output, err);
    struct compare_page page = { .store = o->picture_data };
    page_init(&page, set, c);
    int status = o->plot ? plot_all(&page.data.picture, o->plot, err) : 0;
    if (status == 0)
        status = show(compare_doc(set, c, wants_page(o) ? &page : NULL, call), &o->output, err);
    explained_clear(&page.explained);
    picture_data_clear(&page.data);
    return status;
}

static int compare(const struct scenario_set *set, const struct invocation *call, struct error *err)
{
    const struct compare_options *o = call->options;
    struct progress *progress = output_progress(&o->output, "replicas", MODES * set->replicas);
    const bool page = wants_page(o), pictures = o->plot || page;
    struct replicate_options how = {
        .replicas = set->replicas, .precision = set->precision, .threads = set->threads,
        .bounds = true,
        .keep_first = pictures || timeline_files_keep(&set->scenario, o->timeline != NULL),
        .explain = page ? replicas_to_explain(set) : 0, .campaign = page ? CAMPAIGN_REPLICAS : 0,
        .stop = interrupt_flag(), .progress = progress,
    };
    struct comparison c;
    int status = comparison_run(&set->scenario, &how, &c, err);
    progress_free(progress);
    if (status)
        return -1;
    status = c.interrupted ? error_set(err, "interrupted; nothing was written")
                           : write_out(set, &c, call, err);
    comparison_clear(&c);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct compare_options *o = call->options;
    struct scenario_set set;
    if (!o->timeline)
        unused_settings(&o->scenario, UNUSED_MODE, "compare",
                        "all three modes are compared; it is of --timeline");
    if (compare_launchers_asked(&o->scenario))
        return o->timeline || o->plot || o->picture_data
                   ? error_set(err, "--%s is of one middleware; --middleware names several",
                               o->plot       ? "plot"
                               : o->timeline ? "timeline"
                                             : "picture-data")
                   : compare_launchers(call, &o->scenario, &o->output, err);
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    int status = o->picture_data ? picture_data_check(set.workflow, MODES, &o->output, err) : 0;
    if (status == 0)
        status = compare(&set, call, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "compare examples/ddmd.json --platform summit --nodes 16 --plot out/",
      "three iterations of DeepDriveMD on 16 nodes of Summit, with pictures in out/" },
    { "compare examples/dg1.json --platform summit --nodes 16 --middleware radical-entk "
      "--replicas 1000",
      "the same question with the time that RADICAL-EnTK takes between tasks" },
    { "compare examples/ddmd.json -p summit -n 16 --report ddmd.html",
      "one page: tables, pictures, a Gantt chart to zoom into, where the time goes" },
    { "compare examples/ddmd.json -p summit -n 16 -m rp-srun,rp-flux,rp-dragon", "which launcher" },
    { "compare w.json -p p.json --json | jq .modes.asynchronous.improvement",
      "figures for another program" },
    { NULL, NULL },
};

const struct command command_compare = {
    .name = "compare",
    .section = "Predict",
    .summary = "how long sequentially, pipelined and asynchronously, and what that gains",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Simulates the workflow in its three execution modes under common random "
                   "numbers, puts the closed forms and lower bounds beside them, and says what "
                   "asynchronous execution gains.\n\n"
                   "SCENARIO is a workflow (JSON, docs/formats.md; or a WfFormat instance), with "
                   "--platform to say where; or a scenario file that says all of it. Options go "
                   "before what a scenario file says.\n\n"
                   "With several names between commas, --middleware asks which launcher: the modes "
                   "under each, the fastest first.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct compare_options),
    .run = run,
};
