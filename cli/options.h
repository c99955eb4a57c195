/* cli/options.h - command line options as tables: what a command accepts, what --help says of it
 * and where the value goes.
 *
 * A command's options live in a struct of its own; each row of a table names a member of it by
 * offset, so that a table is constant and several commands share one (a group carries the offset of
 * the shared struct in the command's). On top of getopt_long(): --name=value, --name value, -n
 * value, abbreviations, options after operands, "--". */
#ifndef DAGCAST_CLI_OPTIONS_H
#define DAGCAST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/str.h"
#include "core/setting.h"

enum option_kind {                       /* and the type of the member that it fills */
    OPTION_FLAG,                         /* bool: true when given */
    OPTION_TEXT,                         /* const char *: into argv */
    OPTION_INTEGER,                      /* int64_t, min <= x <= max */
    OPTION_NUMBER,                       /* double, min <= x <= max */
    OPTION_SECONDS,                      /* double: "90", "30m", "1:30:00"; min <= x <= max */
    OPTION_SETTING                       /* struct setting_value, of `setting` */
};

enum option_file { /* what the text of an OPTION_TEXT names: see cli/outputs.h */
                   OPTION_NO_FILE,
                   OPTION_READS,
                   OPTION_READS_OR_NAME, /* or: of a preset, unless it looks like a path */
                   OPTION_WRITES, OPTION_WRITES_FOLDER    /* which is made if need be */
};

struct option_row {
    const char *name;                    /* "nodes" for --nodes; NULL ends a table */
    char letter;                         /* 'n' for -n; 0: none */
    enum option_kind kind;
    const char *argument;                /* "N", as --help shows it; NULL for a flag */
    size_t offset;                       /* of the member, in the struct of the group */
    double min, max;                     /* of numbers; both 0: no limits, or the setting's */
    enum setting_id setting;             /* of an OPTION_SETTING */
    enum option_file file;
    /* a sentence without a full stop; one that says the default */
    const char *help;
};

/* `.kind` and `.offset` of a member; the same for a text that is a time ("30m"), and for a setting
 * in the array `said`. */
#define OPTION_AT(type, member)                                                                    \
    .offset = offsetof(type, member),                                                              \
    .kind = _Generic(((type *)0)->member, bool: OPTION_FLAG, const char *: OPTION_TEXT,            \
                     int64_t: OPTION_INTEGER, double: OPTION_NUMBER)
#define OPTION_SECONDS_AT(type, member) .offset = offsetof(type, member), .kind = OPTION_SECONDS
#define OPTION_SAYS(type, said, id)                                                                \
    .offset = offsetof(type, said[id]), .kind = OPTION_SETTING, .setting = (id)

struct option_group {
    const char *title;                   /* a heading of --help; NULL ends a list of groups */
    /* the settings under this heading, whose values are an array by id at `offset` */
    enum setting_heading settings;
    const struct option_row *rows;       /* and then these; NULL: none */
    size_t offset;                       /* of the group's struct in the command's struct */
};

/* What is left of a command line: operands in order, into argv (which is permuted). */
struct operands { size_t n; char *const *at; };

enum options_outcome { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_WRONG };

/* Fills `values` from argv[1 ...] (argv[0] is skipped). OPTIONS_HELP: --help or -h was given;
 * OPTIONS_VERSION:
 * --version; they win over mistakes that come later. OPTIONS_WRONG: an unknown option (with the
 * nearest known one), a missing or bad value; *values may be half filled. */
enum options_outcome options_parse(const struct option_group *groups, int argc, char **argv,
                                   void *values, struct operands *operands, struct error *err);

size_t options_count(const struct option_group *groups);
/* Option number i of a group, its offset counted in the command's struct; false past the end. */
bool option_at(const struct option_group *g, size_t i, struct option_row *out);

/* How an option is written in help: "-n, --nodes N". At most `size` bytes with the NUL. */
void options_spell(const struct option_row *row, char *text, size_t size);

/* The options that were given, as JSON: a result says how it was made, so that it can be made
 * again. */

/* Adds to the object the options of a command whose values differ from the defaults: {"platform":
 * "summit", "nodes": 16}. `values` and `defaults` are the command's struct. */
void options_add_json(cJSON *object, const struct option_group *groups, const void *values,
                      const void *defaults);

/* Adds " --platform summit --nodes 16" of such an object, texts quoted for a shell where they need
 * it. */
void options_add_command_line(struct str *text, const cJSON *object);

#endif
