/* cli/choices.h - what can be chosen by name: for `dagcast list`, and to refuse a word that is
 * none of a few. */
#ifndef DAGCAST_CLI_CHOICES_H
#define DAGCAST_CLI_CHOICES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "traces/session.h"
#include "traces/session_workflow.h"

enum choice_kind {
    CHOICE_MODE, CHOICE_SCHEDULER, CHOICE_ORDER, CHOICE_OVERTAKE, CHOICE_PLACEMENT,
    CHOICE_DISTRIBUTION, CHOICE_EXECUTOR, CHOICE_PLOT, CHOICE_IMPORTER, CHOICE_COMMAND,
    CHOICE_FORMAT, CHOICE_KINDS,
};
const char *choice_kind_name(enum choice_kind k);        /* "modes" */

struct choice { const char *name, *summary; };
bool choice_at(enum choice_kind k, size_t i, struct choice *out);        /* false past the end */

/* What an option whose value is one of a few names (NULL-terminated) says of another: "--level:
 * must be requested or measured, is 'mesured'; did you mean 'measured'?". Returns -1. */
int choice_refuse(const char *option, const char *word, const char *const *names,
                  struct error *err);

/* The option --level: how much of a recorded run a workflow file tells. The levels that keep
 * dependencies, which is what a workflow file is for; -1 and a sentence for any other name. */
int level_find(const char *name, enum information *level, struct error *err);

#endif
