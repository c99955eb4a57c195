/* cli/command.h - what a subcommand is. Adding one = one file that defines a `const struct command
 * command_X`, and one row of COMMANDS. --help, the man page and the suggestions for misspelt names
 * follow from the struct. */
#ifndef DAGCAST_CLI_COMMAND_H
#define DAGCAST_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "cli/options.h"

struct command;

/* One call of a command. */
struct invocation {
    const struct command *command;
    const void *options;                 /* the command's own struct, filled */
    struct operands operands;
    const char *const *data_dirs;        /* where presets lie, NULL-terminated */
};

/* without the leading "dagcast"; what it does, a few words */
struct example { const char *command, *what; };

/* Many members: all that --help, completion and the manual page know of a command. */
struct command {
    const char *name;                    /* "compare" */
    const char *section;                 /* heading of `dagcast --help` */
    const char *summary;                 /* a few words, no full stop */
    const char *operands;                /* "SCENARIO", or "" */
    int min_operands, max_operands;      /* max -1: any number */
    /* words that the first operand may be, NULL past the end; or NULL: others, or files */
    const char *(*word_at)(size_t i);
    /* operands before it are words; those from it on are files that are read ... */
    int first_file;
    bool last_is_output;                 /* ... but the last one, which is written */
    char *(*unsaid_output)(const struct invocation *call); /* the file written where no option names
                                                              it, new, or NULL; NULL: none */
    /* paragraphs, wrapped by --help; separated by an empty line */
    const char *description;
    const struct example *examples;      /* ended by a NULL command */
    const struct option_group *groups;   /* ended by a NULL title */
    size_t options_size;
    const void *defaults;                /* of options_size bytes, or NULL: all zero */
    /* 0, or -1 and a sentence: a user's error */
    int (*run)(const struct invocation *call, struct error *err);
};

/* In the order of `dagcast --help`. */
#define COMMANDS(ROW)                                                                              \
    ROW(compare) ROW(simulate) ROW(predict) ROW(sweep) ROW(model) ROW(explain) ROW(advise)         \
    ROW(queue) ROW(watch) ROW(execute) ROW(calibrate) ROW(import) ROW(convert) ROW(validate)       \
    ROW(score) ROW(replay) ROW(init) ROW(describe) ROW(plot) ROW(report) ROW(list) ROW(schema)     \
    ROW(completion)
#define COMMAND_DECLARE(name) extern const struct command command_##name;
COMMANDS(COMMAND_DECLARE)

/* All of them; NULL-terminated. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);                  /* NULL: none */
/* a command's name, or NULL */
const char *command_nearest(const char *name);

/* The options of a call, {"nodes": 16, ...}, by which its result can be reproduced: without those
 * that say where and how to print, or how many threads to use. */
cJSON *command_options(const struct invocation *call);

#endif
