/* cli/result_pictures.h - pictures of what --json printed of validate, advise and explain, for plot and report. */
#ifndef DAGCAST_CLI_RESULT_PICTURES_H
#define DAGCAST_CLI_RESULT_PICTURES_H

#include <cjson/cJSON.h>

#include "base/error.h"

/* -1 also where the result does not hold what is to be drawn. `title` NULL: one of its own. */
int result_draw_parity(const cJSON *result, const char *title, const char *path, struct error *err);     /* of validate */
int result_draw_advice(const cJSON *result, const char *title, const char *path, struct error *err);     /* of advise: the front */
int result_draw_explanation(const cJSON *result, const char *title, const char *path, struct error *err);        /* of explain */

#endif
