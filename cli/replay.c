/* cli/replay.c - `dagcast replay`: which scheduler explains a measured session, and what it would have been with one thing changed. */
#include <stddef.h>

#include "cli/cautions.h"
#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/output.h"
#include "cli/presets.h"
#include "traces/importer.h"
#include "validation/counterfactual.h"
#include "validation/replay.h"

enum { MOST_ROWS = 24 };                 /* of ranges of schedulers: more nobody reads */

struct replay_call {
    struct output_options output;
    const char *change, *workflow, *middleware;
};

static const struct option_row what_rows[] = {
    { .name = "change", .kind = OPTION_TEXT, .argument = "WHAT", .offset = offsetof(struct replay_call, change),
      .help = "run it again with its own durations and station values and one thing changed: mode=NAME, order=NAME, overtake=NAME, "
              "placement=NAME, scheduler=NAME, nodes=N, gpus=N (a node), pipelines=2,1,3 (order of submission) or "
              "station.NAME=SECONDS" },
    { .name = "workflow", .kind = OPTION_TEXT, .file = OPTION_READS, .argument = "FILE", .offset = offsetof(struct replay_call, workflow),
      .help = "the workflow with the true dependencies, for --change mode=NAME: a session records only the order of its stages; "
              "its sets are matched by name, label or shape, and keep their measured durations" },
    { .name = "middleware", .letter = 'm', .kind = OPTION_TEXT, .file = OPTION_READS_OR_NAME, .argument = "PROFILE",
      .offset = offsetof(struct replay_call, middleware),
      .help = "whose clocks, servers and caps --change runs with (default: the shipped profile nearest to the session)" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Replay", .rows = what_rows },
    { .title = "Output", .rows = output_rows, .offset = offsetof(struct replay_call, output) },
    { .title = NULL },
};

static int print_text(const struct session *s, const struct replay *r, const struct counterfactual *c, struct error *err)
{
    struct str text = { 0 }, words = { 0 };
    cautions_add_text(&text, &s, 1);
    output_heading(&text, s->name);
    size_t left_out = 0;
    struct table *t = c ? counterfactual_table(c) : replay_table(r, MOST_ROWS, &left_out);
    if (c) {
        counterfactual_report(c, &words);
        output_paragraph(&text, words.text);
    } else {
        replay_report(r, &text);
    }
    str_add(&text, "\n");
    table_print(t, &text, 2);
    table_free(t);
    if (left_out > 0)
        str_addf(&text, "(%zu further schedulers explain no more than these: --json shows each)\n", left_out);
    int status = output_text(&text, err);
    str_clear(&words);
    str_clear(&text);
    return status;
}

static int print(const struct session *s, const struct invocation *call, const struct replay *r, const struct counterfactual *c,
                 struct error *err)
{
    const struct replay_call *o = call->options;
    if (!o->output.json)
        return print_text(s, r, c, err);
    cJSON *root = output_json_new("replay");
    command_add_call(root, call);
    cautions_add_json(root, &s, 1);
    cJSON_AddStringToObject(root, "session", s->name);
    if (c)
        cJSON_AddItemToObject(root, "counterfactual", counterfactual_json(c));
    else
        cJSON_AddItemToObject(root, "replay", replay_json(r));
    return output_json(root, err);
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
    const char *name = session_profile_find(s, o->middleware, err);
    if (!name)
        return -1;
    struct middleware *m = middleware_open(name, call->data_dirs, err);
    if (!m)
        return -1;
    struct counterfactual c;
    struct workflow *given = o->workflow ? foreign_workflow_load(o->workflow, err) : NULL;
    int status = o->workflow && !given ? -1 : 0;
    if (status == 0)
        status = counterfactual_run(&c, s, m, str_equal(o->change, "nothing") ? NULL : o->change, given, err);
    if (status == 0) {
        status = print(s, call, NULL, &c, err);
        counterfactual_clear(&c);
    }
    workflow_free(given);
    middleware_free(m);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct replay_call *o = call->options;
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", o->middleware, call->data_dirs, err))
        return -1;
    if (o->workflow && (!o->change || !str_starts(o->change, "mode=")))
        return error_set(err, "--workflow gives the dependencies that --change mode=NAME runs with; give both");
    struct session *s = importer_load(call->operands.at[0], NULL, err);
    if (!s)
        return -1;
    int status = o->change ? change(s, call, err) : explain(s, call, err);
    session_free(s);
    return status;
}

static const struct example examples[] = {
    { "replay re.session.tgz", "which order and placement explain where its tasks went" },
    { "replay re.session.tgz --change nothing", "the placebo alone: does the simulator give back what was measured" },
    { "replay re.session.tgz --change nodes=8", "the same run on half of its nodes" },
    { "replay re.session.tgz --change mode=asynchronous --workflow w.json",
      "the same run without stages, by the dependencies of w.json" },
    { "replay re.session.tgz --change station.client.next_stage=0", "the same run without the client's delay between stages" },
    { NULL, NULL },
};

const struct command command_replay = {
    .name = "replay",
    .section = "Measured runs",
    .summary = "which scheduler explains a measured session, and what if one thing had been different",
    .operands = "SESSION",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Feeds the session's own arrivals and releases to every known scheduler and says which one explains the placements, over "
        "those on which they differ; or that it cannot be told, where nothing waited.\n\n"
        "With --change, the session runs again in the simulator with its own durations and station values: first with nothing changed "
        "(the placebo, which must give back the measured makespan), then with the change. The difference is attributed to the parts "
        "of the makespan along the chain of tasks that decided it.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct replay_call),
    .run = run,
};
