/* cli/outputs.h - what a command writes must be nothing that it reads, nor two things at once: refused before anything runs. */
#ifndef DAGCAST_CLI_OUTPUTS_H
#define DAGCAST_CLI_OUTPUTS_H

#include "base/error.h"
#include "cli/command.h"

/* Files are told by the marks in the option tables (`file`) and in the command (`first_file`, `last_is_output`); what a scenario or a result
 * on the command line names in turn counts as read. They are one where they are the same on disk, whatever their paths; where there is none
 * yet, by folder and name. Devices and pipes may be named as often as one likes. `usual`: what is written where no option says it, or NULL. */
int outputs_check(const struct invocation *call, const char *usual, struct error *err);

#endif
