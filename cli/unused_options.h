/* cli/unused_options.h - refuses an option that would change nothing, or says so, in place of
 * ignoring it. It is refused if the result could be taken for what the option asks for. */
#ifndef DAGCAST_CLI_UNUSED_OPTIONS_H
#define DAGCAST_CLI_UNUSED_OPTIONS_H

#include "base/error.h"
#include "cli/scenario_options.h"

/* "--order changes nothing here: WHY; leave it out". Returns -1 always. */
int unused_option(const char *option, const char *why, struct error *err);
/* -1 if the setting is given on the command line. */
int unused_setting(const struct scenario_options *o, enum setting_id id, const char *why,
                   struct error *err);

/* sums of 1 << enum setting_heading */
enum {
    UNUSED_WHERE = 1 << SETTING_WHERE,
    UNUSED_REPLICAS = 1 << SETTING_REPLICA,
    UNUSED_ALL = ~0
};
/* -1 if a setting under these headings is given. */
int unused_settings(const struct scenario_options *o, int headings, const char *why,
                    struct error *err);

/* The same on standard error: "dagcast plot: --seed changes nothing here: WHY". */
void unused_setting_tell(const char *command, const struct scenario_options *o,
                         enum setting_id id, const char *why);
void unused_settings_tell(const char *command, const struct scenario_options *o, int headings,
                          const char *why);

#endif
