/* cli/convert.c - `dagcast convert`: between workflows of ours, WfFormat, recorded sessions and
 * timelines; says what gets lost. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/convert_impl.h"
#include "cli/foreign_workflow.h"
#include "cli/output.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "traces/importer.h"
#include "traces/importer/timeline_csv.h"
#include "traces/session_workflow.h"
#include "traces/packed_file.h"

struct convert_options {
    const char *to, *level, *workflow, *platform;
    struct output_options output;
};

#define AT(member) OPTION_AT(struct convert_options, member)

static const struct option_row convert_rows[] = {
    { .name = "to", AT(to), .argument = "FORMAT",
      .help = "'workflow', 'wfformat', 'timeline', or a script that runs it: 'slurm', 'flux' or "
              "'nextflow'; default: by OUT's ending (.csv: timeline; .wfformat.json: wfformat; "
              ".nf: nextflow), else a workflow becomes WfFormat, a timeline too, and anything else "
              "a workflow" },
    { .name = "level", AT(level), .argument = "LEVEL",
      .help = "durations of a session's workflow: description, requested or measured; default: as "
              "in the session" },
    { .name = "workflow", AT(workflow), .file = OPTION_READS, .argument = "FILE",
      .help = "the workflow of a timeline, whose CSV holds no dependencies" },
    { .name = "platform", AT(platform), .file = OPTION_READS_OR_NAME, .argument = "NAME|FILE",
      .help = "machines to write into WfFormat, or the platform of a timeline" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Conversion", .rows = convert_rows },
    SHOW_GROUP(struct convert_options),
    { .title = NULL },
};

static void clear_input(struct convert_input *in)
{
    workflow_free(in->workflow);
    platform_free(in->platform);
    session_free(in->session);
}

static bool is_our_workflow(const char *path)
{
    enum { HEAD = 4096 };
    char head[HEAD + 1];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(head, 1, HEAD, f) : 0;
    if (f)
        fclose(f);
    head[n] = '\0';
    if (head[strspn(head, " \t\r\n")] != '{' || strstr(head, "\"schemaVersion\""))
        return false;
    struct json_document *doc = json_load(path, NULL);
    if (!doc)
        return true;                     /* broken JSON: the reader of workflows says where */
    struct json root = json_root(doc);
    bool ours = json_has(&root, "task_sets");
    json_free(doc);
    return ours;
}

static enum convert_format format_of_session(const struct session *s)
{
    if (str_equal(s->importer, "wfformat"))
        return FORMAT_WFFORMAT;
    return str_equal(s->importer, "timeline_csv") ? FORMAT_TIMELINE : FORMAT_SESSION;
}

/* A timeline with the workflow and the platform that the options name. */
static struct session *load_timeline(const char *path, const struct convert_options *o,
                                     struct convert_input *in, struct error *err)
{
    struct workflow *w = foreign_workflow_of_run(o->workflow, err);
    if (!w)
        return NULL;
    return timeline_csv_session(path, w, in->platform ? platform_copy(in->platform) : NULL, err);
}

static int load_session(const char *path, const struct convert_options *o, struct convert_input *in,
                        struct error *err)
{
    unused_option(in->platform && !o->workflow, "convert", "platform",
                  "this is a recorded run, which has its own");
    in->session = o->workflow ? load_timeline(path, o, in, err) : importer_load(path, NULL, err);
    if (!in->session)
        return -1;
    in->format = format_of_session(in->session);
    if (!o->level)
        return 0;
    enum information level;
    if (level_find(o->level, &level, err))
        return -1;
    in->workflow = session_workflow(in->session, level, NULL, err);
    return in->workflow ? 0 : -1;
}

