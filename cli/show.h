/* cli/show.h - a command's result, shown as its options ask: text or JSON on standard output, and a page. */
#ifndef DAGCAST_CLI_SHOW_H
#define DAGCAST_CLI_SHOW_H

#include "base/error.h"
#include "cli/options.h"
#include "cli/output.h"
#include "doc/doc.h"

/* For a struct output_options: --json and --report; and --quiet, for commands that show progress. */
extern const struct option_row show_rows[], show_progress_rows[];

struct doc *show_new(const char *command);               /* an empty result of this version */
/* Renders `d` and frees it. What its pictures draw must still be alive. -1: a full disk. */
int show(struct doc *d, const struct output_options *o, struct error *err);
/* Writes one page of the docs, which stay the caller's. `title` NULL: the first one's. */
int show_page(struct doc *const *docs, size_t n, const char *title, const char *path,
              struct error *err);

#endif
