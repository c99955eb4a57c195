/* cli/what_if_output.h - counterfactuals and orders of pipelines, as a table and as JSON. */
#ifndef DAGCAST_CLI_WHAT_IF_OUTPUT_H
#define DAGCAST_CLI_WHAT_IF_OUTPUT_H

#include <cjson/cJSON.h>

#include "base/str.h"
#include "core/scenario.h"
#include "study/counterfactual.h"
#include "study/pipeline_orders.h"

struct what_if {
    enum mode mode;                      /* of the counterfactuals; orders are those of pipelined mode */
    struct counterfactuals worlds;
    struct pipeline_orders orders;
};
void what_if_clear(struct what_if *w);
void what_if_add_text(struct str *text, const struct what_if *w);
void what_if_add_json(cJSON *root, const struct what_if *w);

#endif
