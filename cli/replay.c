/* cli/replay.c - `dagcast replay`: which scheduler explains a measured session, and what it would
 * have been with one thing changed. */
#include <stddef.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/picture_data.h"
#include "cli/replay_doc.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "core/presets.h"
#include "traces/importer.h"
#include "validation/profile_choice.h"

struct replay_call {
    struct output_options output;
    const char *change, *workflow, *middleware;
};

#define AT(member) OPTION_AT(struct replay_call, member)

static const struct option_row what_rows[] = {
    { .name = "change", AT(change), .argument = "WHAT",
      .help = "run it again with its own durations and station values and one thing changed: "
              "mode=NAME, order=NAME, overtake=NAME, overtake_every=TIME, placement=NAME, "
              "scheduler=NAME, nodes=N, gpus=N (a node), pipelines=2,1,3 (order of submission) or "
              "station.NAME=SECONDS" },
    { .name = "workflow", AT(workflow), .file = OPTION_READS, .argument = "FILE",
      .help = "the workflow with the true dependencies, for --change mode=NAME: a session records "
              "only the order of its stages; its sets are matched by name, label or shape, and "
              "keep their measured durations" },
    { .name = "middleware", .letter = 'm', AT(middleware), .file = OPTION_READS_OR_NAME,
      .argument = "PROFILE",
      .help = "whose clocks, servers and caps --change runs with (default: the shipped profile "
              "nearest to the session)" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Replay", .rows = what_rows },
    SHOW_GROUP(struct replay_call),
    { .title = NULL },
};

/* The timelines that a page shows one above the other: measured, and with --change simulated. */
struct shown {
    struct picture_panel panels[3];
    struct picture picture;
};

static void add_gantt(struct doc *d, const struct session *s, const struct counterfactual *c,
                      struct shown *shown)
{
    size_t n = 1;
    shown->panels[0] = (struct picture_panel){ "measured", s->timeline };
    if (c)
        shown->panels[n++] = (struct picture_panel){ "placebo", c->placebo.timeline };
    if (c && c->change)
        shown->panels[n++] = (struct picture_panel){ c->change, c->changed.timeline };
    shown->picture = (struct picture){ .title = s->name, .panels = shown->panels, .n_panels = n };
    page_add_gantt(d, &shown->picture);
}

static int print(const struct session *s, const struct invocation *call, const struct replay *r,
                 const struct counterfactual *c, struct error *err)
{
    const struct replay_call *o = call->options;
    struct shown shown;
    struct doc *d = show_new("replay");
    doc_title(d, "Replay of %s", s->name);
    cautions_add(d, &s, 1);
    doc_fact(d, "session", "session", DOC_TEXT, doc_text(s->name));
    if (c)
        counterfactual_doc_add(d, c);
    else
        replay_doc_add(d, r);
    add_gantt(d, s, c, &shown);
    show_add_commands(d, call, NULL);
    return show(d, &o->output, err);
}

static int explain(const struct session *s, const struct invocation *call, struct error *err)
{
    struct replay *r = replay_session(s, err);
    if (!r)
        return -1;
    int status = print(s, call, r, NULL, err);
    replay_free(r);
    return status;
}

static int change(const struct session *s, const struct invocation *call, struct error *err)
{
    const struct replay_call *o = call->options;
    struct profile_choice profile;
    if (profile_choose(&profile, s, o->middleware, call->data_dirs, err))
        return -1;
    struct counterfactual c;
    struct workflow *given = o->workflow ? foreign_workflow_of_run(o->workflow, err) : NULL;
    int status = o->workflow && !given ? -1 : 0;
    if (status == 0)
        status = counterfactual_run(&c, s, profile.profile,
                                    str_equal(o->change, "nothing") ? NULL : o->change, given, err);
    if (status == 0) {
        status = print(s, call, NULL, &c, err);
        counterfactual_clear(&c);
    }
    workflow_free(given);
    profile_choice_clear(&profile);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct replay_call *o = call->options;
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", o->middleware, call->data_dirs, err))
        return -1;
    if (o->workflow && (!o->change || !str_starts(o->change, "mode=")))
        return error_set(
            err, "--workflow gives the dependencies that --change mode=NAME runs with; give both");
    unused_option(o->middleware && !o->change, "replay", "middleware",
                  "it is what --change runs with");
    struct session *s = importer_load(call->operands.at[0], NULL, err);
    if (!s)
        return -1;
    int status = o->change ? change(s, call, err) : explain(s, call, err);
    session_free(s);
    return status;
}

static const struct example examples[] = {
    { "replay re.session.tgz", "which order and placement explain where its tasks went" },
    { "replay re.session.tgz --change nothing",
      "the placebo alone: does the simulator give back what was measured" },
    { "replay re.session.tgz --change nodes=8", "the same run on half of its nodes" },
    { "replay re.session.tgz --change mode=asynchronous --workflow w.json",
      "the same run without stages, by the dependencies of w.json" },
    { "replay re.session.tgz --change station.client.next_stage=0",
      "the same run without the client's delay between stages" },
    { NULL, NULL },
};

const struct command command_replay = {
    .name = "replay",
    .section = "Measured runs",
    .summary = "which scheduler explains a measured session, and what if one thing had been "
               "different",
    .operands = "SESSION",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Feeds the session's own arrivals and releases to every known scheduler and says which one "
        "explains the placements, over those on which they differ; or that it cannot be told, "
        "where nothing waited.\n\n"
        "With --change, the session runs again in the simulator with its own durations and station "
        "values: first with nothing changed (the placebo, which must give back the measured "
        "makespan), then with the change. The difference is attributed to the parts of the "
        "makespan along the chain of tasks that decided it.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct replay_call),
    .run = run,
};
