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
    const char *const *data_dirs;
};
void report_clear(struct report *r);

/* <h2> with a place in the contents; the paragraphs and tables that follow belong to it. */
void report_heading(struct report *r, const char *title);
void report_subheading(struct report *r, const char *title);
void report_paragraph(struct report *r, const char *words);
void report_warning(struct report *r, const char *words);
void report_command(struct report *r, const char *command);              /* to copy */

/* Rows of a name and a value. */
void report_facts_begin(struct report *r);
void report_fact(struct report *r, const char *name, const char *value);
void report_facts_end(struct report *r);

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

/* The interactive Gantt chart and the pictures of timelines. */
void report_timelines(struct report *r, const struct picture *p);

/* What one file on the command line has to say. */
int report_scenario_result(struct report *r, const struct input *in, struct error *err);  /* of compare and simulate */
int report_record(struct report *r, const struct input *in, struct error *err);           /* a session or a task table */
int report_other_result(struct report *r, const struct input *in, struct error *err);     /* of any other command */

#endif
