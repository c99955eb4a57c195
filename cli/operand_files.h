/* cli/operand_files.h - operands that stand for another file: "-" is standard input, and a pipe
 * (`<(command)`) its bytes, as a file that can be read again; "examples/ddmd.json" in a folder
 * without examples/ is the installed one, as README and help write it. */
#ifndef DAGCAST_CLI_OPERAND_FILES_H
#define DAGCAST_CLI_OPERAND_FILES_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/command.h"

struct operand_copy {                    /* of what can be read once only */
    FILE *file;                          /* without a name, gone when closed */
    char *path;                          /* under which it can be opened */
    const char *name;                    /* in messages: "standard input", or the pipe's */
};
struct operand_files {                   /* zero-initialised; clear it after the command */
    struct operand_copy *copies;
    size_t n_copies, copy_room;
    char **examples;
    size_t n, room;
};
/* Puts the paths of these files in place of operands (within argv) that are files to read. -1:
 * standard input or a pipe cannot be read, or kept. */
int operand_files_take(struct operand_files *f, const struct command *c, char **argv,
                       const struct operands *operands, const char *const *data_dirs,
                       struct error *err);
void operand_files_clear(struct operand_files *f);
/* A message with the names of copies in place of their paths. */
void operand_files_name_copies(const struct operand_files *f, struct error *err);
/* a path of standard input or of a pipe's copy: for results, which say "-" */
bool operand_is_input(const char *operand);

#endif