static int load_input(const struct invocation *call, struct convert_input *in, struct error *err)
{
    const struct convert_options *o = call->options;
    const char *path = call->operands.at[0];
    if (o->platform && !(in->platform = platform_open(o->platform, call->data_dirs,
                                                      packed_file_load_json, err)))
        return -1;
    if (!is_our_workflow(path))
        return load_session(path, o, in, err);
    if (o->level || o->workflow)
        return error_set(err, "%s: is a workflow; --level and --workflow are for recorded runs",
                         path);
    in->format = FORMAT_WORKFLOW;
    in->workflow = workflow_load(path, err);
    return in->workflow ? 0 : -1;
}

static struct doc *result_of(const struct convert_input *in, struct convert_target to,
                             const char *path, const struct notes *losses)
{
    const struct session *const sessions[] = { in->session };
    struct doc *d = show_new("convert");
    doc_title(d, "%s", path);
    cautions_add(d, sessions, in->session ? 1 : 0);
    doc_section(d, "Conversion");
    doc_sayf(d, DOC_ANSWER, NULL, "%s written to %s", convert_target_name(to), path);
    doc_fact(d, "from", NULL, DOC_TEXT, doc_text(convert_format_name(in->format)));
    doc_fact(d, "to", NULL, DOC_TEXT, doc_text(convert_target_name(to)));
    doc_fact(d, "file", NULL, DOC_TEXT, doc_text(path));
    session_doc_add_notes(d, "losses", "Left out or changed", losses);
    return d;
}

static void leave_level(struct convert_input *in)
{
    unused_option(true, "convert", "level", "OUT has the durations of the run");
    workflow_free(in->workflow);
    in->workflow = NULL;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct convert_options *o = call->options;
    const char *path = call->operands.at[1];
    struct convert_input in = { 0 };
    struct notes losses = { 0 };
    struct convert_target to = { FORMAT_WORKFLOW, NULL };
    int status = presets_check(PRESET_PLATFORM, "--platform", o->platform, call->data_dirs, err);
    if (status == 0)
        status = load_input(call, &in, err);
    if (status == 0)
        status = convert_choose_target(o->to, path, in.format, &to, err);
    if (status == 0 && o->level && (to.format == FORMAT_TIMELINE || to.format == FORMAT_WFFORMAT))
        leave_level(&in);
    if (status == 0)
        status = convert_write(&in, to, path, &losses, err);
    if (status == 0 && str_equal(path, "-") && in.session)
        cautions_tell("convert", in.session);
    if (status == 0 && !str_equal(path, "-"))
        status = show(result_of(&in, to, path, &losses), &o->output, err);
    clear_input(&in);
    notes_clear(&losses);
    return status;
}

static const struct example examples[] = {
    { "convert montage.json w.json", "a WfFormat instance to a workflow of ours" },
    { "convert examples/ddmd.json ddmd.wfformat.json --platform summit",
      "a workflow with machines to WfFormat" },
    { "convert t.csv run.json --workflow w.json",
      "a timeline to WfFormat, with the dependencies of its workflow" },
    { "convert re.session.tgz w.json --level description",
      "a session to a workflow with one distribution a set" },
    { "convert w.json w.sbatch.sh --to slurm",
      "job arrays with their dependencies: `bash w.sbatch.sh --account=A` submits them" },
    { NULL, NULL },
};

const struct command command_convert = {
    .name = "convert",
    .section = "Measured runs",
    .summary = "between workflows, WfFormat, recorded runs, timelines; to Slurm, Flux, Nextflow",
    .operands = "IN OUT",
    .min_operands = 2,
    .max_operands = 2,
    .last_is_output = true,
    .description = "IN is recognised by its content: a workflow of dagcast, a WfFormat instance "
                   "(1.3 to 1.6), a recorded session, a timeline or a table of tasks. OUT ('-': "
                   "standard output) is a workflow of dagcast, WfFormat 1.6, a timeline, or a "
                   "script that runs the tasks for real: jobs and job arrays of Slurm, jobspecs of "
                   "Flux, processes of Nextflow. Cautions about the session come first, then what "
                   "OUT has no place for.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct convert_options),
    .run = run,
};
