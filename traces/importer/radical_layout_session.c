/* <session>.json of RADICAL-Pilot up to 1.3x: lists of tasks and pilots in one file, tasks called
 * units before 1.9. */
#include "traces/importer/radical_layout.h"

#include "traces/importer/json_values.h"

static const cJSON *task_list(const cJSON *root)
{
    static const char *const keys[] = { "task", "unit", "tasks", "units", "cu" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (cJSON_IsArray(value_at(root, keys[i])))
            return value_at(root, keys[i]);
    return NULL;
}

bool radical_layout_session(struct radical_layout *l, const cJSON *root)
{
    const cJSON *tasks = task_list(root), *pilots = value_at(root, "pilot"), *entry;
    const cJSON *session = value_at(root, "session");
    if (!tasks && !cJSON_IsArray(pilots))
        return false;
    cJSON_ArrayForEach(entry, tasks) {
        const char *uid =
            radical_text(entry, "uid") ? radical_text(entry, "uid") : radical_text(entry, "_id");
        radical_layout_add_entry(l, uid, entry);
        l->opaque_slots |= value_at(entry, "opaque_slots") != NULL;
    }
    cJSON_ArrayForEach(entry, pilots)
        radical_layout_add_pilot(l, entry);
    if (!l->session)
        l->session = cJSON_IsArray(session) ? cJSON_GetArrayItem(session, 0) : session;
    return true;
}
