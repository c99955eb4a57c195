/* cli/loaded_hash.h - what a scenario was loaded from, as hashes in a result: so that whoever shows the result and reads its files again
 * can tell that they have changed. The hash is that of the sweep's store: of the JSON of what was loaded, whatever file it stood in. */
#ifndef DAGCAST_CLI_LOADED_HASH_H
#define DAGCAST_CLI_LOADED_HASH_H

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/str.h"
#include "cli/scenario_options.h"

/* Adds "loaded": {"workflow", "platform", "middleware"}, 16 hexadecimal digits each. */
void loaded_hash_add(cJSON *scenario, const struct scenario_set *set);
/* A sentence where what the result's "scenario" names is no longer what it was made of, else nothing: so too where it holds no hashes (an
 * older result) or where the files cannot be read, which is for whoever opens them to say. */
void loaded_hash_add_changes(struct str *out, const struct json *scenario, const char *const *data_dirs);

#endif
