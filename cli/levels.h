/* cli/levels.h - the option --level: how much of a recorded run a workflow file tells. */
#ifndef DAGCAST_CLI_LEVELS_H
#define DAGCAST_CLI_LEVELS_H

#include "base/error.h"
#include "traces/session.h"

/* The levels that keep dependencies, which is what a workflow file is for; -1 and a sentence for
 * any other name. */
int level_find(const char *name, enum information *level, struct error *err);

#endif
