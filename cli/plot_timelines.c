/* cli/plot_timelines.c - the kinds of `dagcast plot` that need a timeline, a scenario or a
 * workflow. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/interrupt.h"
#include "cli/plot_kinds.h"
#include "cli/session_doc.h"
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
            status = chrome_trace_save(t.panels[0].timeline, call->options->chrome_trace, err);
    }
    timelines_close(&t);
    return status;
}

/* --- replicas --------------------------------------------------------------------------------- */

/* Of a campaign few replicas. Of makespans all, and those of one job not under the walltime: runs
 * that it would cut off have no duration, so it is drawn, not applied. */
static int run_mode(const struct scenario_set *set, enum mode m, bool campaign,
                    struct progress *progress, struct replicas *runs, struct error *err)
{
    struct scenario one = set->scenario;
    struct replicate_options how = { .replicas = set->replicas, .precision = set->precision,
                                     .threads = set->threads,
                                     .stop = interrupt_flag(), .progress = progress };
    one.mode = m;
    if (campaign) {
        how.replicas = how.campaign = CAMPAIGN_REPLICAS;
        how.precision = 0;
    } else if (!allocation_is_chain(&one)) {
        one.walltime_s = 0;
    }
    if (replicate(&one, &how, runs, err))
        return -1;
    return runs->interrupted ? error_set(err, "interrupted; nothing was written") : 0;
}

/* What these pictures of each mode are drawn from, without timelines. */
static int run_modes(const struct plot_call *call, const struct scenario_set *set, bool campaign,
                     struct picture_data *out, struct error *err)
{
    struct progress *progress = output_progress(
        &call->options->files, "replicas", MODES * (campaign ? CAMPAIGN_REPLICAS : set->replicas));
    struct replicas runs[MODES] = { { 0 } };
    struct mode_runs of[MODES];
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        status = run_mode(set, (enum mode)m, campaign, progress, &runs[m], err);
        of[m] = (struct mode_runs){ (enum mode)m, &runs[m] };
    }
    progress_free(progress);
    if (status == 0)
        picture_data_of(out, set, of, MODES);
    for (int m = 0; m < MODES; m++)
        replicas_clear(&runs[m]);
    return status;
}

static int plot_runs(const struct plot_call *call, bool campaign, struct error *err)
{
    const struct plot_options *o = call->options;
    struct picture_data data = { .workflow = NULL };
    struct scenario_set set = { .replicas = 0 };
    int status = call->input->kind == INPUT_RESULT
                     ? input_pictures(call->input, &data, err)
                     : input_scenario(call->input, &set, &o->scenario, call->data_dirs, err);
    bool runs = call->input->kind == INPUT_SCENARIO &&
                (!campaign || (set.workflow && set.workflow->decisions.n_campaigns > 0));
    if (status == 0 && runs)
        status = run_modes(call, &set, campaign, &data, err);
    if (status == 0)
        status = campaign ? campaign_draw(&data.campaign, o->title, call->output, err)
                          : makespans_draw(&data.makespans, o->title, call->output, err);
    picture_data_clear(&data);
    scenario_set_clear(&set);
    return status;
}

int plot_of_replicas(const struct plot_call *call, struct error *err)
{
    return plot_runs(call, false, err);
}

int plot_of_campaign(const struct plot_call *call, struct error *err)
{
    return plot_runs(call, true, err);
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
    struct picture_data stored = { .workflow = NULL };
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
    } else if (call->input->kind == INPUT_RESULT) {
        status = input_pictures(call->input, &stored, err);
        if (status == 0)
            status = draw_dag(call, stored.workflow, err);
    } else {
        status =
            input_scenario(call->input, &t.set, &call->options->scenario, call->data_dirs, err);
        if (status == 0)
            status = draw_dag(call, t.set.workflow, err);
    }
    timelines_close(&t);
    picture_data_clear(&stored);
    workflow_free(alone);
    return status;
}
