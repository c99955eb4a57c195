/* cli/explain_output.h - where the time goes in the three modes, as a table with a sentence on why, and as JSON. */
#ifndef DAGCAST_CLI_EXPLAIN_OUTPUT_H
#define DAGCAST_CLI_EXPLAIN_OUTPUT_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "cli/explained.h"

int explain_print_text(const struct explained *e, struct error *err);
cJSON *explain_json(const struct explained *e);          /* what --json prints; free with cJSON_Delete() */

#endif
