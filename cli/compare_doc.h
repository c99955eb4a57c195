/* cli/compare_doc.h - a comparison as a doc. */
#ifndef DAGCAST_CLI_COMPARE_DOC_H
#define DAGCAST_CLI_COMPARE_DOC_H

#include <stdbool.h>

#include "cli/command.h"
#include "cli/explained.h"
#include "cli/output.h"
#include "cli/picture_data.h"
#include "cli/scenario_options.h"
#include "study/comparison.h"

struct compare_page {                    /* what a page shows besides; from the same runs */
    struct explained explained;
    struct picture_data data;
    bool store;                          /* `data` in the JSON */
};

/* `page` NULL: text or JSON alone. It and the set must live until the doc is rendered. */
struct doc *compare_doc(const struct scenario_set *set, const struct comparison *c,
                        const struct compare_page *page, const struct invocation *call);

/* ---- compare --middleware A,B,C: which middleware, that is, which launcher ---- */

/* True if --middleware names several. */
bool compare_launchers_asked(const struct scenario_options *o);
/* Compares the three modes under each; the first operand is the scenario. */
int compare_launchers(const struct invocation *call, const struct scenario_options *o,
                      const struct output_options *output, struct error *err);

#endif
