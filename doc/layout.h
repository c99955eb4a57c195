/* doc/layout.h - the "page" of a stored result: its blocks, with JSON Pointers to values. */
#ifndef DAGCAST_DOC_LAYOUT_H
#define DAGCAST_DOC_LAYOUT_H

#include <cjson/cJSON.h>

#include "doc/doc.h"

cJSON *layout_of(const struct doc *d);

#endif
