/* cli/report.c - `dagcast report`: results as one page to look at, to send and to print. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/picture_data.h"
#include "cli/plot_kinds.h"
#include "cli/session_doc.h"
#include "cli/show.h"
#include "cli/timelines.h"
#include "core/metrics.h"
#include "doc/render.h"
#include "traces/session_cautions.h"

static void add_metrics(struct doc *d, const struct timeline *t)
{
    struct metrics m = metrics_of(t);
    struct str words = { 0 };
    if (isnan(m.makespan_s))
        str_add(&words, "unknown: no task ran from its start to its end");
    else
        str_addf(&words, "%.1f s, from the first task's start to the last one's stop%s",
                 m.makespan_s,
                 m.n_done == 0 ? "; no task is done, so this is the makespan of a run that was cut"
                               : "");
    doc_fact(d, NULL, "makespan", DOC_TEXT, doc_words(&words));
    doc_factf(d, NULL, "tasks",
              "%zu done, %zu failed, %zu killed, %zu cancelled, %zu cut off; at most %zu at once",
              m.n_done, m.n_failed, m.n_killed, m.n_cancelled, m.n_cut, m.max_running);
    if (isnan(m.utilisation_slots))
        str_add(&words, "unknown: there is no time in which cores could be busy");
    else
        str_addf(&words, "%.1f %% of cores busy, %.1f %% held", 100 * m.utilisation_slots,
                 100 * m.held_slots);
    if (!isnan(m.utilisation_gpus))
        str_addf(&words, "; %.1f %% of GPUs busy, %.1f %% held", 100 * m.utilisation_gpus,
                 100 * m.held_gpus);
    doc_fact(d, NULL, "utilisation", DOC_TEXT, doc_words(&words));
}

static void add_cautions(struct doc *d, const struct session *s)
{
    cJSON *cautions = session_cautions(s);
    const cJSON *caution;
    struct str words = { 0 };
    if (s->n_interruptions > 0) {
        str_add(&words, "This run was ");
        session_add_interruptions(s, &words);
        str_add(&words, ": its makespan measures nothing.");
        doc_say_str(d, DOC_WARNING, NULL, &words);
    }
    cJSON_ArrayForEach(caution, cautions)
        doc_sayf(d, DOC_WARNING, NULL, "Caution: %s.", caution->valuestring);
    cJSON_Delete(cautions);
}

static struct doc *record_doc(const struct timelines *t, const struct picture *p, const char *path)
{
    const struct session *s = t->session;
    struct doc *d = show_new("report");
    struct str words = { 0 };
    doc_title(d, "%s", str_file_name(path));
    str_addf(&words, "Recorded run: %s", s->name);
    doc_section(d, words.text);
    add_cautions(d, s);
    add_metrics(d, t->panels[0].timeline);
    session_doc_add_sets(d, NULL, "Task sets", s);
    if (s->tasks && s->n_stages > 0)
        session_doc_add_stages(d, NULL, "Stages", s);
    if (s->notes.n > 0)
        session_doc_add_notes(d, NULL, "What is missing", &s->notes);
    page_add_timelines(d, p);
    str_clear(&words);
    str_add(&words, "dagcast report ");
    escape_shell(&words, path);
    doc_subsection(d, "How to reproduce this");
    doc_say_str(d, DOC_LINES, NULL, &words);
    doc_say(d, DOC_NOTE, NULL, "By dagcast " DAGCAST_VERSION ".");
    return d;
}

struct report_options { const char *output, *title; };

#define AT(member) OPTION_AT(struct report_options, member)

static const struct option_row rows[] = {
    { .name = "output", .letter = 'o', AT(output), .file = OPTION_WRITES, .argument = "FILE.html",
      .help = "the page (default: report.html)" },
    { .name = "title", AT(title), .argument = "TEXT",
      .help = "its title (default: what the first result is about)" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Output", .rows = rows },
    { .title = NULL },
};

static const char usual_page[] = "report.html";

static char *unsaid_output(const struct invocation *call)
{
    const struct report_options *o = call->options;
    return o->output ? NULL : xstrdup(usual_page);
}

struct part {                            /* one file on the command line */
    struct input input;
    struct doc *doc;
    struct timelines timelines;          /* of a record: its pictures draw them */
    struct picture picture;
    struct picture_data stored;          /* of a result */
    struct doc_drawing *drawings;        /* of `stored` */
};

