/* cli/report_page.h - the sections of `dagcast report`, each added to one page. */
#ifndef DAGCAST_CLI_REPORT_PAGE_H
#define DAGCAST_CLI_REPORT_PAGE_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/str.h"
#include "base/table.h"
#include "cli/timelines.h"

struct report {
    struct str body, contents;           /* HTML; entries of the table of contents */
    int sections, pictures;
    size_t columns, left;                /* of the table that is open: how many, and how many of them hold words */
    const char *const *data_dirs;
};
void report_clear(struct report *r);

/* Where one result ends and the next begins, of several on a page. */
void report_part(struct report *r, const char *title);
/* <h2> with a place in the contents; the paragraphs and tables that follow belong to it. */
void report_heading(struct report *r, const char *title);
void report_subheading(struct report *r, const char *title);
void report_paragraph(struct report *r, const char *words);
void report_warning(struct report *r, const char *words);
void report_answer(struct report *r, const char *words);                 /* what somebody in a hurry reads */
void report_lines(struct report *r, const char *lines);                  /* to copy: commands, lines of a batch script */

/* Rows of a name and a value. */
void report_facts_begin(struct report *r);
void report_fact(struct report *r, const char *name, const char *value);
void report_facts_end(struct report *r);

/* A table; the first `left` of its columns hold words, the others figures. `main`: the row stands out. */
void report_table_begin(struct report *r, const char *const *names, size_t n, size_t left);
void report_table_row(struct report *r, const char *const *cells, bool main);            /* NULL: an empty cell */
void report_table_end(struct report *r);

/* What is shown only on demand. */
void report_details_begin(struct report *r, const char *summary);
void report_details_end(struct report *r);

/* A few figures large, side by side: a name, the figure, a word on it (NULL: none). */
void report_figures_begin(struct report *r);
void report_figure(struct report *r, const char *name, const char *figure, const char *note);
void report_figures_end(struct report *r);

/* Of a result: a number by the way to it, "modes/sequential/makespan/ci95/0", NAN: none; a text of an object. */
double report_number(const cJSON *v, const char *way);
const char *report_text(const cJSON *object, const char *key, const char *otherwise);

/* JSON in general: objects as facts, arrays of objects as tables, what is within them under headings of its own. */
void report_add_json(struct report *r, const cJSON *value);
/* The same of a table of ours. */
void report_add_table(struct report *r, const struct table *t);

/* Draws into a file and takes the SVG into the page; a picture that cannot be drawn becomes a note that says why. */
struct report_picture {
    int (*draw)(const void *what, const char *path, struct error *err);
    const void *what;
    const char *caption;
};
void report_picture(struct report *r, const struct report_picture *p);

/* What one file on the command line has to say. */
int report_other_result(struct report *r, const struct input *in, struct error *err);     /* of any other command */

/* The commands that lead to this result and this page, its seed, and the versions. */
void report_source(struct report *r, const struct input *in);

#endif
