/* cli/sweep_output.h - what a store of a sweep says: rows, groups and the best of them, as text, CSV or JSON. */
#ifndef DAGCAST_CLI_SWEEP_OUTPUT_H
#define DAGCAST_CLI_SWEEP_OUTPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/command.h"
#include "study/sheet.h"

struct sweep_view {
    const char *group_by;                /* names with commas between; NULL: rows, each for itself */
    bool csv, json;
    const struct invocation *call;       /* for the JSON, which says how it was made */
};
/* Prints it. -1: no setting of such a name, or a full disk. */
int sweep_print(const struct sheet *s, const struct sweep_view *view, struct error *err);

#endif
