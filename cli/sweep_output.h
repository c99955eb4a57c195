/* cli/sweep_output.h - the result of a sweep's store: rows, groups and the best of them. */
#ifndef DAGCAST_CLI_SWEEP_OUTPUT_H
#define DAGCAST_CLI_SWEEP_OUTPUT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/output.h"
#include "study/contrast.h"
#include "study/sheet.h"

/* Shows it. `group_by`: names with commas between; NULL: each row on its own. -1: no setting of
 * such a name, or a full disk. */
int sweep_show(const struct sheet *s, const char *group_by, const struct invocation *call,
               const struct output_options *o, struct error *err);

/* "Best: mode asynchronous, 1234.5 s. Next: ..."; nothing if there is nothing to compare. */
void sweep_add_verdict(struct str *words, const struct sheet *s, const struct contrast *c);

/* ---- rows as the data of doc/html/explore.js: a slider for each setting that varies ---- */

/* Some setting varies, and some row ran. */
bool sweep_can_be_explored(const struct sheet *s);
cJSON *sweep_explored(const struct sheet *s);            /* for doc_explore() */

#endif
