/* cli/sweep_explore.h - a sweep's rows as the data of doc/html/explore.js: a slider for each
 * setting that varies. */
#ifndef DAGCAST_CLI_SWEEP_EXPLORE_H
#define DAGCAST_CLI_SWEEP_EXPLORE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "study/sheet.h"

/* Some setting varies, and some row ran. */
bool sweep_can_be_explored(const struct sheet *s);
cJSON *sweep_explored(const struct sheet *s);            /* for doc_explore() */

#endif
