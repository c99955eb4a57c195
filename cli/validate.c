/* cli/validate.c - `dagcast validate`: does a prediction hold for sessions that were measured? */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/scenario_options.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "cli/validate_doc.h"
#include "core/closest_profile.h"
#include "core/presets.h"
#include "traces/importer.h"
#include "traces/session_workflow.h"
#include "validation/drawn.h"
#include "validation/leave_one_out.h"

struct validate_call {
    struct scenario_options scenario;
    struct output_options output;
    const char *information, *plot, *leave_out;
    bool leave_one_out, in_sample, keep_going, stages;
};

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

/* All that a call loads, freed together. */
struct work {
    size_t n;
    struct session **sessions;
    struct drawn_predictions drawn;
    struct profile_choice *profiles;     /* one a session */
    struct leave_one_out out, unread;    /* `unread`: only what load() skipped */
    const char *const *data_dirs;
};

static void work_clear(struct work *w)
{
    leave_one_out_clear(&w->out);
    leave_one_out_clear(&w->unread);
    for (size_t i = 0; i < w->n; i++) {
        session_free(w->sessions[i]);
        profile_choice_clear(&w->profiles[i]);
    }
    xfree(w->sessions, w->drawn.at, w->profiles);
}

static int load(struct work *w, const struct invocation *call, struct error *err)
{
    const struct validate_call *o = call->options;
    w->sessions = xcalloc(call->operands.n, sizeof *w->sessions);
    w->profiles = xcalloc(call->operands.n, sizeof *w->profiles);
    for (size_t i = 0; i < call->operands.n; i++) {
        struct session *s = importer_load(call->operands.at[i], NULL, err);
        if (s)
            w->sessions[w->n++] = s;
        else if (o->keep_going)
            leave_one_out_skip(&w->unread, call->operands.at[i], err->text);
        else
            return -1;
    }
    return w->n > 0
               ? 0
               : error_set(err, "none of these sessions can be read; %s", w->unread.skipped[0].why);
}

/* The settings of each session, but the profile and replicas, which are not the session's. */
static size_t settings_of(const struct validate_call *o, struct setting_change *out)
{
    struct setting_value said[SETTINGS];
    memcpy(said, o->scenario.said, sizeof said);
    said[SETTING_MIDDLEWARE].said = said[SETTING_REPLICAS].said = false;
    return setting_list(said, out);
}

static uint64_t seed_of(const struct validate_call *o)
{
    const struct setting_change seed = { SETTING_SEED, .value = o->scenario.said[SETTING_SEED] };
    struct variant v;
    variant_init(&v, NULL);
    variant_apply(&v, &seed, 1, NULL);
    return v.scenario.seed;
}

/* enum leave_out; LEAVE_OUTS: nothing is left out; -1: unknown. */
static int leaves_out(const struct validate_call *o)
{
    int unit = 0;
    if (!o->leave_out)
        return o->leave_one_out ? LEAVE_OUT_SESSION : LEAVE_OUTS;
    while (unit < LEAVE_OUTS && !str_equal(o->leave_out, leave_out_name((enum leave_out)unit)))
        unit++;
    return unit < LEAVE_OUTS ? unit : -1;
}

static int validate_one(struct work *w, size_t i, struct session_question *q,
                        const struct validate_options *options, const struct validate_call *o,
                        struct error *err)
{
    struct validation *v = &w->out.of[w->out.n];
    const char *profile = o->scenario.said[SETTING_MIDDLEWARE].text;
    q->session = w->sessions[i];
    if ((o->in_sample ? profile_choose : profile_choose_unseen)(&w->profiles[i], q->session,
                                                                profile, w->data_dirs, err))
        return -1;
    q->middleware = w->profiles[i].profile;
    if (validate_session(v, q, options, err))
        return -1;
    v->choice = &w->profiles[i];
    w->out.n++;
    return 0;
}

static int validate_all(struct work *w, const struct validate_call *o, int level,
                        struct error *err)
{
    struct validate_options options = { .replicas =
                                            (size_t)o->scenario.said[SETTING_REPLICAS].number,
                                        .gap_s = NAN, .leave_out = (enum leave_out)leaves_out(o) };
    struct setting_change settings[SETTINGS];
    struct session_question q = { .level = level, .seed = 1, .settings = settings,
                                  .n_settings = settings_of(o, settings) };
    int unit = leaves_out(o);
    if (unit != LEAVE_OUTS)
        return leave_one_out(&w->out, (const struct session *const *)w->sessions, w->n, &q,
                             &options, err);
    w->out.of = xcalloc(w->n, sizeof *w->out.of);
    for (size_t i = 0; i < w->n; i++) {
        int status = validate_one(w, i, &q, &options, o, err);
        if (status && !o->keep_going)
            return -1;
        if (status)
            leave_one_out_skip(&w->out, w->sessions[i]->name, err->text);
    }
    return w->out.n > 0 ? 0
                        : error_set(err, "none of these sessions can be predicted; %s",
                                    w->out.skipped[0].why);
}

/* Runs of one kind: of the same client, launcher and generation. */
static bool are_alike(const struct session *a, const struct session *b)
{
    const struct likeness x = session_likeness(a), y = session_likeness(b);
    return (likeness_compare(&x, &y) & DIFFERS_IN_KIND) == 0;
}

/* Each with loops as those of its kind among the others have had them. */
static void draw_outcomes(struct work *w)
{
    w->drawn = (struct drawn_predictions){ .at = xcalloc(w->out.n + 1, sizeof *w->drawn.at) };
    for (size_t i = 0; i < w->out.n; i++) {
        struct loop_counts others = { 0 };
        for (size_t k = 0; k < w->n; k++)
            if (w->sessions[k] != w->out.of[i].session &&
                are_alike(w->sessions[k], w->out.of[i].session))
                loop_counts_add(&others, w->sessions[k]);
        struct drawn_prediction *next = &w->drawn.at[w->drawn.n];
        drawn_predict(next, &w->out.of[i], &others);
        w->drawn.n += next->done || next->why.text[0];
        loop_counts_clear(&others);
    }
}

static int report(const struct work *w, const struct invocation *call, struct error *err)
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
    if (o->information && level < 0)
        return choice_refuse(
            "--information", o->information,
            (const char *const[]){ "description", "requested", "measured", "arrivals", NULL }, err);
    if (leaves_out(o) < 0)
        return choice_refuse("--leave-out", o->leave_out,
                             (const char *const[]){ "session", "generation", "machine", NULL },
                             err);
    if (leaves_out(o) != LEAVE_OUTS && o->scenario.said[SETTING_MIDDLEWARE].text)
        return error_set(
            err, "--leave-one-out calibrates a profile for each session; it takes no --middleware");
    bool chosen = leaves_out(o) == LEAVE_OUTS && !named_profile(o);
    unused_option(o->in_sample && !chosen, "validate", "in-sample",
                  "the profile is named, or calibrated on other sessions");
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", named_profile(o), call->data_dirs, err))
        return -1;
    struct work w = { .data_dirs = call->data_dirs };
    int status = load(&w, call, err);
    if (status == 0)
        status = validate_all(&w, o, level, err);
    for (size_t i = 0; i < w.unread.n_skipped && status == 0; i++)
        leave_one_out_skip(&w.out, w.unread.skipped[i].name, w.unread.skipped[i].why);
    if (status == 0) {
        draw_outcomes(&w);
        status = report(&w, call, err);
    }
    work_clear(&w);
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
