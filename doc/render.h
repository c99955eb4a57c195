/* doc/render.h - a doc as text, as JSON, as a page; and back from stored JSON. */
#ifndef DAGCAST_DOC_RENDER_H
#define DAGCAST_DOC_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/str.h"
#include "doc/doc.h"

struct doc_text_options {
    size_t width;                        /* no line is longer, but of DOC_LINES and long words;
                                            paragraphs wrap at 100; 0: 100 */
    bool bold;                           /* headings in bold: a terminal */
};
void doc_render_text(const struct doc *d, const struct doc_text_options *o, struct str *out);

/* All that people read, as Markdown: headings, sentences, facts as lists, tables. */
void doc_render_markdown(const struct doc *d, struct str *out);

/* A table as CSV: its members in full, "session.mean" by "session/mean". Its name is its path in
 * the JSON ("modes.pipelined.parts"), or "table-2" if the JSON does not hold it; "facts":
 * all facts. `name` NULL: the first that is in the JSON, else the first of all, else the facts. -1,
 * nothing added: the doc holds no such table; *err names those that it holds. */
int doc_render_csv(const struct doc *d, const char *name, struct str *out, struct error *err);

/* {"command", "version", the members, "page": labels and units}: all that doc_load() needs. */
cJSON *doc_render_json(const struct doc *d);

/* What draws a stored page's picture of this caption, or its Gantt chart. */
struct doc_drawing {
    const char *caption;
    doc_draw_fn *draw;                   /* of a picture; or */
    doc_write_fn *write;                 /* of the chart */
    const void *what;
};
#define DOC_GANTT_CAPTION "Each task on its node, to zoom into"

struct doc_drawer {
    const struct doc_drawing *drawings;  /* ended by a NULL caption; NULL: none */
    doc_plot_fn *plot;                   /* draws tables; NULL: those pictures are missing too */
};

/* A stored result, new; `name` is for errors. NULL if the JSON has no "page". A note replaces each
 * picture that `drawer` cannot draw (NULL: all). The JSON must live until the doc is rendered. */
struct doc *doc_load(const cJSON *json, const char *name, const struct doc_drawer *drawer,
                     struct error *err);

/* The title of a stored result, in `json`; NULL: none. */
const char *doc_stored_title(const cJSON *json);

/* The value at "explanation/parts"; NULL: none. */
const cJSON *doc_stored_at(const cJSON *json, const char *path);

/* The records of the first table of a stored result whose JSON is a list; NULL: none. */
const cJSON *doc_stored_records(const cJSON *json);

/* One page of one or several docs; it needs no network. `title` NULL: that of the first doc. */
void doc_render_html(struct doc *const *docs, size_t n, const char *title, struct str *out);

#endif
