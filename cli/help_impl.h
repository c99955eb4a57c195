/* cli/help_impl.h - what --help and the manual pages share. */
#ifndef DAGCAST_CLI_HELP_IMPL_H
#define DAGCAST_CLI_HELP_IMPL_H

#include "cli/help.h"

enum { HELP_TERM_MAX = 128 };            /* bytes of an option as options_spell() writes it */

extern const struct example help_program_examples[];
extern const char help_program_summary[];

#endif
