/* cli/completion_impl.h - what the shells' scripts share. */
#ifndef DAGCAST_CLI_COMPLETION_IMPL_H
#define DAGCAST_CLI_COMPLETION_IMPL_H

#include "base/str.h"
#include "cli/command.h"

/* The values of an option, or of a command's first operand. */
struct completion_values {
    const char *words;                   /* separated by blanks; owned by the text passed in */
    /* a kind of `dagcast list` to ask at completion time; NULL: none */
    const char *presets;
    bool files;
};
struct completion_values completion_values(const struct option_row *row, struct str *words);
/* Words that a command's first operand may be; "": it is a file, or anything. */
const char *completion_operand_words(const struct command *c, struct str *words);

/* Calls `add` for each option of a command, --help included. */
typedef void completion_option_fn(struct str *out, const struct command *c,
                                  const struct option_row *row);
void completion_each_option(struct str *out, const struct command *c, completion_option_fn *add);

/* `text` within single quotes of a shell: each character of `special` gets a backslash before it; a
 * quote becomes `quote`. */
void completion_quote(struct str *out, const char *text, const char *special, const char *quote);

void completion_add_bash(struct str *out);
void completion_add_zsh(struct str *out);
void completion_add_fish(struct str *out);

/* Scripts that complete dagcast's command lines, written from the tables of its commands. */
struct completion_shell {
    const char *name;
    void (*add)(struct str *out);
};

#endif
