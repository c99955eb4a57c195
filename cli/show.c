#include "cli/show.h"

#include <stddef.h>

#include "base/file.h"
#include "doc/render.h"

#define RESULT_ROWS                                                                                \
    { .name = "json", .kind = OPTION_FLAG, .offset = offsetof(struct output_options, json),        \
      .help = "print everything as one JSON object (times in seconds) instead of text" },          \
    { .name = "report", .kind = OPTION_TEXT, .file = OPTION_WRITES, .argument = "PAGE.html",       \
      .offset = offsetof(struct output_options, report),                                           \
      .help = "also write the result as one page with pictures, for a browser" }

const struct option_row show_rows[] = { RESULT_ROWS, { .name = NULL } };

const struct option_row show_progress_rows[] = {
    RESULT_ROWS,
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG,
      .offset = offsetof(struct output_options, quiet), .help = "no progress line on the terminal" },
    { .name = NULL },
};

struct doc *show_new(const char *command)
{
    return doc_new(command, DAGCAST_VERSION);
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
    doc_render_text(d, &(struct doc_text_options){ .bold = output_has_colours() }, &text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

int show(struct doc *d, const struct output_options *o, struct error *err)
{
    int status = o->report ? show_page(&d, 1, NULL, o->report, err) : 0;
    if (status == 0)
        status = o->json ? output_json(doc_render_json(d), err) : show_text(d, err);
    doc_free(d);
    return status;
}
