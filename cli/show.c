#include "cli/show.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/file.h"
#include "cli/interrupt.h"
#include "cli/operand_files.h"
#include "cli/options.h"
#include "doc/render.h"

#define AT(member) OPTION_AT(struct output_options, member)
#define RESULT_ROWS                                                                               \
    { .name = "markdown", AT(markdown), .help = "print the text as Markdown" },                   \
    { .name = "json", AT(json),                                                                   \
      .help = "print everything as one JSON object (times in seconds) instead of text" },         \
    { .name = "csv", AT(csv),                                                                     \
      .help = "print the main table as CSV: every row and column in full" },                      \
    { .name = "table", AT(table), .argument = "NAME",                                             \
      .help = "print this table as CSV; a wrong NAME gets a list of them" },                      \
    { .name = "report", AT(report), .file = OPTION_WRITES, .argument = "PAGE.html",               \
      .help = "also write the result as one page with pictures, for a browser" }

const struct option_row show_rows[] = { RESULT_ROWS, { .name = NULL } };

#define QUIET_ROW                                                                                 \
    { .name = "quiet", .letter = 'q', AT(quiet), .help = "no progress line on the terminal" }

const struct option_row show_progress_rows[] = { RESULT_ROWS, QUIET_ROW, { .name = NULL } };

struct doc *show_new(const char *command)
{
    return doc_new(command, DAGCAST_VERSION);
}

/* An operand as a user would write it. */
static const char *operand(const struct invocation *call, size_t i)
{
    return operand_is_input(call->operands.at[i]) ? "-" : call->operands.at[i];
}

void show_add_call(struct doc *d, const struct invocation *call)
{
    cJSON *o = cJSON_CreateObject(), *operands = cJSON_AddArrayToObject(o, "operands");
    for (size_t i = 0; i < call->operands.n; i++)
        cJSON_AddItemToArray(operands, cJSON_CreateString(operand(call, i)));
    cJSON_AddItemToObject(o, "options", command_options(call));
    doc_data(d, "call", o);
}

void show_add_commands(struct doc *d, const struct invocation *call, const uint64_t *seed)
{
    struct str lines = { 0 };
    cJSON *options = command_options(call);
    str_addf(&lines, "dagcast %s", call->command->name);
    for (size_t i = 0; i < call->operands.n; i++) {
        str_add(&lines, " ");
        escape_shell(&lines, operand(call, i));
    }
    options_add_command_line(&lines, options);
    str_add(&lines, " --report page.html\n");
    show_add_call(d, call);
    doc_page_only(d);
    doc_subsection(d, "How to reproduce this");
    doc_say(d, DOC_LINES, NULL, lines.text);
    if (seed)
        doc_sayf(d, DOC_NOTE, NULL, "Seed %llu; dagcast %s.", (unsigned long long)*seed,
                 DAGCAST_VERSION);
    else
        doc_sayf(d, DOC_NOTE, NULL, "dagcast %s.", DAGCAST_VERSION);
    cJSON_Delete(options);
    str_clear(&lines);
}

int show_page(struct doc *const *docs, size_t n, const char *title, const char *path,
              struct error *err)
{
    struct str page = { 0 };
    doc_render_html(docs, n, title, &page);
    int status = file_save(path, page.text, page.length, err);
    str_clear(&page);
    return status;
}

static int show_text(const struct doc *d, struct error *err)
{
    struct str text = { 0 };
    const struct doc_text_options how = { .width = output_columns(), .bold = output_has_colours() };
    doc_render_text(d, &how, &text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static int show_csv(const struct doc *d, const char *table, struct error *err)
{
    struct str text = { 0 };
    int status = doc_render_csv(d, table, &text, err);
    if (status != 0)
        error_prefix(err, "%s: ", table ? "--table" : "--csv");
    else
        status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static int show_markdown(const struct doc *d, struct error *err)
{
    struct str text = { 0 };
    doc_render_markdown(d, &text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

int show(struct doc *d, const struct output_options *o, struct error *err)
{
    int status = o->report ? show_page(&d, 1, NULL, o->report, err) : 0;
    if (status == 0)
        status = o->csv || o->table ? show_csv(d, o->table, err)
                          : o->markdown ? show_markdown(d, err)
                          : o->json ? output_json(doc_render_json(d), err) : show_text(d, err);
    if (status == 0)
        interrupt_be_patient();          /* all is printed: only memory is left to free */
    doc_free(d);
    return status;
}

int show_picture_files(doc_draw_fn *draw, const void *what, const char *folder, const char *name,
                       struct error *err)
{
    static const char *const endings[] = { "svg", "png" };
    int status = 0;
    for (size_t e = 0; e < sizeof endings / sizeof *endings && status == 0; e++) {
        char *path = str_format("%s/%s.%s", folder, name, endings[e]);
        status = draw(what, path, err);
        free(path);
    }
    return status;
}
