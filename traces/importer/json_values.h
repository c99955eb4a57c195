/* traces/importer/json_values.h - other tools' JSON, value by value or line by line: what is not of
 * the type asked for is missing. */
#ifndef DAGCAST_TRACES_IMPORTER_JSON_VALUES_H
#define DAGCAST_TRACES_IMPORTER_JSON_VALUES_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"

const cJSON *value_at(const cJSON *object, const char *key); /* NULL: absent, or no object */
double value_number(const cJSON *value);                     /* NAN: no number */
double value_number_at(const cJSON *object, const char *key);
double value_time_at(const cJSON *object, const char *key); /* NAN too unless 0 < t <= 1e11 s */
const char *value_text(const cJSON *value);                 /* "": no text */
const char *value_text_at(const cJSON *object, const char *key);

/* Calls each() for every value of a file: one a line; or the elements of the file's one array,
 * which may be the member `list` of an object. A last line that is cut off, and any other that is
 * not JSON, is counted in *torn; NaN and Infinity, as Python writes them, are no numbers. -1: no
 * such file. */
typedef void value_fn(void *context, const cJSON *value);
int values_read(const char *path, const char *list, value_fn *each, void *context, size_t *torn,
                struct error *err);

#endif
