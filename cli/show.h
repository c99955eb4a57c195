/* cli/show.h - a command's result, shown as its options ask: text or JSON on standard output, and a
 * page. */
#ifndef DAGCAST_CLI_SHOW_H
#define DAGCAST_CLI_SHOW_H

#include <stdint.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "doc/doc.h"

/* For a struct output_options: --json, --markdown, --csv, --table and --report; and --quiet, for
 * commands that show progress. */
extern const struct option_row show_rows[], show_progress_rows[];
/* The same as a group of a command whose options have a `struct output_options output`. */
#define SHOW_GROUP(type) { .title = "Output", .rows = show_rows, .offset = offsetof(type, output) }
#define SHOW_PROGRESS_GROUP(type)                                                                  \
    { .title = "Output", .rows = show_progress_rows, .offset = offsetof(type, output) }

struct doc *show_new(const char *command); /* an empty result of this version */
/* The member "call": the operands and options that give this result again. */
void show_add_call(struct doc *d, const struct invocation *call);
/* The same, and at the end of a page the command to copy, with `seed` (NULL: none) and version. */
void show_add_commands(struct doc *d, const struct invocation *call, const uint64_t *seed);
/* Draws FOLDER/NAME.svg and FOLDER/NAME.png. */
int show_picture_files(doc_draw_fn *draw, const void *what, const char *folder, const char *name,
                       struct error *err);
/* Renders `d` and frees it. What its pictures draw must still be alive. -1: a full disk. */
int show(struct doc *d, const struct output_options *o, struct error *err);
/* Writes one page of the docs, which stay the caller's. `title` NULL: the first one's. */
int show_page(struct doc *const *docs, size_t n, const char *title, const char *path,
              struct error *err);

#endif
