/* cli/explain_output.h - where the time goes in the three modes, as a table with a sentence on why, as JSON, as a picture. */
#ifndef DAGCAST_CLI_EXPLAIN_OUTPUT_H
#define DAGCAST_CLI_EXPLAIN_OUTPUT_H

#include "base/error.h"
#include "cli/scenario_options.h"
#include "cli/what_if_output.h"
#include "study/explain_table.h"

struct explained {
    const struct scenario_set *set;
    struct explanation mode[MODES];
    struct explain_table table;
    struct what_if what_if;
};
int explain_print_text(const struct explained *e, struct error *err);
int explain_print_json(const struct explained *e, struct error *err);
int explain_draw(const struct explained *e, const char *path, struct error *err);        /* a bar a mode */

#endif
