/* cli/named_files.h - the files that a call names: its operands and options, and what those name in
 * turn. */
#ifndef DAGCAST_CLI_NAMED_FILES_H
#define DAGCAST_CLI_NAMED_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"

struct named_file {
    const char *by;                      /* "--timeline", "OUT" or "" */
    char *path;
    bool written, in_folder;             /* a file, for which the folder must be there */
};
struct named_files {
    size_t n, room;
    struct named_file *at;
    size_t n_spelt;
    char **spelt;                        /* "--timeline" of each option: `by` points there */
};

/* By the marks in the option tables (`file`) and in the command (`first_file`, `last_is_output`,
 * `unsaid_output`); named_files_clear() it. */
struct named_files named_files_of(const struct invocation *call);
/* Adds, as files that are read, what those that are read name: a scenario, a study, a result.
 * Parses each that is JSON of at most 16 MiB. */
void named_files_follow(struct named_files *files);
void named_files_clear(struct named_files *files);

#endif