static int load_record(struct part *p, const struct input *in, const char *const *data_dirs,
                       struct error *err)
{
    static const struct scenario_options nothing;
    if (timelines_open(&p->timelines, in, &nothing, data_dirs, err))
        return -1;
    p->picture = (struct picture){ .panels = p->timelines.panels, .n_panels = p->timelines.n };
    p->doc = record_doc(&p->timelines, &p->picture, in->path);
    return 0;
}

static int load_result(struct part *p, const struct input *in, struct error *err)
{
    struct json root = json_root(in->document);
    if (picture_data_read(&p->stored, &root, err))
        return -1;
    if (p->stored.picture.n_panels > 0)
        p->drawings = picture_data_drawings(&p->stored);
    const struct doc_drawer drawer = { p->drawings, plot_of_result };
    p->doc = doc_load(root.value, in->path, &drawer, err);
    return p->doc ? 0 : -1;
}

static int load_part(struct part *p, const char *path, const char *const *data_dirs,
                     struct error *err)
{
    const struct input *in = &p->input;
    if (input_open(&p->input, path, err))
        return -1;
    if (in->kind == INPUT_SCENARIO)
        return error_set(err, "%s is a scenario, not yet a result: dagcast compare %s --report "
                              "page.html", in->path, in->path);
    if (in->kind == INPUT_RECORD)
        return load_record(p, in, data_dirs, err);
    return load_result(p, in, err);
}

static void clear_part(struct part *p)
{
    doc_free(p->doc);
    timelines_close(&p->timelines);
    picture_data_clear(&p->stored);
    free(p->drawings);
    input_close(&p->input);
}

static int write_docs(const struct part *parts, size_t n, const char *title, const char *path,
                      struct error *err)
{
    struct doc **docs = xcalloc(n, sizeof *docs);
    for (size_t i = 0; i < n; i++)
        docs[i] = parts[i].doc;
    int status = show_page(docs, n, title, path, err);
    free(docs);
    return status;
}

static int render_docs(const struct invocation *call, const char *title, const char *path,
                       struct error *err)
{
    const struct operands *files = &call->operands;
    struct part *parts = xcalloc(files->n, sizeof *parts);
    int status = 0;
    for (size_t i = 0; i < files->n && status == 0; i++)
        status = load_part(&parts[i], files->at[i], call->data_dirs, err);
    if (status == 0)
        status = write_docs(parts, files->n, title, path, err);
    for (size_t i = 0; i < files->n; i++)
        clear_part(&parts[i]);
    free(parts);
    return status == 0 ? output_wrote(path, err) : -1;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct report_options *o = call->options;
    return render_docs(call, o->title, o->output ? o->output : usual_page, err);
}

static const struct example examples[] = {
    { "compare examples/ddmd.json -p summit -n 16 --report ddmd.html",
      "a page in the run that makes the result" },
    { "report monday.json tuesday.json --title 'Two runs'", "what --json printed, side by side" },
    { "report re.session.login1.tgz -o session.html",
      "a recorded run, with a Gantt chart to zoom into" },
    { NULL, NULL },
};

const struct command command_report = {
    .name = "report",
    .section = "Look",
    .summary = "results as one page: tables, pictures, a Gantt chart to zoom into",
    .operands = "RESULT...",
    .min_operands = 1,
    .max_operands = -1,
    .unsaid_output = unsaid_output,
    .description =
        "Writes one HTML page that needs no network, from stored results and recorded runs; "
        "several go on one page, where two of them can be shown side by side. Nothing is simulated "
        "again.\n\n"
        "RESULT is what --json printed of any command; its page has every word, figure and table. "
        "Its pictures and the Gantt chart to zoom into are there if compare or simulate stored "
        "them (--json --picture-data). Every command draws them itself with --report PAGE.html. "
        "RESULT may also be a recorded run or task table, anything that 'dagcast import' reads: "
        "its page has the pictures. Pictures need gnuplot and graphviz; without, the page says so.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct report_options),
    .run = run,
};
