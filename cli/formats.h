/* cli/formats.h - the file formats, for `schema` and `list`. Adding one: a row in cli/formats.c. */
#ifndef DAGCAST_CLI_FORMATS_H
#define DAGCAST_CLI_FORMATS_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/str.h"

struct file_format { const char *name, *summary; };
const struct file_format *file_format_at(size_t i);      /* NULL past the end */
const struct file_format *file_format_find(const char *name);    /* NULL: none */
/* JSON Schema, draft 2020-12; the caller's */
cJSON *file_format_schema(const struct file_format *f);
/* tables of fields */
void file_format_add_markdown(const struct file_format *f, struct str *out);

#endif
