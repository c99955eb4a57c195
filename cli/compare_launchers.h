/* cli/compare_launchers.h - `dagcast compare --middleware A,B,C`: which middleware, that is, which
 * launcher. */
#ifndef DAGCAST_CLI_COMPARE_LAUNCHERS_H
#define DAGCAST_CLI_COMPARE_LAUNCHERS_H

#include <stdbool.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/scenario_options.h"

/* True if --middleware names several. */
bool compare_launchers_asked(const struct scenario_options *o);
/* Compares the three modes under each; the first operand is the scenario. */
int compare_launchers(const struct invocation *call, const struct scenario_options *o,
                      const struct output_options *output, struct error *err);

#endif
