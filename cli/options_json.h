/* cli/options_json.h - the options that somebody gave, as JSON and back: a result says how it was made, so that it can be made again. */
#ifndef DAGCAST_CLI_OPTIONS_JSON_H
#define DAGCAST_CLI_OPTIONS_JSON_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/options.h"

/* Adds to the object the options of the table whose values differ from the defaults: {"platform": "summit", "nodes": 16}. */
void options_add_json(cJSON *object, const struct option_row *rows, const void *values, const void *defaults);

/* Copies the values of the table's options that differ from the defaults. */
void options_overlay(const struct option_row *rows, void *values, const void *over, const void *defaults);

/* The way back: sets what the object names of the table; other names are left alone. Texts point into the document. */
int options_take_json(const struct json *object, const struct option_row *rows, void *values, struct error *err);

/* Adds " --platform summit --nodes 16" of such an object, texts quoted for a shell where they need it. */
void options_add_command_line(struct str *text, const cJSON *object);

#endif
