/* cli/help.h - what `--help` says and what the man page holds: both from the tables of the commands. */
#ifndef DAGCAST_CLI_HELP_H
#define DAGCAST_CLI_HELP_H

#include "base/str.h"
#include "cli/command.h"

void help_program(struct str *out);                                    /* dagcast --help */
void help_command(const struct command *c, struct str *out);           /* dagcast COMMAND --help */
void help_man_page(struct str *out);                                   /* docs/dagcast.1, as troff */

#endif
