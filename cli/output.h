/* cli/output.h - the only way to standard output: a command collects its text and prints it at the
 * end, so that a mistake found late leaves nothing behind. */
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

struct output_options { bool json, csv, markdown, quiet; const char *report, *table; };

/* fails on a full disk, not on a reader who left */
int output_text(const struct str *text, struct error *err);
bool output_is_terminal(void);          /* standard output can be written over */
/* One line, without its end in `text`. `over`: it takes the place of the one before, cut to the
 * terminal's width; `last`: none follows. */
int output_line(struct str *text, bool over, bool last, struct error *err);
int output_wrote(const char *path, struct error *err);                  /* "wrote PATH" */
int output_json(cJSON *value, struct error *err);                       /* takes `value` */

/* COLUMNS of the environment, else of the terminal behind standard output, else 80; at least 20. */
size_t output_columns(void);
/* Standard output is a terminal that shows colours; NO_COLOR is honoured. */
bool output_has_colours(void);

/* Standard error is a terminal whose line can be written over, and not to be quiet. */
bool output_can_redraw(const struct output_options *o);
/* on standard error */
struct progress *output_progress(const struct output_options *o, const char *what, uint64_t total);

#endif
