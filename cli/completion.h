/* cli/completion.h - scripts that complete dagcast's command lines, written from the tables of its
 * commands. */
#ifndef DAGCAST_CLI_COMPLETION_H
#define DAGCAST_CLI_COMPLETION_H

#include "base/str.h"
#include "cli/command.h"

struct completion_shell {
    const char *name;
    void (*add)(struct str *out);
};

#endif
