/* tmgr.0000.json and pmgr.0000.json of RADICAL-Pilot 1.4x and later: each manager keeps its own
 * tasks, by uid, or its pilots. */
#include "traces/importer/radical_layout.h"

#include "traces/importer/json_values.h"

static void add_tasks(struct radical_layout *l, const cJSON *tasks)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, tasks) {
        const char *uid = radical_text(entry, "uid");
        radical_layout_add_entry(l,
                                 uid                                 ? uid
                                 : entry->string && entry->string[0] ? entry->string
                                                                     : NULL,
                                 entry);
    }
}

bool radical_layout_managers(struct radical_layout *l, const cJSON *root)
{
    const cJSON *tasks = value_at(root, "tasks"), *pilots = value_at(root, "pilots"), *pilot;
    if (!cJSON_IsObject(tasks) && !cJSON_IsObject(pilots) && !cJSON_IsArray(pilots))
        return false;
    add_tasks(l, tasks);
    cJSON_ArrayForEach(pilot, pilots) {
        radical_layout_add_pilot(l, pilot);
        if (!l->session_uid)
            l->session_uid = radical_text(pilot, "session");
    }
    l->by_managers = true;
    return true;
}
