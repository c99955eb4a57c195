/* cli/import.c - `dagcast import`: what is in a measured run, and its workflow, platform and
 * timeline as files. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/picture_data.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/unused_options.h"
#include "traces/importer.h"
#include "traces/session.h"
#include "traces/session_io.h"
#include "traces/session_loops.h"
#include "traces/session_workflow.h"

struct import_options {
    const char *from, *workflow, *platform, *timeline, *level, *io;
    bool loops;
    struct output_options output;
};

#define AT(member) OPTION_AT(struct import_options, member)

static const struct option_row file_rows[] = {
    { .name = "from", AT(from), .argument = "NAME",
      .help = "read it as this tool's, whatever its content looks like: a name of `dagcast list "
              "importers`" },
    { .name = "write-workflow", AT(workflow), .file = OPTION_WRITES, .argument = "FILE",
      .help = "write its workflow as JSON" },
    { .name = "write-platform", AT(platform), .file = OPTION_WRITES, .argument = "FILE",
      .help = "write its platform as JSON" },
    { .name = "timeline", AT(timeline), .file = OPTION_WRITES, .argument = "FILE.csv",
      .help = "write what happened, a row for each attempt of a task" },
    { .name = "io", AT(io), .argument = "RATE",
      .help = "tasks of the workflow read and write their files, whose sizes the trace holds "
              "(WfFormat), through one file system of this rate (\"2 GB/s\"), which the platform "
              "gets; the makespan simulated with them is shown beside the one without" },
    { .name = "loops", AT(loops),
      .help = "write what repeats in it as a loop, and what a generator asks for as a campaign "
              "(docs/decisions.md)" },
    { .name = "level", AT(level), .argument = "LEVEL",
      .help = "durations in the workflow: 'description' (one distribution a set), 'requested' or "
              "'measured' (one a task); default: measured" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Files", .rows = file_rows },
    SHOW_GROUP(struct import_options),
    { .title = NULL },
};

/* MiB/s, as checked; 0: files take no time. */
static double io_rate(const struct import_options *o)
{
    double rate;
    return o->io && quantity_parse(o->io, QUANTITY_MIB_PER_S, &rate) ? rate : 0;
}

/* The session's workflow as text; *imputed tasks had no duration. NULL and a sentence. */
static char *workflow_text(const struct session *s, const struct import_options *o, size_t *imputed,
                           struct error *err)
{
    const char *level_name = o->level;
    enum information level;
    struct workflow *made = NULL;
    *imputed = 0;
    /* these are in no workflow but a level's */
    bool services = s->n_services > 0 && s->n_requests > 0;
    if (level_name && level_find(level_name, &level, err))
        return NULL;
    if (!level_name)
        level = INFORMATION_MEASURED;
    if (o->loops && !(made = session_with_loops(s, NULL, NULL, err)))
        return NULL;
    if (!o->loops && (level_name || services) && !(made = session_workflow(s, level, imputed, err)))
        return NULL;
    if (!made) {
        made = workflow_copy(s->workflow);
        session_add_staging(s, made);
    }
    if (o->io)
        session_io_add(s, made);
    cJSON *json = workflow_to_json(made);
    char *text = json_print(json);
    cJSON_Delete(json);
    workflow_free(made);
    return text;
}

static int write_workflow(const struct session *s, const struct import_options *o, struct str *said,
                          struct error *err)
{
    size_t imputed;
    char *text = workflow_text(s, o, &imputed, err);
    if (!text)
        return -1;
    int status = file_save(o->workflow, text, strlen(text), err);
    str_addf(said, "workflow written to %s", o->workflow);
    if (imputed)
        str_addf(said, "; %zu tasks without a duration take their set's mean", imputed);
    str_add(said, "\n");
    free(text);
    return status;
}

static int write_platform(const struct session *s, const struct import_options *o, struct str *said,
                          struct error *err)
{
    double rate = io_rate(o);
    struct platform *own = rate > 0 ? platform_copy(s->platform) : NULL;
    if (own)
        session_io_add_flow(own, rate);
    cJSON *json = platform_to_json(own ? own : s->platform);
    platform_free(own);
    char *text = json_print(json);
    int status = file_save(o->platform, text, strlen(text), err);
    str_addf(said, "platform written to %s\n", o->platform);
    cJSON_Delete(json);
    free(text);
    return status;
}

static int write_timeline(const struct session *s, const struct import_options *o, struct str *said,
                          struct error *err)
{
    if (s->timeline->n == 0)
        return error_set(err, "%s: holds no times of tasks, so there is no timeline to write",
                         s->path);
    str_addf(said, "timeline written to %s\n", o->timeline);
    return timeline_save_csv(s->timeline, o->timeline, err);
}

