/* cli/calibrate.c - `dagcast calibrate`: from measured sessions to a middleware profile. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "cli/cautions.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/presets.h"
#include "core/scenario.h"
#include "plots/series.h"
#include "traces/calibrate.h"
#include "traces/calibration_curve.h"
#include "traces/importer.h"
#include "traces/task_durations.h"

#define ANOTHER_WORKFLOW 0.15            /* relative; runs of one workflow differ by some per cent */

struct calibrate_call {
    struct output_options output;
    const char *file, *name, *prior, *plot, *durations;
};

static const struct option_row fit_rows[] = {
    { .name = "name", .kind = OPTION_TEXT, .argument = "NAME", .offset = offsetof(struct calibrate_call, name),
      .help = "of the profile (default: calibrated)" },
    { .name = "prior", .kind = OPTION_TEXT, .file = OPTION_READS_OR_NAME, .argument = "PROFILE",
      .offset = offsetof(struct calibrate_call, prior),
      .help = "a profile for what the sessions do not tell: stations without samples, the cap on live processes, launch servers "
              "where no executor is named "
              "(default: assumptions of RADICAL-Pilot on Summit)" },
    { .name = NULL },
};

static const struct option_row file_rows[] = {
    { .name = "output", .letter = 'o', .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.json",
      .offset = offsetof(struct calibrate_call, file),
      .help = "write the profile, for --middleware" },
    { .name = "durations", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.json",
      .offset = offsetof(struct calibrate_call, durations),
      .help = "also fit how long the tasks of each set execute, and the effects that they share; write them for a workflow" },
    { .name = "plot", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "DIR", .offset = offsetof(struct calibrate_call, plot),
      .help = "draw each station's samples against its fit; SVG and PNG" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Fit", .rows = fit_rows },
    { .title = "Files", .rows = file_rows },
    { .title = "Output", .rows = output_rows, .offset = offsetof(struct calibrate_call, output) },
    { .title = NULL },
};

struct loaded { size_t n; struct session **at; };

static void loaded_clear(struct loaded *l)
{
    for (size_t i = 0; i < l->n; i++)
        session_free(l->at[i]);
    free(l->at);
}

static int load(struct loaded *l, const struct operands *paths, struct error *err)
{
    l->at = xcalloc(paths->n, sizeof *l->at);
    for (; l->n < paths->n; l->n++)
        if (!(l->at[l->n] = importer_load(paths->at[l->n], NULL, err)))
            return -1;
    return 0;
}

/* "dagcast calibrate SESSION... on 2022-08-25": how the profile came about. */
static char *provenance(void)
{
    char date[32] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc))
        strftime(date, sizeof date, " on %Y-%m-%d", &utc);
    return str_format("dagcast calibrate%s", date);
}

/* To six digits: more than any sample has. */
static void round_numbers(cJSON *at)
{
    if (cJSON_IsNumber(at)) {
        char text[32];
        snprintf(text, sizeof text, "%.6g", at->valuedouble);
        cJSON_SetNumberValue(at, strtod(text, NULL));
    }
    for (cJSON *child = at->child; child; child = child->next)
        round_numbers(child);
}

/* Takes `json`. */
static int save(cJSON *json, const char *path, struct error *err)
{
    round_numbers(json);
    char *text = json_print(json);
    int status = file_save(path, text, strlen(text), err);
    free(text);
    cJSON_Delete(json);
    return status;
}

static const char *cold_text(const struct middleware *m)
{
    switch (m->cold_rule) {
    case COLD_FIRST_ON_NODE: return "the first task on each node";
    case COLD_FIRST_WAVE: return "tasks started before any has stopped";
    case COLD_BURST: return "tasks of the first large bulks";
    case COLD_NEVER: break;
    }
    return "no task: no rule explains start-up times better than none";
}

static void add_table(struct str *text, const char *heading, struct table *t)
{
    output_heading(text, heading);
    table_print(t, text, 2);
    str_add(text, "\n");
    table_free(t);
}

static void add_notes(struct str *text, const char *notes)
{
    if (!notes || !*notes)
        return;
    output_heading(text, "Beware");
    for (const char *end; *notes; notes = end + 1) {
        end = strchr(notes, '\n');
        str_add(text, "  ");
        str_add_n(text, notes, (size_t)(end - notes) + 1);
    }
}

static void add_durations(struct str *text, const struct task_durations *d)
{
    add_table(text, "Durations of tasks, s", task_durations_table(d));
    str_addf(text, "Shared effects: ");
    if (isnan(d->set_sd))
        str_add(text, "no label ran twice");
    else
        str_addf(text, "of a set %.2f %%", 100 * d->set_sd);
    if (!isnan(d->session_sd))
        str_addf(text, ", of a session %.2f %%", 100 * d->session_sd);
    str_add(text, ".\n");
    if (d->set_sd > ANOTHER_WORKFLOW || d->session_sd > ANOTHER_WORKFLOW)
        str_add(text, "Sets of one label differ by more than tasks do: are these sessions runs of one workflow?\n");
    str_add(text, "\n");
}

