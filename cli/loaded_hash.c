#include "cli/loaded_hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

enum part { PART_WORKFLOW, PART_PLATFORM, PART_MIDDLEWARE, PARTS };
static const char *const part_names[PARTS] = { "workflow", "platform", "middleware" };

/* 16 digits. New. */
static char *hash_of(const struct scenario_set *set, enum part part)
{
    const struct scenario *s = &set->scenario;
    cJSON *tree = part == PART_WORKFLOW ? workflow_to_json(s->workflow)
                : part == PART_PLATFORM ? platform_to_json(s->platform) : middleware_to_json(s->middleware);
    char *text = json_print(tree), *hash = str_format("%016" PRIx64, str_hash(text));
    cJSON_Delete(tree);
    free(text);
    return hash;
}

void loaded_hash_add(cJSON *scenario, const struct scenario_set *set)
{
    cJSON *loaded = cJSON_AddObjectToObject(scenario, "loaded");
    for (int p = 0; p < PARTS; p++) {
        char *hash = hash_of(set, (enum part)p);
        cJSON_AddStringToObject(loaded, part_names[p], hash);
        free(hash);
    }
}

/* "the workflow and the platform": which of them have another hash now. */
static void add_changed(struct str *out, const cJSON *loaded, const struct scenario_set *set)
{
    for (int p = 0; p < PARTS; p++) {
        const cJSON *was = cJSON_GetObjectItemCaseSensitive(loaded, part_names[p]);
        char *now = hash_of(set, (enum part)p);
        if (cJSON_IsString(was) && !str_equal(was->valuestring, now))
            str_addf(out, "%sthe %s", out->length ? " and " : "", part_names[p]);
        free(now);
    }
}

void loaded_hash_add_changes(struct str *out, const struct json *scenario, const char *const *data_dirs)
{
    static const struct scenario_options as_it_was = SCENARIO_OPTIONS_DEFAULTS;
    const cJSON *loaded = cJSON_GetObjectItemCaseSensitive(scenario->value, "loaded");
    struct scenario_set set;
    struct error unread;
    struct str changed = { 0 };
    if (!loaded || scenario_set_reopen(&set, scenario, &as_it_was, data_dirs, &unread))
        return;
    add_changed(&changed, loaded, &set);
    if (changed.length)
        escape_addf(out, "%s: %s that it was made of (%s) %s changed since; what is read again from there does not belong to its "
                         "results: make them again", json_name(scenario->document), changed.text, set.path,
                    strstr(changed.text, " and ") ? "have" : "has");
    str_clear(&changed);
    scenario_set_clear(&set);
}
