/* cli/help.h - what `--help` says and what the man page holds: both from the tables of the
 * commands. */
#ifndef DAGCAST_CLI_HELP_H
#define DAGCAST_CLI_HELP_H

#include "base/str.h"
#include "cli/command.h"

/* dagcast --help; `data_dirs`: examples that come with the program are shown where they are. */
void help_program(const char *const *data_dirs, struct str *out);
void help_command(const struct command *c, const char *const *data_dirs, struct str *out);
/* docs/dagcast.1, as troff */
void help_man_page(struct str *out);
void help_man_page_of(const struct command *c, struct str *out);       /* the page of one command */

/* ---- what --help and the manual pages share ---- */

enum { HELP_TERM_MAX = 128 };            /* bytes of an option as options_spell() writes it */

extern const struct example help_program_examples[];
extern const char help_program_summary[];

#endif
