/* cli/sweep_explore.h - a sweep's rows as the data of doc/html/explore.js: a slider for each
 * setting that varies. */
#ifndef DAGCAST_CLI_SWEEP_EXPLORE_H
#define DAGCAST_CLI_SWEEP_EXPLORE_H

#include <stdbool.h>

#include "base/str.h"
#include "study/sheet.h"

/* Some setting varies, and some row ran. */
bool sweep_can_be_explored(const struct sheet *s);
/* `sheet`: a struct sheet. The JSON, for the inside of a <script>. A doc_write_fn. */
void sweep_write_explored(const void *sheet, struct str *out);

#endif
