/* cli/plot_timelines.c - the kinds of `dagcast plot` that need a timeline, a scenario or a
 * workflow. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/campaign_picture.h"
#include "cli/cautions.h"
#include "cli/interrupt.h"
#include "cli/makespans.h"
#include "cli/plot_kinds.h"
#include "plots/chrome_trace.h"
#include "plots/dag.h"
#include "plots/picture.h"
#include "study/replicate.h"

/* --- timelines -------------------------------------------------------------------------------- */

int plot_of_timelines(const struct plot_call *call, struct error *err)
{
    struct timelines t;
    if (timelines_open(&t, call->input, &call->options->scenario, call->data_dirs, err))
        return -1;
    if (t.session)
        cautions_tell("plot", t.session);
    const struct picture p = { .title = call->options->title, .panels = t.panels, .n_panels = t.n };
    int status = call->kind->timelines(&p, call->output, err);
    if (status == 0 && call->options->chrome_trace) {
        if (t.n > 1)
            status = error_set(
                err, "--chrome-trace holds one timeline and %s gives %zu; choose one with --mode",
                call->input->path, t.n);
        else
            status = chrome_trace_save(t.at[0], call->options->chrome_trace, err);
    }
    timelines_close(&t);
    return status;
}

/* --- the distribution of makespans ------------------------------------------------------------ */

/* Runs that a walltime would cut off have no duration: it is drawn, not applied. */
static int run_mode(const struct scenario_set *set, enum mode m, struct progress *progress,
                    struct replicas *runs, struct error *err)
{
    struct scenario one = set->scenario;
    one.mode = m;
    one.walltime_s = 0;
    one.allocation = (struct allocation){ 0 };
    struct replicate_options how = { .replicas = set->replicas, .precision = set->precision,
                                     .threads = set->threads,
                                     .stop = interrupt_flag(), .progress = progress };
    if (replicate(&one, &how, runs, err))
        return -1;
    return runs->interrupted ? error_set(err, "interrupted; nothing was written") : 0;
}

static int draw_makespans(const struct plot_call *call, const struct scenario_set *set,
                          struct error *err)
{
    struct progress *progress =
        output_progress(&call->options->files, "replicas", MODES * set->replicas);
    struct replicas runs[MODES] = { { 0 } };
    struct makespans all = { .set = set, .n = MODES };
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        status = run_mode(set, (enum mode)m, progress, &runs[m], err);
        all.mode[m] = (enum mode)m;
        all.runs[m] = &runs[m];
    }
    progress_free(progress);
    if (status == 0)
        status = makespans_draw(&all, call->options->title, call->output, err);
    for (int m = 0; m < MODES; m++)
        replicas_clear(&runs[m]);
    return status;
}

int plot_of_campaign(const struct plot_call *call, struct error *err)
{
    struct scenario_set set;
    static const enum mode modes[MODES] = { MODE_SEQUENTIAL, MODE_PIPELINED, MODE_ASYNCHRONOUS };
    if (input_scenario(call->input, &set, &call->options->scenario, call->data_dirs, err))
        return -1;
    int status =
        campaign_draw(&set.scenario, modes, MODES, call->options->title, call->output, err);
    scenario_set_clear(&set);
    return status;
}

int plot_of_replicas(const struct plot_call *call, struct error *err)
{
    struct scenario_set set;
    if (input_scenario(call->input, &set, &call->options->scenario, call->data_dirs, err))
        return -1;
    int status = draw_makespans(call, &set, err);
    scenario_set_clear(&set);
    return status;
}

/* --- the workflow ----------------------------------------------------------------------------- */

static int draw_dag(const struct plot_call *call, const struct workflow *w, struct error *err)
{
    char *title =
        call->options->title ? xstrdup(call->options->title) : str_format("Workflow %s", w->name);
    int status = plot_dag(w, title, call->output, err);
    free(title);
    return status;
}

/* A workflow alone needs no platform. */
int plot_of_workflow(const struct plot_call *call, struct error *err)
{
    struct timelines t = { 0 };
    struct workflow *alone = NULL;
    int status;
    struct json root =
        call->input->document ? json_root(call->input->document) : (struct json){ 0 };
    if (call->input->kind == INPUT_SCENARIO && json_has(&root, "task_sets")) {
        alone = workflow_from_json(&root, err);
        status = alone ? draw_dag(call, alone, err) : -1;
    } else if (call->input->kind == INPUT_RECORD) {
        status = timelines_open(&t, call->input, &call->options->scenario, call->data_dirs, err);
        if (status == 0) {
            cautions_tell("plot", t.session);
            status = draw_dag(call, t.session->workflow, err);
        }
    } else {
        status =
            input_scenario(call->input, &t.set, &call->options->scenario, call->data_dirs, err);
        if (status == 0)
            status = draw_dag(call, t.set.workflow, err);
    }
    timelines_close(&t);
    workflow_free(alone);
    return status;
}