static int write_files(const struct session *s, const struct import_options *o, struct str *said,
                       struct error *err)
{
    if (o->timeline && write_timeline(s, o, said, err))
        return -1;
    if (o->workflow && write_workflow(s, o, said, err))
        return -1;
    return o->platform ? write_platform(s, o, said, err) : 0;
}

/* What the page draws of a session. */
struct shown {
    struct picture_panel panel;
    struct picture picture;
};

static void add_pictures(struct doc *d, const struct session *s, struct shown *shown)
{
    if (isnan(timeline_makespan(s->timeline)))
        return;
    shown->panel = (struct picture_panel){ .timeline = s->timeline };
    shown->picture = (struct picture){ .title = s->name, .panels = &shown->panel, .n_panels = 1 };
    page_add_gantt(d, &shown->picture);
    page_add_comparison(d, NULL, &shown->picture);
}

/* One session is the result; several are its list "sessions". */
static struct doc *import_doc(struct session *const *sessions, size_t n,
                              const struct import_options *o, struct shown *shown,
                              const char *written)
{
    struct doc *d = show_new("import");
    if (n == 1)
        doc_title(d, "Recorded run: %s", sessions[0]->name);
    else
        doc_title(d, "%zu recorded runs", n);
    if (n > 1)
        doc_open_list(d, "sessions");
    for (size_t i = 0; i < n; i++) {
        if (n > 1) {
            doc_open(d, NULL);
            doc_section(d, sessions[i]->name);
        }
        session_doc_add(d, sessions[i], io_rate(o));
        add_pictures(d, sessions[i], &shown[i]);
        if (n > 1)
            doc_close(d);
    }
    if (n > 1)
        doc_close(d);
    if (*written)
        doc_say(d, DOC_LINES, "written", written);
    return d;
}

static int print(struct session *const *sessions, size_t n, const struct str *said,
                 const struct import_options *o, struct error *err)
{
    struct shown *shown = xcalloc(n, sizeof *shown);
    int status =
        show(import_doc(sessions, n, o, shown, said->text ? said->text : ""), &o->output, err);
    free(shown);
    return status;
}

static int check_options(const struct invocation *call, struct error *err)
{
    const struct import_options *o = call->options;
    enum information level;
    double rate;
    if (o->level && level_find(o->level, &level, err))
        return -1;
    if (o->io && (!quantity_parse(o->io, QUANTITY_MIB_PER_S, &rate) || !(rate > 0)))
        return error_set(
            err, "--io: invalid rate '%s'; expected a rate such as \"2 GB/s\" or MiB/s", o->io);
    if (o->loops && (o->level || o->io || !o->workflow))
        return error_set(err, "--loops: needs --write-workflow, without --level and --io");
    unused_option(o->level && !o->workflow, "import", "level",
                  "it is of the durations that --write-workflow writes");
    if (call->operands.n > 1 && (o->workflow || o->platform || o->timeline))
        return error_set(
            err,
            "--write-workflow, --write-platform and --timeline are for one session; %zu are given",
            call->operands.n);
    return 0;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct import_options *o = call->options;
    size_t n = call->operands.n;
    struct session **sessions = xcalloc(n, sizeof *sessions);
    struct str said = { 0 };
    int status = check_options(call, err);
    for (size_t i = 0; status == 0 && i < n; i++)
        status = (sessions[i] = importer_load(call->operands.at[i], o->from, err)) ? 0 : -1;
    for (size_t i = 0; status == 0 && o->io && i < n; i++)
        status = session_io_check(sessions[i], err);
    if (status == 0)
        status = write_files(sessions[0], o, &said, err);
    if (status == 0)
        status = print(sessions, n, &said, o, err);
    for (size_t i = 0; i < n; i++)
        session_free(sessions[i]);
    free(sessions);
    str_clear(&said);
    return status;
}

static const struct example examples[] = {
    { "import re.session.tgz", "what is in a RADICAL-Pilot session" },
    { "import re.session.tgz --write-workflow w.json --write-platform p.json --timeline t.csv",
      "its parts, to simulate and to plot" },
    { "import montage.json --write-workflow w.json --write-platform p.json",
      "the same of a WfFormat instance" },
    { "import jobs.csv",
      "what `sacct --parsable2` printed; likewise jobs.json of `sacct --json`, Nextflow's "
      "trace.txt" },
    { NULL, NULL },
};

const struct command command_import = {
    .name = "import",
    .section = "Measured runs",
    .summary = "what is in a recorded run: tasks, sets, stages, nodes, times, gaps",
    .operands = "SESSION...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Reads a RADICAL-Pilot session (a folder or an archive, with or without EnTK), "
                   "another tool's record (`dagcast list importers`; docs/import.md says how to "
                   "get each), a timeline of dagcast (CSV) or a table of tasks (sacct, Nextflow, "
                   "LSF, PBS, or one's own CSV) and says what is in it, and what is missing and "
                   "why. Nothing is unpacked to disk.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct import_options),
    .run = run,
};
