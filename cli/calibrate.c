/* cli/calibrate.c - `dagcast calibrate`: from measured sessions to a middleware profile. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "cli/calibrate_doc.h"
#include "cli/command.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "traces/importer.h"
#include "validation/ideal_run.h"
#include "traces/packed_file.h"

struct calibrate_call {
    struct output_options output;
    const char *file, *name, *prior, *plot, *durations;
};

#define AT(member) OPTION_AT(struct calibrate_call, member)

static const struct option_row fit_rows[] = {
    { .name = "name", AT(name), .argument = "NAME",
      .help = "of the profile (default: calibrated)" },
    { .name = "prior", AT(prior), .file = OPTION_READS_OR_NAME, .argument = "PROFILE",
      .help = "a profile for what the sessions do not tell: stations without samples, the cap on "
              "live processes, launch servers where no executor is named (default: assumptions of "
              "RADICAL-Pilot on Summit; of another tool's runs none)" },
    { .name = NULL },
};

static const struct option_row file_rows[] = {
    { .name = "output", .letter = 'o', AT(file), .file = OPTION_WRITES, .argument = "FILE.json",
      .help = "write the profile, for --middleware" },
    { .name = "durations", AT(durations), .file = OPTION_WRITES, .argument = "FILE.json",
      .help = "also fit how long the tasks of each set execute, and the effects that they share; "
              "write them for a workflow" },
    { .name = "plot", AT(plot), .file = OPTION_WRITES_FOLDER, .argument = "DIR",
      .help = "draw each station's samples against its fit; SVG and PNG" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Fit", .rows = fit_rows },
    { .title = "Files", .rows = file_rows },
    SHOW_GROUP(struct calibrate_call),
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

static int print(const struct loaded *l, const struct calibration *c,
                 const struct task_durations *d, const struct station_pictures *pictures,
                 const struct invocation *call, struct error *err)
{
    const struct calibrate_call *o = call->options;
    struct doc *doc = show_new("calibrate");
    doc_title(doc, "Calibration: %s", c->profile->name);
    cautions_add(doc, (const struct session *const *)l->at, l->n);
    calibrate_doc_add(doc, c, d, pictures);
    show_add_commands(doc, call, NULL);
    return show(doc, &o->output, err);
}

static int calibrate_loaded(const struct loaded *l, const struct invocation *call,
                            struct error *err)
{
    const struct calibrate_call *o = call->options;
    struct middleware *prior = NULL;
    if (o->prior && (presets_check(PRESET_MIDDLEWARE, "--prior", o->prior, call->data_dirs, err) ||
                     !(prior = middleware_open(o->prior, call->data_dirs,
                                               packed_file_load_json, err))))
        return -1;
    char *how = provenance();
    struct calibrate_options options = { .prior = prior, .name = o->name, .provenance = how };
    struct calibration c;
    const struct session *const *sessions = (const struct session *const *)l->at;
    double *ideal_s = ideal_makespans(sessions, l->n);
    options.ideal_s = ideal_s;
    int status = calibrate(sessions, l->n, &options, &c, err);
    xfree(ideal_s, how);
    middleware_free(prior);
    if (status)
        return -1;
    struct task_durations d = { 0 };
    status = o->file ? save(middleware_to_json(c.profile), o->file, err) : 0;
    if (status == 0 && o->durations)
        status = task_durations_fit(sessions, l->n, &d, err);
    if (status == 0 && o->durations)
        status = save(task_durations_json(&d), o->durations, err);
    const struct station_pictures pictures = station_pictures_of(&c);
    if (status == 0 && o->plot)
        status = station_pictures_draw(&pictures, o->plot, err);
    if (status == 0)
        status = print(l, &c, &d, &pictures, call, err);
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
    { "calibrate run1/ run2/ run3/ --output libe.json",
      "on three runs of another tool, here folders of libEnsemble" },
    { "calibrate rp.session.tgz --prior radical-1.4-prrte --json",
      "with what one session does not tell from another profile" },
    { NULL, NULL },
};

const struct command command_calibrate = {
    .name = "calibrate",
    .section = "Measured runs",
    .summary = "fit a middleware profile on measured sessions",
    .operands = "SESSION...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Reads measured runs (sessions of RADICAL-Pilot, or any other tool's starts and "
                   "ends: `dagcast list importers`), takes from each what every station of the "
                   "middleware needed, and fits a profile: each session's means, how much sessions "
                   "differ, how well the mean is known, and how values vary within a session. "
                   "Stations without a sample keep a named prior and are listed as assumed; with "
                   "fewer than three sessions an interval is a prior.\n\n"
                   "docs/calibration.md explains the method.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct calibrate_call),
    .run = run,
};
