/* cli/compare_doc.h - a comparison as a doc. */
#ifndef DAGCAST_CLI_COMPARE_DOC_H
#define DAGCAST_CLI_COMPARE_DOC_H

#include "cli/command.h"
#include "cli/explained.h"
#include "cli/picture_data.h"
#include "study/comparison.h"

struct compare_page {                    /* what a page shows besides; from the same runs */
    struct explained explained;
    struct picture_data data;
    bool store;                          /* `data` in the JSON */
};

/* `page` NULL: text or JSON alone. It and the set must live until the doc is rendered. */
struct doc *compare_doc(const struct scenario_set *set, const struct comparison *c,
                        const struct compare_page *page, const struct invocation *call);

#endif
