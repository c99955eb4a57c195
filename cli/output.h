/* cli/output.h - the only way to standard output: a command collects its text and prints it at the end, so that a mistake
 * found late leaves nothing behind. */
#ifndef DAGCAST_CLI_OUTPUT_H
#define DAGCAST_CLI_OUTPUT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/str.h"
#include "base/table.h"
#include "cli/options.h"

struct output_options { bool json, csv, quiet; const char *report; };
/* For a struct output_options. */
extern const struct option_row output_rows[];            /* --json */
extern const struct option_row output_progress_rows[];   /* --json and --quiet, for commands that show progress */

int output_text(const struct str *text, struct error *err);             /* fails on a full disk, not on a reader who left */
int output_wrote(const char *path, struct error *err);                  /* "wrote PATH" */
cJSON *output_json_new(const char *command);                            /* {"command": ..., "version": ...}: how every result begins */
int output_json(cJSON *value, struct error *err);                       /* takes `value` */

/* Standard output is a terminal that shows colours; NO_COLOR is honoured. */
bool output_has_colours(void);

/* For people: a heading, bold on a terminal (unless NO_COLOR is set); a paragraph wrapped at 100 columns. */
void output_heading(struct str *text, const char *heading);
void output_paragraph(struct str *text, const char *words);

/* Standard error is a terminal whose line can be written over, and not to be quiet. */
bool output_can_redraw(const struct output_options *o);
struct progress *output_progress(const struct output_options *o, const char *what, uint64_t total);    /* on standard error */

/* Numbers as people read them. */
void output_add_seconds(struct str *text, double seconds);               /* "1660.1 s (27 min 40 s)" */
cJSON *output_json_number(double x);                                     /* null when it is not finite */

#endif
