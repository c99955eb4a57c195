/* cli/advise_output.h - advice on nodes, mode and walltime, as a table with the head of a batch script, as JSON, as a picture. */
#ifndef DAGCAST_CLI_ADVISE_OUTPUT_H
#define DAGCAST_CLI_ADVISE_OUTPUT_H

#include "base/error.h"
#include "cli/command.h"
#include "cli/scenario_options.h"
#include "study/advise.h"

struct advised {
    const struct invocation *call;       /* for the JSON, which says how it was made */
    const struct scenario_set *set;      /* on the most nodes asked for */
    const struct advise_options *how;
    struct advice advice;
};
int advise_print_text(const struct advised *a, struct error *err);
int advise_print_json(const struct advised *a, struct error *err);
int advise_draw(const struct advised *a, const char *path, struct error *err);           /* sessions over nodes, a line a mode */

#endif