static int print_text(const struct loaded *l, const struct calibration *c, const struct task_durations *d, struct error *err)
{
    struct str text = { 0 };
    cautions_add_text(&text, (const struct session *const *)l->at, l->n);
    add_table(&text, "Stations of the middleware, s", calibration_table(c));
    add_table(&text, "Means of each session, s", calibration_session_table(c));
    str_addf(&text, "Cold starts: %s%s.\n\n", cold_text(c->profile), c->profile->cold_gpu_only ? ", if it has GPUs" : "");
    if (d->n > 0)
        add_durations(&text, d);
    add_notes(&text, c->notes.text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static int print_json(const struct loaded *l, const struct calibration *c, const struct task_durations *d,
                      const struct invocation *call, struct error *err)
{
    cJSON *root = output_json_new("calibrate"), *result = calibration_json(c), *item;
    command_add_call(root, call);
    cautions_add_json(root, (const struct session *const *)l->at, l->n);
    while ((item = cJSON_DetachItemFromArray(result, 0)))
        cJSON_AddItemToObject(root, item->string, item);
    cJSON_Delete(result);
    if (d->n > 0)
        cJSON_AddItemToObject(root, "durations", task_durations_json(d));
    return output_json(root, err);
}

static int draw(const struct calibration *c, enum station_parameter p, const struct calibration_curve *curve, const char *folder,
                struct error *err)
{
    const char *name = station_parameter_name(p), *const endings[] = { "svg", "png" };
    const struct series series[] = { { .name = "sessions, scaled to one mean", .n = curve->n, .x = curve->seen },
                                     { .name = c->station[p].family, .n = CURVE_POINTS, .x = curve->expected } };
    char *x_name = str_format("%s [s]%s", name, calibration_period(c->profile, p) > 0 ? ", with the wait for its poll" : "");
    char *title = str_format("%s: %zu samples of %zu sessions, and the fit", name, curve->n, c->station[p].n_sessions);
    const struct series_picture picture = {
        .title = title, .x_name = x_name, .y_name = "share not larger [0 to 1]", .series = series, .n_series = 2
    };
    int status = 0;
    for (size_t e = 0; e < sizeof endings / sizeof *endings && status == 0; e++) {
        char *path = str_format("%s/%s.%s", folder, name, endings[e]);
        status = plot_ecdf(&picture, path, err);
        free(path);
    }
    free(title);
    free(x_name);
    return status;
}

static int draw_all(const struct calibration *c, const char *folder, struct error *err)
{
    int status = file_make_dirs(folder, err);
    for (int p = 0; p < STATION_PARAMETERS && status == 0; p++) {
        struct calibration_curve curve;
        calibration_curve_init(&curve, c, (enum station_parameter)p);
        if (curve.n > 0)
            status = draw(c, (enum station_parameter)p, &curve, folder, err);
        calibration_curve_clear(&curve);
    }
    return status;
}

static int calibrate_loaded(const struct loaded *l, const struct invocation *call, struct error *err)
{
    const struct calibrate_call *o = call->options;
    struct middleware *prior = NULL;
    if (o->prior && (presets_check(PRESET_MIDDLEWARE, "--prior", o->prior, call->data_dirs, err) ||
                     !(prior = middleware_open(o->prior, call->data_dirs, err))))
        return -1;
    char *how = provenance();
    struct calibrate_options options = { .prior = prior, .name = o->name, .provenance = how };
    struct calibration c;
    const struct session *const *sessions = (const struct session *const *)l->at;
    int status = calibrate(sessions, l->n, &options, &c, err);
    free(how);
    middleware_free(prior);
    if (status)
        return -1;
    struct task_durations d = { 0 };
    status = o->file ? save(middleware_to_json(c.profile), o->file, err) : 0;
    if (status == 0 && o->durations)
        status = task_durations_fit(sessions, l->n, &d, err);
    if (status == 0 && o->durations)
        status = save(task_durations_json(&d), o->durations, err);
    if (status == 0 && o->plot)
        status = draw_all(&c, o->plot, err);
    if (status == 0)
        status = o->output.json ? print_json(l, &c, &d, call, err) : print_text(l, &c, &d, err);
    task_durations_clear(&d);
    calibration_clear(&c);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    struct loaded l = { 0 };
    int status = load(&l, &call->operands, err);
    if (status == 0)
        status = calibrate_loaded(&l, call, err);
    loaded_clear(&l);
    return status;
}

static const struct example examples[] = {
    { "calibrate re.session.*.tgz --output profile.json", "fit a profile on measured sessions" },
    { "calibrate rp.session.tgz --prior radical-1.4-prrte --json", "with what one session does not tell from another profile" },
    { NULL, NULL },
};

const struct command command_calibrate = {
    .name = "calibrate",
    .section = "Measured runs",
    .summary = "fit a middleware profile on measured sessions",
    .operands = "SESSION...",
    .min_operands = 1,
    .max_operands = -1,
    .description =
        "Reads sessions of RADICAL-Pilot, takes from each what every station of the middleware needed, and fits a profile: each "
        "session's means, how much sessions differ, how well the mean is known, and how values vary within a session. Stations "
        "without a sample keep a named prior and are listed as assumed; with fewer than three sessions an interval is a prior.\n\n"
        "docs/calibration.md explains the method.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct calibrate_call),
    .run = run,
};
