/* core/presets.h - platforms, middleware profiles and templates of workflows that came with the
 * program, by name. */
#ifndef DAGCAST_CLI_PRESETS_H
#define DAGCAST_CLI_PRESETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum preset_kind { PRESET_PLATFORM, PRESET_MIDDLEWARE, PRESET_TEMPLATE, PRESET_KINDS };
/* for people: "platforms" "middleware" "templates" */
const char *preset_kind_name(enum preset_kind k);

struct presets {
    size_t n;
    /* without ".json", in alphabetical order, none twice; built-in ones first */
    char **names;
};
struct presets presets_find(enum preset_kind k, const char *const *data_dirs);
void presets_clear(struct presets *p);

/* Where the preset of that name lies, new; NULL: nowhere (unknown, or built in). */
char *preset_path(enum preset_kind k, const char *name, const char *const *data_dirs);

/* a file, not a preset: its name has a slash or ".json" (.json.gz too) */
bool presets_is_path(const char *name);

/* A name that is neither a preset nor a path to a file: -1, with the nearest one. NULL is fine: not
 * said. */
int presets_check(enum preset_kind k, const char *option, const char *name,
                  const char *const *data_dirs, struct error *err);

#endif
