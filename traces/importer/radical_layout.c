#include "traces/importer/radical_impl.h"

#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"

static void add_entry(struct radical_layout *l, const char *uid, const cJSON *json)
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
static void add_pilot(struct radical_layout *l, const cJSON *json)
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

/* Tasks are called units before 1.9. */
static const cJSON *task_list(const cJSON *root)
{
    static const char *const keys[] = { "task", "unit", "tasks", "units", "cu" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (cJSON_IsArray(value_at(root, keys[i])))
            return value_at(root, keys[i]);
    return NULL;
}

/* <session>.json up to 1.3x: lists of tasks and pilots in one file. */
static bool add_session(struct radical_layout *l, const cJSON *root)
{
    const cJSON *tasks = task_list(root), *pilots = value_at(root, "pilot"), *entry;
    const cJSON *session = value_at(root, "session");
    if (!tasks && !cJSON_IsArray(pilots))
        return false;
    cJSON_ArrayForEach(entry, tasks) {
        const char *uid =
            radical_text(entry, "uid") ? radical_text(entry, "uid") : radical_text(entry, "_id");
        add_entry(l, uid, entry);
        l->opaque_slots |= value_at(entry, "opaque_slots") != NULL;
    }
    cJSON_ArrayForEach(entry, pilots)
        add_pilot(l, entry);
    if (!l->session)
        l->session = cJSON_IsArray(session) ? cJSON_GetArrayItem(session, 0) : session;
    return true;
}

/* tmgr.0000.json and pmgr.0000.json: each manager keeps its own tasks, by uid, or its pilots. */
static bool add_managers(struct radical_layout *l, const cJSON *root)
{
    const cJSON *tasks = value_at(root, "tasks"), *pilots = value_at(root, "pilots"), *entry;
    if (!cJSON_IsObject(tasks) && !cJSON_IsObject(pilots) && !cJSON_IsArray(pilots))
        return false;
    cJSON_ArrayForEach(entry, tasks) {
        const char *uid = radical_text(entry, "uid"), *key = entry->string;
        add_entry(l, uid ? uid : key && *key ? key : NULL, entry);
    }
    cJSON_ArrayForEach(entry, pilots) {
        add_pilot(l, entry);
        if (!l->session_uid)
            l->session_uid = radical_text(entry, "session");
    }
    l->by_managers = true;
    return true;
}

bool radical_layout_add(struct radical_layout *l, const cJSON *root)
{
    return add_session(l, root) || add_managers(l, root);
}

void radical_layout_clear(struct radical_layout *l)
{
    xfree(l->entries, l->pilots);
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
