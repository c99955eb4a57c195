/* cli/outputs.h - what a command writes must be nothing that it reads, nor two things at once:
 * refused before anything runs. So is a result that is to be printed in two forms. */
#ifndef DAGCAST_CLI_OUTPUTS_H
#define DAGCAST_CLI_OUTPUTS_H

#include "base/error.h"
#include "cli/command.h"

/* Files are recognised by the marks in the option tables (`file`) and in the command (`first_file`,
 * `last_is_output`, `unsaid_output`); what a scenario, a study or a result on the command line
 * names in turn counts as read: a result's "scenario" and "call" with their options. Files are one
 * where they are the same on disk, whatever their paths; where there is none yet, by folder and
 * name. Of a folder that is read no file may be overwritten but pictures and pages. Devices and
 * pipes may be named as often as one likes. Where something is overwritten, inputs of up to 16 MiB
 * are parsed for that. */
int outputs_check(const struct invocation *call, struct error *err);

#endif
