/* cli/plot_timelines.c - the kinds of `dagcast plot` that need a timeline, a scenario or a workflow. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "cli/cautions.h"
#include "cli/interrupt.h"
#include "cli/loaded_hash.h"
#include "cli/plot_kinds.h"
#include "plots/chrome_trace.h"
#include "plots/dag.h"
#include "plots/picture.h"
#include "plots/series.h"
#include "study/replicate.h"

/* The file of a result may have been edited since: on standard error, as the picture is drawn all the same. */
static void tell_changes(const struct plot_call *call)
{
    struct str changes = { 0 }, told = { 0 };
    if (call->input->kind != INPUT_RESULT)
        return;
    struct json root = json_root(call->input->document), scenario = json_member(&root, "scenario");
    loaded_hash_add_changes(&changes, &scenario, call->data_dirs);
    if (changes.length)
        escape_addf(&told, "dagcast plot: %s\n", changes.text);
    if (told.length)
        fputs(told.text, stderr);
    str_clear(&told);
    str_clear(&changes);
}

/* --- timelines ----------------------------------------------------------------------------------------------------- */

static int draw(const struct plot_call *call, int (*picture)(const struct picture *, const char *, struct error *), struct error *err)
{
    struct timelines t;
    if (timelines_open(&t, call->input, &call->options->scenario, call->data_dirs, err))
        return -1;
    tell_changes(call);
    if (t.session)
        cautions_tell("plot", t.session);
    const struct picture p = { .title = call->options->title, .panels = t.panels, .n_panels = t.n };
    int status = picture(&p, call->output, err);
    if (status == 0 && call->options->chrome_trace) {
        if (t.n > 1)
            status = error_set(err, "--chrome-trace holds one timeline and %s gives %zu; choose one with --mode", call->input->path, t.n);
        else
            status = chrome_trace_save(t.at[0], call->options->chrome_trace, err);
    }
    timelines_close(&t);
    return status;
}

int plot_call_gantt(const struct plot_call *call, struct error *err)
{
    return draw(call, plot_gantt, err);
}

int plot_call_utilisation(const struct plot_call *call, struct error *err)
{
    return draw(call, plot_utilisation, err);
}

int plot_call_concurrency(const struct plot_call *call, struct error *err)
{
    return draw(call, plot_concurrency, err);
}

int plot_call_stations(const struct plot_call *call, struct error *err)
{
    return draw(call, plot_stations, err);
}

int plot_call_comparison(const struct plot_call *call, struct error *err)
{
    return draw(call, plot_comparison, err);
}

/* --- the distribution of makespans --------------------------------------------------------------------------------- */

/* Makespans, or sessions where a walltime ends them, of the mode's replicas in order; *n of them. NULL: refused or interrupted. */
static double *times_of_mode(const struct scenario_set *set, enum mode m, struct progress *progress, size_t *n, struct error *err)
{
    struct scenario one = set->scenario;
    one.mode = m;
    one.walltime_s = 0;                  /* runs that it would cut off have no duration: it is drawn, not applied */
    struct replicate_options how = { .replicas = set->replicas, .precision = set->precision, .threads = set->threads,
                                     .stop = interrupt_flag(), .progress = progress };
    struct replicas r;
    if (replicate(&one, &how, &r, err))
        return NULL;
    double *times = xcalloc(r.n + 1, sizeof *times);
    for (size_t i = 0; i < r.n; i++)
        times[i] = set->scenario.walltime_s > 0 ? r.at[i].session_s : r.at[i].makespan_s;
    *n = r.n;
    if (r.interrupted) {
        free(times);
        times = NULL;
        error_set(err, "interrupted; nothing was written");
    }
    replicas_clear(&r);
    return times;
}

static char *makespan_title(const struct plot_call *call, const struct scenario_set *set)
{
    if (call->options->title)
        return xstrdup(call->options->title);
    const struct scenario *s = &set->scenario;
    return str_format("%s: %s on %s (%zu node%s), %s, %zu replicas, seed %llu", s->walltime_s > 0 ? "Session" : "Makespan",
                      s->workflow->name, s->platform->name, s->platform->n_nodes, s->platform->n_nodes == 1 ? "" : "s",
                      s->middleware->name, set->replicas, (unsigned long long)s->seed);
}

int plot_makespans(const struct plot_call *call, const struct scenario_set *set, struct error *err)
{
    double walltime_s = set->scenario.walltime_s, *times[MODES] = { NULL };
    struct series series[MODES];
    struct progress *progress = output_progress(&call->options->files, "replicas", MODES * set->replicas);
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        size_t n = 0;
        times[m] = times_of_mode(set, (enum mode)m, progress, &n, err);
        series[m] = (struct series){ .name = mode_name((enum mode)m), .n = n, .x = times[m] };
        status = times[m] ? 0 : -1;
    }
    progress_free(progress);
    if (status == 0) {
        char *title = makespan_title(call, set);
        const struct series_picture p = {
            .title = title, .x_name = walltime_s > 0 ? "session: start, makespan and drain [s]; red: the walltime" : "makespan [s]",
            .y_name = "share of replicas [0 to 1]", .series = series, .n_series = MODES,
        };
        status = plot_distribution(&p, walltime_s > 0 ? walltime_s : NAN, call->output, err);
        free(title);
    }
    for (int m = 0; m < MODES; m++)
        free(times[m]);
    return status;
}

int plot_call_makespan(const struct plot_call *call, struct error *err)
{
    struct scenario_set set;
    if (input_scenario(call->input, &set, &call->options->scenario, call->data_dirs, err))
        return -1;
    tell_changes(call);
    int status = plot_makespans(call, &set, err);
    scenario_set_clear(&set);
    return status;
}

/* --- the workflow --------------------------------------------------------------------------------------------------- */

static int draw_dag(const struct plot_call *call, const struct workflow *w, struct error *err)
{
    char *title = call->options->title ? xstrdup(call->options->title) : str_format("Workflow %s", w->name);
    int status = plot_dag(w, title, call->output, err);
    free(title);
    return status;
}

/* A workflow alone needs no platform. */
int plot_call_dag(const struct plot_call *call, struct error *err)
{
    struct timelines t = { 0 };
    struct workflow *alone = NULL;
    int status;
    struct json root = call->input->document ? json_root(call->input->document) : (struct json){ 0 };
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
        status = input_scenario(call->input, &t.set, &call->options->scenario, call->data_dirs, err);
        if (status == 0) {
            tell_changes(call);
            status = draw_dag(call, t.set.workflow, err);
        }
    }
    timelines_close(&t);
    workflow_free(alone);
    return status;
}
