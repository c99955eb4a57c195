#include "traces/importer/radical_layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"

static bool (*const layouts[])(struct radical_layout *,
                               const cJSON *) = { radical_layout_session, radical_layout_managers };

bool radical_layout_add(struct radical_layout *l, const cJSON *root)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i](l, root))
            return true;
    return false;
}

void radical_layout_clear(struct radical_layout *l)
{
    free(l->entries);
    free(l->pilots);
    *l = (struct radical_layout){ 0 };
}

bool radical_layout_is_manager(const char *file_name)
{
    static const char *const kinds[] = { "tmgr.", "umgr.", "pmgr." };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *number = str_starts(file_name, kinds[i]) ? file_name + strlen(kinds[i]) : NULL;
        size_t digits = number ? strspn(number, "0123456789") : 0;
        if (digits && str_equal(number + digits, ".json"))
            return true;
    }
    return false;
}

const char *radical_text(const cJSON *object, const char *key)
{
    const cJSON *v = value_at(object, key);
    return cJSON_IsString(v) && v->valuestring[0] ? v->valuestring : NULL;
}

int radical_count(const cJSON *object, const char *key, int otherwise)
{
    double n = value_number_at(object, key);
    return n >= 0 && n <= 1e6 ? (int)n : otherwise;
}

void radical_layout_add_entry(struct radical_layout *l, const char *uid, const cJSON *json)
{
    if (!uid) {
        l->nameless++;
        return;
    }
    xgrow(&l->entries, &l->entries_room, l->n_entries + 1, sizeof *l->entries);
    l->entries[l->n_entries++] = (struct radical_entry){ uid, json };
}

/* Resources lie in `resource_details` since 1.4x, in its `rm_info` before; lists of nodes in
 * either, or under `nodes`. */
void radical_layout_add_pilot(struct radical_layout *l, const cJSON *json)
{
    const cJSON *details = value_at(json, "resource_details"), *info = value_at(details, "rm_info");
    struct radical_pilot pilot = { .json = json, .description = value_at(json, "description"),
                                   .config = value_at(json, "cfg"),
                                   .resources = cJSON_IsObject(info) ? info : details };
    if (!pilot.config)
        pilot.config = value_at(json, "agent_config");
    pilot.node_list = value_at(pilot.resources, "node_list");
    if (!pilot.node_list)
        pilot.node_list = value_at(details, "nodes");
    xgrow(&l->pilots, &l->pilots_room, l->n_pilots + 1, sizeof *l->pilots);
    l->pilots[l->n_pilots++] = pilot;
}
