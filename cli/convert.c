/* cli/convert.c - `dagcast convert`: between workflows of ours, WfFormat, recorded sessions and
 * timelines; says what gets lost. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/foreign_workflow.h"
#include "cli/output.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "traces/export.h"
#include "traces/importer.h"
#include "traces/importer/timeline_csv.h"
#include "traces/session_workflow.h"
#include "traces/wfformat_write.h"
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

/* sessions are only read */
enum format { FORMAT_WORKFLOW, FORMAT_WFFORMAT, FORMAT_TIMELINE, FORMAT_SESSION, FORMAT_SCRIPT };
static const char *const format_names[] = { "workflow", "wfformat", "timeline", "session" };

/* What came in: a workflow of ours, or a session of any importer. */
struct input {
    enum format format;
    /* to be written: the file's own, or the session's at the level asked for */
    struct workflow *workflow;
    struct platform *platform;           /* --platform; or NULL */
    struct session *session;
};

/* What comes out. */
struct target { enum format format; const struct export_ops *script; };

static const char *target_name(struct target to)
{
    return to.script ? to.script->name : format_names[to.format];
}

static void clear_input(struct input *in)
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

static enum format format_of_session(const struct session *s)
{
    if (str_equal(s->importer, "wfformat"))
        return FORMAT_WFFORMAT;
    return str_equal(s->importer, "timeline_csv") ? FORMAT_TIMELINE : FORMAT_SESSION;
}

/* A timeline with the workflow and the platform that the options name. */
static struct session *load_timeline(const char *path, const struct convert_options *o,
                                     struct input *in, struct error *err)
{
    struct workflow *w = foreign_workflow_of_run(o->workflow, err);
    if (!w)
        return NULL;
    return timeline_csv_session(path, w, in->platform ? platform_copy(in->platform) : NULL, err);
}

static int load_session(const char *path, const struct convert_options *o, struct input *in,
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

static int load_input(const struct invocation *call, struct input *in, struct error *err)
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

static int choose_target(const struct convert_options *o, const char *path, enum format from,
                         struct target *to, struct error *err)
{
    static const char *const names[] = { "workflow", "wfformat", "timeline", "slurm", "flux",
                                         "nextflow", NULL };
    *to = (struct target){ FORMAT_SCRIPT, o->to                   ? export_find(o->to)
                                          : str_ends(path, ".nf") ? export_find("nextflow")
                                                                  : NULL };
    if (to->script)
        return 0;
    for (int f = FORMAT_WORKFLOW; o->to && f <= FORMAT_TIMELINE; f++) {
        if (!str_equal(o->to, format_names[f]))
            continue;
        to->format = (enum format)f;
        return 0;
    }
    if (o->to)
        return choice_refuse("--to", o->to, names, err);
    bool wfformat =
        str_ends(path, ".wfformat.json") || from == FORMAT_WORKFLOW || from == FORMAT_TIMELINE;
    to->format = str_ends(path, ".csv") ? FORMAT_TIMELINE
                 : wfformat             ? FORMAT_WFFORMAT
                                        : FORMAT_WORKFLOW;
    return 0;
}

/* What a workflow of ours has no place for, of what the session knows. */
static void note_session_losses(const struct input *in, struct notes *losses)
{
    const struct session *s = in->session;
    notes_add(losses, in->format == FORMAT_WFFORMAT ? s->workflow->n_tasks : 0, "tasks",
                  "their own names and files have no place: numbered within their sets");
    notes_add(losses, s->recorded_makespan_s > 0, "recorded makespan",
                  "has no place in a workflow");
    notes_add(losses, s->platform->n_nodes, "nodes",
                  "a workflow holds no platform: `dagcast import --write-platform` writes it");
    notes_add(losses, s->timeline->n, "records",
                  "times have no place in a workflow, but durations");
    notes_add_all(losses, &s->notes);
}

static char *print_tree(cJSON *json)
{
    char *text = json ? json_print(json) : NULL;
    cJSON_Delete(json);
    return text;
}

static char *script(const struct input *in, const struct export_ops *ops, const struct workflow *w,
                    struct notes *losses, struct error *err)
{
    struct str text = { 0 };
    if (export_check(w, err))
        return NULL;
    ops->write(&text, w, in->session ? in->session->platform : in->platform, losses);
    return str_take(&text);
}

/* The text of OUT, but for a timeline. NULL and a sentence. */
static char *converted(const struct input *in, struct target to, struct notes *losses,
                       struct error *err)
{
    const struct workflow *w = in->workflow ? in->workflow : in->session->workflow;
    if (to.script)
        return script(in, to.script, w, losses, err);
    if (to.format == FORMAT_WORKFLOW) {
        if (in->session)
            note_session_losses(in, losses);
        return print_tree(workflow_to_json(w));
    }
    if (workflow_decides(w)) {
        error_set(err, "%s: decides at run time, which WfFormat cannot say", w->name);
        return NULL;
    }
    const struct platform *p = in->session ? in->session->platform : in->platform;
    return print_tree(wfformat_write(w, p, in->session, losses, err));
}

static int write_timeline(const struct input *in, const char *path, struct error *err)
{
    if (!in->session || in->session->timeline->n == 0)
        return error_set(err, "%s: expected a record of a run, which has a timeline to write",
                         in->session ? in->session->path : "IN");
    return timeline_save_csv(in->session->timeline, path, err);
}

static int write_output(const struct input *in, struct target to, const char *path,
                        struct notes *losses, struct error *err)
{
    if (to.format == FORMAT_TIMELINE)
        return write_timeline(in, path, err);
    char *text = converted(in, to, losses, err);
    if (!text)
        return -1;
    struct str whole = { .text = text, .length = strlen(text) };
    int status =
        str_equal(path, "-") ? output_text(&whole, err) : file_save(path, text, whole.length, err);
    free(text);
    return status;
}

static struct doc *result_of(const struct input *in, struct target to, const char *path,
                             const struct notes *losses)
{
    const struct session *const sessions[] = { in->session };
    struct doc *d = show_new("convert");
    doc_title(d, "%s", path);
    cautions_add(d, sessions, in->session ? 1 : 0);
    doc_section(d, "Conversion");
    doc_sayf(d, DOC_ANSWER, NULL, "%s written to %s", target_name(to), path);
    doc_fact(d, "from", NULL, DOC_TEXT, doc_text(format_names[in->format]));
    doc_fact(d, "to", NULL, DOC_TEXT, doc_text(target_name(to)));
    doc_fact(d, "file", NULL, DOC_TEXT, doc_text(path));
    session_doc_add_notes(d, "losses", "Left out or changed", losses);
    return d;
}

static void leave_level(struct input *in)
{
    unused_option(true, "convert", "level", "OUT has the durations of the run");
    workflow_free(in->workflow);
    in->workflow = NULL;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct convert_options *o = call->options;
    const char *path = call->operands.at[1];
    struct input in = { 0 };
    struct notes losses = { 0 };
    struct target to = { FORMAT_WORKFLOW, NULL };
    int status = presets_check(PRESET_PLATFORM, "--platform", o->platform, call->data_dirs, err);
    if (status == 0)
        status = load_input(call, &in, err);
    if (status == 0)
        status = choose_target(o, path, in.format, &to, err);
    if (status == 0 && o->level && (to.format == FORMAT_TIMELINE || to.format == FORMAT_WFFORMAT))
        leave_level(&in);
    if (status == 0)
        status = write_output(&in, to, path, &losses, err);
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
