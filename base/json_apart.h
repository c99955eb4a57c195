/* base/json_apart.h - has a document lists that can only be walked? */
#ifndef DAGCAST_BASE_JSON_APART_H
#define DAGCAST_BASE_JSON_APART_H

#include "base/json.h"

/* A list was long, and is set apart (json_load_apart()): json_first() must not be asked for it. */
bool json_has_apart(const struct json_document *doc);

#endif
