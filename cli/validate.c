/* cli/validate.c - `dagcast validate`: does a prediction hold for sessions that were measured? */
#include <stddef.h>

#include "base/json.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "cli/validate_doc.h"
#include "cli/validate_impl.h"
#include "core/closest_profile.h"
#include "core/presets.h"
#include "traces/session_workflow.h"

#define AT(member) OPTION_AT(struct validate_call, member)

static const struct option_row what_rows[] = {
    { .name = "middleware", .letter = 'm',
      OPTION_SAYS(struct validate_call, scenario.said, SETTING_MIDDLEWARE),
      .file = OPTION_READS_OR_NAME, .argument = "PROFILE",
      .help = "the profile that predicts (default: the shipped one closest to each session, by "
              "client, launcher, release and machine, of those that were not fitted on it; ideal "
              "for runs of other systems)" },
    { .name = "information", .letter = 'i', AT(information), .argument = "LEVEL",
      .help = "what the prediction may see: description, requested, measured or arrivals (default: "
              "requested, or measured for a session whose tasks ask for no duration that is "
              "recognised)" },
    { .name = "pipelines", OPTION_SAYS(struct validate_call, scenario.said, SETTING_PIPELINES),
      .argument = "ORDER",
      .help = "pipelines submit in this order what is ready at once: their numbers or names, each "
              "once, as 2,1,3 (default: tasks arrive in the order that was recorded)" },
    { .name = "leave-one-out", AT(leave_one_out),
      .help = "predict each session by a profile calibrated on those of the others that are "
              "closest to it; skip one without" },
    { .name = "leave-out", AT(leave_out), .argument = "UNIT",
      .help = "the same, without all others of its generation or machine: UNIT is session (as "
              "--leave-one-out), generation or machine" },
    { .name = "in-sample", AT(in_sample),
      .help = "without --middleware: take the closest profile even if it was fitted on the "
              "session" },
    { .name = "keep-going", AT(keep_going),
      .help = "skip sessions that cannot be read or predicted, say why, and go on" },
    { .name = NULL },
};

static const struct option_row run_rows[] = {
    { .name = "replicas", .letter = 'r',
      OPTION_SAYS(struct validate_call, scenario.said, SETTING_REPLICAS), .argument = "N", .min = 1,
      .max = 1e6,
      .help = "simulated sessions a prediction (default: 400; for more than 1,000 tasks fewer, at "
              "least 100)" },
    { .name = "seed", OPTION_SAYS(struct validate_call, scenario.said, SETTING_SEED),
      .argument = "N", .help = "of the random numbers (default: 1)" },
    { .name = NULL },
};

static const struct option_row file_rows[] = {
    { .name = "stages", AT(stages), .help = "also each stage's start and end" },
    { .name = "plot", AT(plot), .file = OPTION_WRITES_FOLDER, .argument = "DIR",
      .help = "draw predicted against measured, and for each session both Gantt charts one above "
              "the other; SVG and PNG" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Prediction", .rows = what_rows },
    { .title = "Scheduler", .settings = SETTING_POLICY,
      .offset = offsetof(struct validate_call, scenario) },
    { .title = "Replicas", .rows = run_rows },
    { .title = "Files", .rows = file_rows },
    SHOW_GROUP(struct validate_call),
    { .title = NULL },
};

static uint64_t seed_of(const struct validate_call *o)
{
    const struct setting_change seed = { SETTING_SEED, .value = o->scenario.said[SETTING_SEED] };
    struct variant v;
    variant_init(&v, NULL);
    variant_apply(&v, &seed, 1, NULL);
    return v.scenario.seed;
}

static int report(const struct validate_work *w, const struct invocation *call, struct error *err)
{
    const struct validate_call *o = call->options;
    struct doc *d = show_new("validate");
    doc_title(d, "Validation: predicted against measured");
    const uint64_t seed = seed_of(o);
    doc_data(d, "seed", json_whole(seed));
    cautions_add(d, (const struct session *const *)w->sessions, w->n);
    validate_doc_add(d, &w->out, &w->drawn, o->stages);
    show_add_commands(d, call, &seed);
    if (o->plot && validate_plots(d, &w->out, o->plot, err)) {
        doc_free(d);
        return -1;
    }
    return show(d, &o->output, err);
}

/* NULL: none is named, or the closest is asked for. */
static const char *named_profile(const struct validate_call *o)
{
    const char *name = o->scenario.said[SETTING_MIDDLEWARE].text;
    return name && !str_equal(name, PROFILE_AUTO) ? name : NULL;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct validate_call *o = call->options;
    int level = o->information ? information_find(o->information) : -1;
    int unit = validate_leaves_out(o);
    if (o->information && level < 0)
        return choice_refuse(
            "--information", o->information,
            (const char *const[]){ "description", "requested", "measured", "arrivals", NULL }, err);
    if (unit < 0)
        return choice_refuse("--leave-out", o->leave_out,
                             (const char *const[]){ "session", "generation", "machine", NULL },
                             err);
    if (unit != LEAVE_OUTS && o->scenario.said[SETTING_MIDDLEWARE].text)
        return error_set(
            err, "--leave-one-out calibrates a profile for each session; it takes no --middleware");
    bool chosen = unit == LEAVE_OUTS && !named_profile(o);
    unused_option(o->in_sample && !chosen, "validate", "in-sample",
                  "the profile is named, or calibrated on other sessions");
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", named_profile(o), call->data_dirs, err))
        return -1;
    struct validate_work w = { .data_dirs = call->data_dirs };
    int status = validate_load(&w, call, err);
    if (status == 0)
        status = validate_all(&w, o, level, err);
    for (size_t i = 0; i < w.unread.n_skipped && status == 0; i++)
        leave_one_out_skip(&w.out, w.unread.skipped[i].name, w.unread.skipped[i].why);
    if (status == 0) {
        validate_draw_outcomes(&w);
        status = report(&w, call, err);
    }
    validate_work_clear(&w);
    return status;
}

static const struct example examples[] = {
    { "validate re.session.tgz --middleware radical-entk",
      "predict a measured run from each task's requested duration" },
    { "validate --leave-one-out re.*.tgz --plot out/",
      "calibrate on all but one, predict that one; for each" },
    { "validate *.tgz --information arrivals --json",
      "test the scheduler and the launcher alone, figures for a program" },
    { NULL, NULL },
};

const struct command command_validate = {
    .name = "validate",
    .section = "Measured runs",
    .summary = "does the prediction hold: measured sessions against what the model says",
    .operands = "SESSION...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Predicts each session from an explicit level of information, and compares: "
                   "makespan with its 95 % prediction interval, each stage, task starts, running "
                   "tasks, placements; beside it what simpler predictions say. What else was read "
                   "from the run is listed.\n\n"
                   "Levels: description (sets, counts, demands, pipelines; durations as "
                   "distributions), requested (each task's requested duration), measured (each "
                   "task's measured duration), arrivals (also when each task reached the "
                   "scheduler: a test of scheduler and launcher alone). docs/validation.md "
                   "explains the method.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct validate_call),
    .defaults = &(
        const struct validate_call){ .scenario.said[SETTING_SEED] = { .said = true, .number = 1 } },
    .run = run,
};
