/* A middleware profile to JSON: what is nothing, or would be the same unwritten, is left out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/middleware_impl.h"

static void save_text(cJSON *out, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(out, key, text);
}

/* Adds the item below `stations` at its dotted name. */
static void save_at(cJSON *stations, const char *dotted, cJSON *item)
{
    const char *dot = strchr(dotted, '.');
    if (!dot) {
        cJSON_AddItemToObject(stations, dotted, item);
        return;
    }
    char *first = xstrndup(dotted, (size_t)(dot - dotted));
    cJSON *group = cJSON_GetObjectItemCaseSensitive(stations, first);
    if (!group)
        group = cJSON_AddObjectToObject(stations, first);
    cJSON_AddItemToObject(group, dot + 1, item);
    free(first);
}

static void save_stations(cJSON *stations, const struct middleware *m)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (m->parameter[p])
            save_at(stations, station_parameter_name((enum station_parameter)p), dist_to_json(m->parameter[p]));
    for (int p = 0; p < STATION_POLLS; p++)
        if (m->period_s[p] > 0)
            save_at(stations, station_poll_name((enum station_poll)p), cJSON_CreateNumber(m->period_s[p]));
    if (m->launch_servers != 1)
        save_at(stations, "launch.servers", cJSON_CreateNumber(m->launch_servers));
    if (m->live_cap > 0)
        save_at(stations, "launch.cap", cJSON_CreateNumber(m->live_cap));
    if (m->execute_slope != 1)
        save_at(stations, "execute.slope", cJSON_CreateNumber(m->execute_slope));
    if (m->cold_rule != COLD_NEVER)
        save_at(stations, "startup.rule", cJSON_CreateString(middleware_cold_rules[m->cold_rule]));
    if (m->cold_burst != 0)
        save_at(stations, "startup.burst", cJSON_CreateNumber(m->cold_burst));
    if (m->cold_bulks != 1)
        save_at(stations, "startup.bulks", cJSON_CreateNumber(m->cold_bulks));
    if (m->cold_gpu_only)
        save_at(stations, "startup.gpu_only", cJSON_CreateTrue());
}

static void save_vector(cJSON *out, const double *values)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (!isnan(values[p]))
            cJSON_AddNumberToObject(out, station_parameter_name((enum station_parameter)p), values[p]);
}

static void save_sessions(cJSON *out, const struct middleware *m)
{
    cJSON *list = m->n_sessions > 0 ? cJSON_AddArrayToObject(out, "sessions") : NULL;
    for (size_t s = 0; s < m->n_sessions; s++) {
        cJSON *one = cJSON_CreateObject();
        save_text(one, "name", m->sessions[s].name);
        save_vector(one, m->sessions[s].mean);
        cJSON_AddItemToArray(list, one);
    }
    cJSON *spread = NULL;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (m->between_sd[p] > 0 && (spread || (spread = cJSON_AddObjectToObject(out, "between_sd"))))
            cJSON_AddNumberToObject(spread, station_parameter_name((enum station_parameter)p), m->between_sd[p]);
}

static void save_estimates(cJSON *out, const struct middleware *m)
{
    cJSON *all = cJSON_CreateObject();
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const struct station_estimate *e = &m->estimate[p];
        if (!e->known)
            continue;
        cJSON *one = cJSON_AddObjectToObject(all, station_parameter_name((enum station_parameter)p));
        cJSON_AddNumberToObject(one, "between", e->between_s);
        cJSON_AddNumberToObject(one, "se", e->se_s);
        cJSON_AddNumberToObject(one, "degrees", e->degrees);
    }
    if (all->child)
        cJSON_AddItemToObject(out, "estimates", all);
    else
        cJSON_Delete(all);
}

static void save_seen(cJSON *out, const struct middleware *m)
{
    if (m->n_nodes_seen == 0 && m->n_tasks_seen == 0 && !m->platform_seen && !m->launcher_seen)
        return;
    cJSON *seen = cJSON_AddObjectToObject(out, "seen");
    cJSON_AddNumberToObject(seen, "nodes", (double)m->n_nodes_seen);
    cJSON_AddNumberToObject(seen, "tasks", (double)m->n_tasks_seen);
    save_text(seen, "platform", m->platform_seen);
    save_text(seen, "launcher", m->launcher_seen);
}

cJSON *middleware_to_json(const struct middleware *m)
{
    cJSON *out = cJSON_CreateObject();
    save_text(out, "name", m->name);
    save_text(out, "summary", m->summary);
    save_text(out, "source", m->source);
    save_text(out, "generation", m->generation);
    save_text(out, "scheduler", m->scheduler);
    save_text(out, "order", m->order);
    save_text(out, "overtake", m->overtake);
    save_text(out, "placement", m->placement);
    if (m->on_failure != ON_FAILURE_UNSAID)
        cJSON_AddStringToObject(out, "on_failure", on_failure_names[m->on_failure - 1]);
    if (m->n_blocked > 0)
        cJSON_AddItemToObject(out, "blocked", cJSON_CreateIntArray(m->blocked, (int)m->n_blocked));
    save_stations(cJSON_AddObjectToObject(out, "stations"), m);
    cJSON *assumed = cJSON_CreateArray();
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (m->assumed[p])
            cJSON_AddItemToArray(assumed, cJSON_CreateString(station_parameter_name((enum station_parameter)p)));
    cJSON_AddItemToObject(out, "assumed", assumed);
    save_sessions(out, m);
    save_estimates(out, m);
    save_seen(out, m);
    return out;
}
