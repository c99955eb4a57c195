/* cli/installed_file.h - "examples/ddmd.json" in a folder without examples/: README and help write
 * it so, and mean the installed one. */
#ifndef DAGCAST_CLI_INSTALLED_FILE_H
#define DAGCAST_CLI_INSTALLED_FILE_H

#include <stddef.h>

#include "cli/command.h"
#include "cli/options.h"

struct installed_files {
    char **at;
    size_t n, room;
}; /* zero-initialised; clear it after the command */

/* Puts the path of the installed example in place of each operand "examples/..." that is a file to
 * read and is not here. */
void installed_files_take(struct installed_files *f, const struct command *c, char **argv,
                          const struct operands *operands, const char *const *data_dirs);
void installed_files_clear(struct installed_files *f);

#endif
