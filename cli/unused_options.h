/* cli/unused_options.h - says on standard error that an option changes nothing, in place of
 * ignoring it or of refusing it: scripts give one set of options to all commands.
 * Refuse an option instead if the result could be taken for what it asks for. */
#ifndef DAGCAST_CLI_UNUSED_OPTIONS_H
#define DAGCAST_CLI_UNUSED_OPTIONS_H

#include "cli/scenario_options.h"

/* If `given`: "dagcast plot: --seed changes nothing here: WHY". `command` NULL: "dagcast: ...". */
void unused_option(bool given, const char *command, const char *option, const char *why);

/* sums of 1 << enum setting_heading */
enum {
    UNUSED_WHERE = 1 << SETTING_WHERE,
    UNUSED_MODE = 1 << SETTING_HOW,
    UNUSED_REPLICAS = 1 << SETTING_REPLICA,
    UNUSED_ALL = ~0
};
/* The same for each setting under these headings that is given. */
void unused_settings(const struct scenario_options *o, int headings, const char *command,
                     const char *why);

#endif
