/* cli/convert_output.c - what comes out of a conversion: in which format, its text, and what of the
 * input has no place in it. */
#include "cli/convert_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_print.h"
#include "cli/choices.h"
#include "cli/output.h"
#include "traces/wfformat_write.h"

static const char *const format_names[] = { "workflow", "wfformat", "timeline", "session" };

const char *convert_format_name(enum convert_format f)
{
    return format_names[f];
}

const char *convert_target_name(struct convert_target to)
{
    return to.script ? to.script->name : format_names[to.format];
}

int convert_choose_target(const char *said, const char *path, enum convert_format from,
                          struct convert_target *to, struct error *err)
{
    static const char *const names[] = { "workflow", "wfformat", "timeline", "slurm", "flux",
                                         "nextflow", NULL };
    *to = (struct convert_target){ FORMAT_SCRIPT, said                    ? export_find(said)
                                                  : str_ends(path, ".nf") ? export_find("nextflow")
                                                                          : NULL };
    if (to->script)
        return 0;
    for (int f = FORMAT_WORKFLOW; said && f <= FORMAT_TIMELINE; f++) {
        if (!str_equal(said, format_names[f]))
            continue;
        to->format = (enum convert_format)f;
        return 0;
    }
    if (said)
        return choice_refuse("--to", said, names, err);
    bool wfformat =
        str_ends(path, ".wfformat.json") || from == FORMAT_WORKFLOW || from == FORMAT_TIMELINE;
    to->format = str_ends(path, ".csv") ? FORMAT_TIMELINE
                 : wfformat             ? FORMAT_WFFORMAT
                                        : FORMAT_WORKFLOW;
    return 0;
}

/* What a workflow of ours has no place for, of what the session knows. */
static void note_session_losses(const struct convert_input *in, struct notes *losses)
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

static char *script(const struct convert_input *in, const struct export_ops *ops,
                    const struct workflow *w, struct notes *losses, struct error *err)
{
    struct str text = { 0 };
    if (export_check(w, err))
        return NULL;
    ops->write(&text, w, in->session ? in->session->platform : in->platform, losses);
    return str_take(&text);
}

/* The text of OUT, but for a timeline. NULL and a sentence. */
static char *converted(const struct convert_input *in, struct convert_target to,
                       struct notes *losses, struct error *err)
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

static int write_timeline(const struct convert_input *in, const char *path, struct error *err)
{
    if (!in->session || in->session->timeline->n == 0)
        return error_set(err, "%s: expected a record of a run, which has a timeline to write",
                         in->session ? in->session->path : "IN");
    return timeline_save_csv(in->session->timeline, path, err);
}

int convert_write(const struct convert_input *in, struct convert_target to, const char *path,
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
