/* cli/stdin_file.h - standard input as a file that can be read again, for operands that are "-". */
#ifndef DAGCAST_CLI_STDIN_FILE_H
#define DAGCAST_CLI_STDIN_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/command.h"

struct stdin_file {
    /* without a name, gone when closed; NULL: nothing was read */
    FILE *file;
    char *path;                          /* under which it can be opened; NULL likewise */
};
/* Replaces operands "-" (within argv) that are files to read by a copy of standard input. -1: it
 * cannot be read, or kept. */
int stdin_file_take(struct stdin_file *s, const struct command *c, char **argv,
                    const struct operands *operands, struct error *err);
void stdin_file_clear(struct stdin_file *s);
/* A message with "standard input" in place of the path. */
void stdin_file_name(const struct stdin_file *s, struct error *err);
bool stdin_file_is(const char *operand); /* a path made here: for results, which say "-" */

#endif
