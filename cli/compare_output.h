/* cli/compare_output.h - a comparison of the three modes as a table with a sentence on what it means, or as JSON. */
#ifndef DAGCAST_CLI_COMPARE_OUTPUT_H
#define DAGCAST_CLI_COMPARE_OUTPUT_H

#include "base/error.h"
#include "cli/scenario_options.h"
#include "study/comparison.h"

int compare_print_text(const struct scenario_set *set, const struct comparison *c, struct error *err);
int compare_print_json(const struct scenario_set *set, const struct comparison *c, struct error *err);

#endif
