/* cli/report.c - `dagcast report`: results as one page to look at, to send and to print. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/loaded_hash.h"
#include "cli/output.h"
#include "cli/report_page.h"
#include "cli/show.h"
#include "doc/render.h"
#include "plots/html.h"

struct report_options { const char *output, *title; };

static const struct option_row rows[] = {
    { .name = "output", .letter = 'o', .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "FILE.html",
      .offset = offsetof(struct report_options, output),
      .help = "the page (default: report.html)" },
    { .name = "title", .kind = OPTION_TEXT, .argument = "TEXT", .offset = offsetof(struct report_options, title),
      .help = "its title (default: what the first result is about)" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "Output", .rows = rows },
    { .title = NULL },
};

/* Old results, and pictures and reasons found anew, would stand side by side. */
static void warn_of_changes(struct report *r, const struct json *root)
{
    struct str changes = { 0 };
    struct json scenario = json_member(root, "scenario");
    loaded_hash_add_changes(&changes, &scenario, r->data_dirs);
    if (changes.length) {
        str_add(&changes, ".");
        report_warning(r, changes.text);
    }
    str_clear(&changes);
}

static int add_result(struct report *r, const struct input *in, struct error *err)
{
    if (in->kind == INPUT_SCENARIO)
        return error_set(err, "%s is a scenario, not yet a result: dagcast compare %s --json >result.json", in->path, in->path);
    if (in->kind == INPUT_RECORD)
        return report_record(r, in, err);
    const struct json root = json_root(in->document);
    const char *command = "";
    json_get_string(&root, "command", &command, NULL);
    warn_of_changes(r, &root);
    if (str_equal(command, "compare") || str_equal(command, "simulate"))
        return report_scenario_result(r, in, err);
    return report_other_result(r, in, err);
}

/* "dagcast: ddmd on summit" of a result, else the file's name. New string. */
static char *title_of(const struct input *in)
{
    if (in->document) {
        const struct json root = json_root(in->document), scenario = json_member(&root, "scenario"),
                          platform = json_member(&scenario, "platform"), workflow = json_member(&root, "workflow");
        const char *on = NULL, *name = NULL;
        json_get_string(&platform, "name", &on, NULL);
        if (json_get_string(&workflow, "name", &name, NULL) || !name)
            json_get_string(&root, "workflow", &name, NULL);
        if (on && name)
            return str_format("%s on %s", name, on);
        if (json_get_string(&root, "study", &name, NULL) == 0 && name && *name)
            return str_format("Study %s", name);
        if (json_get_string(&root, "command", &name, NULL) == 0 && name)
            return str_format("Result of dagcast %s", name);
    }
    const char *slash = strrchr(in->path, '/');
    return str_format("%s", slash ? slash + 1 : in->path);
}

/* "ddmd on summit (advise)": tells apart what several results have to say of one thing. */
static void begin_part(struct report *r, const struct input *in, const char *title)
{
    const char *command = in->document ? report_text(json_root(in->document).value, "command", NULL) : NULL;
    char *words = command ? str_format("%s (%s)", title, command) : str_format("%s", title);
    report_part(r, words);
    free(words);
}

static int add_all(struct report *r, const struct operands *operands, char **title, struct error *err)
{
    for (size_t i = 0; i < operands->n; i++) {
        struct input in;
        if (input_open(&in, operands->at[i], err))
            return -1;
        char *own = title_of(&in);
        if (operands->n > 1)
            begin_part(r, &in, own);
        int status = add_result(r, &in, err);
        if (!*title)
            *title = own;
        else
            free(own);
        input_close(&in);
        if (status)
            return -1;
    }
    return 0;
}

static int write_page(const struct report *r, const char *title, const char *path, struct error *err)
{
    struct str page = { 0 };
    html_begin(&page, title);
    str_addf(&page, "<nav aria-label=\"Contents\"><ul>\n%s</ul></nav>\n", r->contents.text ? r->contents.text : "");
    str_add_n(&page, r->body.text, r->body.length);
    html_end(&page);
    int status = file_save(path, page.text, page.length, err);
    str_clear(&page);
    if (status)
        return -1;
    return output_wrote(path, err);
}

static const char usual_page[] = "report.html";

static char *unsaid_output(const struct invocation *call)
{
    const struct report_options *o = call->options;
    return o->output ? NULL : xstrdup(usual_page);
}

/* ---- stored docs ---- */

static struct doc *stored_doc(const char *path, struct error *err)
{
    struct input in;
    if (input_open(&in, path, err))
        return NULL;
    const cJSON *root = in.document ? json_root(in.document).value : NULL;
    struct doc *d = root ? doc_load(root, path, err) : NULL;
    input_close(&in);
    return d;
}

/* 1: a result is stored in the layout of before; the rest of this file renders those. */
static int render_stored(const struct operands *operands, const char *title, const char *path, struct error *err)
{
    struct doc **docs = xcalloc(operands->n, sizeof *docs);
    struct error ignored;
    size_t n = 0;
    while (n < operands->n && (docs[n] = stored_doc(operands->at[n], &ignored)))
        n++;
    int status = n < operands->n ? 1 : show_page(docs, n, title, path, err);
    for (size_t i = 0; i < n; i++)
        doc_free(docs[i]);
    free(docs);
    return status == 0 ? output_wrote(path, err) : status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct report_options *o = call->options;
    const char *path = o->output ? o->output : usual_page;
    int stored = render_stored(&call->operands, o->title, path, err);
    if (stored <= 0)
        return stored;
    struct report r = { .data_dirs = call->data_dirs };
    char *title = o->title ? str_format("%s", o->title) : NULL;
    int status = add_all(&r, &call->operands, &title, err);
    if (status == 0)
        status = write_page(&r, title, path, err);
    report_clear(&r);
    free(title);
    return status;
}

static const struct example examples[] = {
    { "compare examples/ddmd.json -p summit -n 16 --json >ddmd.result.json", "a result ..." },
    { "report ddmd.result.json --output report.html", "... as a page with a Gantt chart to zoom into" },
    { "report ddmd.result.json validation.json re.session.login1.tgz", "with a validation and a recorded run on the same page" },
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
        "Writes one HTML page that needs no network: the question and its answer, the scenario in words, the results with the closed form "
        "beside them, what they mean, where the time goes and why, pictures, a Gantt chart that zooms, pans and shows each task's facts, "
        "and the commands that lead to the same. Of advice: what to ask for, with the lines of a batch script to copy, and every row.\n\n"
        "RESULT is what --json printed of compare, simulate, validate, advise, explain, sweep or any other command; or a recorded run or "
        "task table, anything that 'dagcast import' reads. Several go on one page. A result of compare or simulate says how it was made: "
        "its first replicas are simulated again from that, so the files it names are needed. Pictures need gnuplot and graphviz; without, "
        "the page says so.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct report_options),
    .run = run,
};
