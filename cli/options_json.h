/* cli/options_json.h - the options that were given, as JSON: a result says how it was made, so
 * that it can be made again. */
#ifndef DAGCAST_CLI_OPTIONS_JSON_H
#define DAGCAST_CLI_OPTIONS_JSON_H

#include <cjson/cJSON.h>

#include "base/str.h"
#include "cli/options.h"

/* Adds to the object the options of a command whose values differ from the defaults: {"platform":
 * "summit", "nodes": 16}. `values` and `defaults` are the command's struct. */
void options_add_json(cJSON *object, const struct option_group *groups, const void *values,
                      const void *defaults);

/* Adds " --platform summit --nodes 16" of such an object, texts quoted for a shell where they need
 * it. */
void options_add_command_line(struct str *text, const cJSON *object);

#endif
