/* cli/describe.c - `dagcast describe`: a workflow, platform or middleware in words. */
#include <stddef.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/describe_output.h"
#include "cli/foreign_workflow.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "core/presets.h"
#include "traces/importer/wfformat.h"
#include "traces/packed_file.h"

struct describe_options {
    struct scenario_options scenario;
    struct output_options output;
};

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE,
      .offset = offsetof(struct describe_options, scenario) },
    SHOW_GROUP(struct describe_options),
    { .title = NULL },
};

enum subject { SUBJECT_WORKFLOW, SUBJECT_SCENARIO, SUBJECT_PLATFORM, SUBJECT_MIDDLEWARE };

/* What a JSON file describes, by the members that only one of them has. */
static int subject_of_file(const char *path, enum subject *subject, struct error *err)
{
    struct json_document *doc = foreign_workflow_open(path, err);
    if (!doc)
        return -1;
    struct json root = json_root(doc);
    if (json_has(&root, "task_sets"))
        *subject = SUBJECT_WORKFLOW;
    else if (wfformat_is(&root))
        *subject = SUBJECT_WORKFLOW;
    else if (json_has(&root, "workflow"))
        *subject = SUBJECT_SCENARIO;
    else if (json_has(&root, "nodes"))
        *subject = SUBJECT_PLATFORM;
    else
        *subject = SUBJECT_MIDDLEWARE;
    json_free(doc);
    return 0;
}

static bool is_preset(const char *name, enum preset_kind k, const char *const *data_dirs)
{
    return !presets_is_path(name) && presets_check(k, "", name, data_dirs, NULL) == 0;
}

static int find_subject(const char *what, const char *const *data_dirs, enum subject *subject,
                        struct error *err)
{
    if (file_exists(what))
        return subject_of_file(what, subject, err);
    if (is_preset(what, PRESET_PLATFORM, data_dirs))
        *subject = SUBJECT_PLATFORM;
    else if (is_preset(what, PRESET_MIDDLEWARE, data_dirs))
        *subject = SUBJECT_MIDDLEWARE;
    else
        return error_set(
            err, "%s: no such file, platform or middleware; 'dagcast list' shows the names", what);
    return 0;
}

static struct platform *open_platform(const char *name, const struct scenario_options *o,
                                      const char *const *data_dirs, struct error *err)
{
    struct platform *p = platform_open(name, data_dirs, packed_file_load_json, err);
    if (!p || !o->said[SETTING_NODES].said)
        return p;
    struct platform *resized = platform_with_nodes(p, (size_t)o->said[SETTING_NODES].number, err);
    platform_free(p);
    return resized;
}

static struct doc *doc_of(const struct invocation *call)
{
    struct doc *d = show_new("describe");
    doc_title(d, "%s", call->operands.at[0]);
    return d;
}

static int show_platform(const struct invocation *call, struct error *err)
{
    const struct describe_options *o = call->options;
    struct platform *p = open_platform(call->operands.at[0], &o->scenario, call->data_dirs, err);
    if (!p)
        return -1;
    struct doc *d = doc_of(call);
    describe_platform(d, p);
    platform_free(p);
    return show(d, &o->output, err);
}

static int show_middleware(const struct invocation *call, struct error *err)
{
    const struct describe_options *o = call->options;
    struct middleware *m =
        middleware_open(call->operands.at[0], call->data_dirs, packed_file_load_json, err);
    if (!m)
        return -1;
    struct doc *d = doc_of(call);
    describe_middleware(d, m);
    middleware_free(m);
    return show(d, &o->output, err);
}

/* A scenario's platform and middleware too, if it is one. */
static int show_scenario(const struct invocation *call, bool all, struct error *err)
{
    const struct describe_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    struct doc *d = doc_of(call);
    if (all) {
        describe_platform(d, set.platform);
        describe_middleware(d, set.middleware);
    }
    describe_workflow(d, set.workflow, set.platform);
    int status = show(d, &o->output, err);
    scenario_set_clear(&set);
    return status;
}

/* With a platform, also what fits on it. */
static int show_workflow(const struct invocation *call, struct error *err)
{
    const struct describe_options *o = call->options;
    if (o->scenario.said[SETTING_PLATFORM].said)
        return show_scenario(call, false, err);
    struct workflow *w = foreign_workflow_load(call->operands.at[0], err);
    if (!w)
        return -1;
    struct doc *d = doc_of(call);
    describe_workflow(d, w, NULL);
    int status = show(d, &o->output, err);
    workflow_free(w);
    return status;
}

static int check_options(const struct scenario_options *o, enum subject subject, struct error *err)
{
    bool middleware = o->said[SETTING_MIDDLEWARE].said;
    switch (subject) {
    case SUBJECT_WORKFLOW:
        unused_option(o->said[SETTING_NODES].said && !o->said[SETTING_PLATFORM].said, "describe",
                      "nodes", "no --platform has them");
        unused_option(middleware, "describe", "middleware", "a workflow is described");
        return 0;
    case SUBJECT_PLATFORM:
        if (o->said[SETTING_PLATFORM].said)
            return error_set(err, "--platform %s: the operand is a platform too; give one of them",
                             o->said[SETTING_PLATFORM].text);
        unused_option(middleware, "describe", "middleware", "this is a platform");
        return 0;
    case SUBJECT_MIDDLEWARE:
        unused_settings(o, UNUSED_WHERE, "describe", "this is a middleware");
        return 0;
    default:
        return 0;
    }
}

static int run(const struct invocation *call, struct error *err)
{
    const struct describe_options *o = call->options;
    enum subject subject = SUBJECT_WORKFLOW;
    if (find_subject(call->operands.at[0], call->data_dirs, &subject, err) ||
        check_options(&o->scenario, subject, err))
        return -1;
    switch (subject) {
    case SUBJECT_WORKFLOW:
        return show_workflow(call, err);
    case SUBJECT_SCENARIO:
        return show_scenario(call, true, err);
    case SUBJECT_PLATFORM:
        return show_platform(call, err);
    default:
        return show_middleware(call, err);
    }
}

static const struct example examples[] = {
    { "describe examples/ddmd.json", "what a workflow file says" },
    { "describe examples/ddmd.json --platform summit --nodes 16",
      "and what of it fits on 16 nodes of Summit at once" },
    { "describe summit", "a machine" },
    { "describe radical-entk", "a middleware's stations" },
    { NULL, NULL },
};

const struct command command_describe = {
    .name = "describe",
    .section = "Look",
    .summary = "a workflow, platform or middleware in words",
    .operands = "FILE|NAME",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Says in words what a file holds, as dagcast understands it. Of a workflow: "
                   "task sets, demands, durations, dependencies, levels, width, the work in it; "
                   "with --platform also what fits on a node and at once. Of a platform: nodes, "
                   "slots, GPUs, queues. Of middleware: its stations and where their figures come "
                   "from.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct describe_options),
    .run = run,
};
