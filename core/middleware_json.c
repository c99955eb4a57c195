/* A middleware profile from JSON: docs/formats.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/middleware_impl.h"

static const char *const profile_fields[] = {
    "name", "summary", "source", "generation", "scheduler", "order", "overtake", "placement", "on_failure", "blocked", "stations",
    "assumed", "sessions",
    "between_sd", "estimates", "seen", "provenance", NULL };
static const char *const seen_fields[] = { "nodes", "tasks", "platform", "launcher", NULL };
static const char *const estimate_fields[] = { "between", "se", "degrees", NULL };
const char *const middleware_cold_rules[] = { "never", "first_on_node", "first_wave", "burst", NULL };

/* Members of `stations` that are neither a parameter nor a poll. */
static const char *const plain_fields[] = { "launch.servers", "launch.cap", "execute.slope", "startup.rule", "startup.burst",
                                            "startup.bulks", "startup.gpu_only" };

/* The dotted names of everything in `stations`, split into what may stand at its first level and below each. */
static size_t station_names(const char **names)
{
    size_t n = 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        names[n++] = station_parameter_name((enum station_parameter)p);
    for (int p = 0; p < STATION_POLLS; p++)
        names[n++] = station_poll_name((enum station_poll)p);
    for (size_t i = 0; i < sizeof plain_fields / sizeof *plain_fields; i++)
        names[n++] = plain_fields[i];
    return n;
}

enum { MOST_NAMES = STATION_PARAMETERS + STATION_POLLS + 16 };

/* Members known at one level: those of `group`, or with NULL the groups and undotted names. Strings live in `storage`. */
static void known_members(const char *group, const char **known, char storage[MOST_NAMES][32])
{
    const char *names[MOST_NAMES];
    size_t n = station_names(names), k = 0;
    for (size_t i = 0; i < n; i++) {
        const char *dot = strchr(names[i], '.');
        size_t length = dot ? (size_t)(dot - names[i]) : strlen(names[i]);
        if (group && (!dot || strlen(group) != length || strncmp(group, names[i], length) != 0))
            continue;
        const char *from = group ? dot + 1 : names[i];
        length = group ? strlen(from) : length;
        memcpy(storage[k], from, length);
        storage[k][length] = '\0';
        known[k] = storage[k];
        k++;
    }
    known[k] = NULL;
}

static int check_station_names(const struct json *stations, struct error *err)
{
    const char *known[MOST_NAMES + 1];
    char storage[MOST_NAMES][32];
    known_members(NULL, known, storage);
    if (json_expect_object(stations, known, err) != 0)
        return -1;
    for (struct json e = json_first(stations); e.value; e = json_next(&e)) {
        known_members(e.key, known, storage);
        if (known[0] && json_expect_object(&e, known, err) != 0)
            return -1;
    }
    return 0;
}

/* The place of a dotted name below `stations`. `group` keeps the parent that the result points to. */
static struct json station_at(const struct json *stations, const char *dotted, struct json *group)
{
    const char *dot = strchr(dotted, '.');
    if (!dot)
        return json_member(stations, dotted);
    char *first = xstrndup(dotted, (size_t)(dot - dotted));
    cJSON *object = stations->value ? cJSON_GetObjectItemCaseSensitive(stations->value, first) : NULL;
    *group = json_member(stations, object ? object->string : "");
    free(first);
    return json_member(group, dot + 1);
}

static int read_plain(const struct json *stations, struct middleware *m, struct error *err)
{
    struct json launch = json_member(stations, "launch"), execute = json_member(stations, "execute");
    struct json startup = json_member(stations, "startup");
    int64_t servers = 1, cap = 0, burst = 0, bulks = 1;
    int rule = COLD_NEVER;
    if (json_get_int(&launch, "servers", 1, 1000000, &servers, err) != 0 || json_get_int(&launch, "cap", 0, 100000000, &cap, err) != 0 ||
        json_get_number(&execute, "slope", 0, 1000, &m->execute_slope, err) != 0 ||
        json_get_choice(&startup, "rule", middleware_cold_rules, &rule, err) != 0 ||
        json_get_int(&startup, "burst", 0, 100000000, &burst, err) != 0 || json_get_int(&startup, "bulks", 0, 1000000, &bulks, err) != 0 ||
        json_get_bool(&startup, "gpu_only", &m->cold_gpu_only, err) != 0)
        return -1;
    m->launch_servers = (int)servers;
    m->live_cap = (int)cap;
    m->cold_rule = (enum cold_rule)rule;
    m->cold_burst = (int)burst;
    m->cold_bulks = (int)bulks;
    return 0;
}

static int read_stations(const struct json *root, struct middleware *m, struct error *err)
{
    struct json stations = json_member(root, "stations"), group;
    if (!stations.value)
        return 0;
    if (check_station_names(&stations, err) != 0)
        return -1;
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        struct json at = station_at(&stations, station_parameter_name((enum station_parameter)p), &group);
        if (at.value && !(m->parameter[p] = dist_from_json(&at, err)))
            return -1;
    }
    for (int p = 0; p < STATION_POLLS; p++) {
        struct json at = station_at(&stations, station_poll_name((enum station_poll)p), &group);
        if (at.value && json_as_number(&at, 0, POLL_LONGEST_S, &m->period_s[p], err) != 0)
            return -1;
        if (m->period_s[p] > 0 && m->period_s[p] < POLL_SHORTEST_S)
            return json_error(&at, err, "must be 0 (no poll), or a period from %g to %g s; is %g", POLL_SHORTEST_S, POLL_LONGEST_S,
                              m->period_s[p]);
    }
    return read_plain(&stations, m, err);
}

static int find_parameter(const char *name)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (str_equal(station_parameter_name((enum station_parameter)p), name))
            return p;
    return -1;
}

static int need_parameter(const struct json *at, const char *name, int *p, struct error *err)
{
    const char *names[STATION_PARAMETERS + 1] = { NULL };
    for (int i = 0; i < STATION_PARAMETERS; i++)
        names[i] = station_parameter_name((enum station_parameter)i);
    *p = find_parameter(name);
    if (*p >= 0)
        return 0;
    const char *near = str_nearest(name, names);
    return near ? json_error(at, err, "there is no station parameter '%s'; did you mean '%s'?", name, near)
                : json_error(at, err, "there is no station parameter '%s'", name);
}

static int read_assumed(const struct json *root, struct middleware *m, struct error *err)
{
    struct json at = json_member(root, "assumed");
    if (!at.value)
        return 0;
    if (json_expect_array(&at, err) != 0)
        return -1;
    for (struct json e = json_first(&at); e.value; e = json_next(&e)) {
        const char *name;
        int p;
        if (json_as_string(&e, &name, err) != 0 || need_parameter(&e, name, &p, err) != 0)
            return -1;
        m->assumed[p] = true;
    }
    return 0;
}

/* {"client.base": 2.3, ...}, and whatever `beside` names (may be NULL). */
static int read_vector(const struct json *at, double *values, double least, const char *beside, struct error *err)
{
    const char *known[STATION_PARAMETERS + 2] = { NULL };
    for (int p = 0; p < STATION_PARAMETERS; p++)
        known[p] = station_parameter_name((enum station_parameter)p);
    known[STATION_PARAMETERS] = beside;
    if (json_expect_object(at, known, err) != 0)
        return -1;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (json_get_number(at, known[p], least, 1e9, &values[p], err) != 0)
            return -1;
    return 0;
}

static int read_sessions(const struct json *root, struct middleware *m, struct error *err)
{
    struct json at = json_member(root, "sessions"), spread = json_member(root, "between_sd");
    if (spread.value && read_vector(&spread, m->between_sd, 0, NULL, err) != 0)
        return -1;
    if (!at.value)
        return 0;
    if (json_expect_array(&at, err) != 0)
        return -1;
    m->sessions = xcalloc(json_count(&at) + 1, sizeof *m->sessions);
    for (struct json e = json_first(&at); e.value; e = json_next(&e)) {
        struct station_session *s = &m->sessions[m->n_sessions++];
        const char *name = NULL;
        for (int p = 0; p < STATION_PARAMETERS; p++)
            s->mean[p] = NAN;
        if (json_get_string(&e, "name", &name, err) != 0 || read_vector(&e, s->mean, -1e9, "name", err) != 0)
            return -1;
        s->name = name ? xstrdup(name) : NULL;
    }
    return 0;
}

/* {"client.base": {"between": 0.2, "se": 0.1, "degrees": 3}, ...} */
static int read_estimates(const struct json *root, struct middleware *m, struct error *err)
{
    struct json at = json_member(root, "estimates");
    for (struct json e = json_first(&at); e.value; e = json_next(&e)) {
        int p;
        int64_t degrees = 0;
        if (need_parameter(&e, e.key, &p, err) != 0 || json_expect_object(&e, estimate_fields, err) != 0 ||
            json_need_number(&e, "between", 0, 1e9, &m->estimate[p].between_s, err) != 0 ||
            json_need_number(&e, "se", 0, 1e9, &m->estimate[p].se_s, err) != 0 ||
            json_get_int(&e, "degrees", 0, 1000000, &degrees, err) != 0)
            return -1;
        m->estimate[p].degrees = (int)degrees;
        m->estimate[p].known = true;
    }
    return 0;
}

static int read_blocked(const struct json *root, struct middleware *m, struct error *err)
{
    struct json at = json_member(root, "blocked");
    if (!at.value)
        return 0;
    if (json_expect_array(&at, err) != 0)
        return -1;
    m->blocked = xcalloc(json_count(&at) + 1, sizeof *m->blocked);
    for (struct json e = json_first(&at); e.value; e = json_next(&e)) {
        int64_t slot;
        if (json_as_int(&e, 0, 1023, &slot, err) != 0)
            return -1;
        m->blocked[m->n_blocked++] = (int)slot;
    }
    return 0;
}

static int read_text(const struct json *root, const char *key, char **out, struct error *err)
{
    const char *text = NULL;
    if (json_get_string(root, key, &text, err) != 0)
        return -1;
    *out = text ? xstrdup(text) : NULL;
    return 0;
}

static int read_seen(const struct json *root, struct middleware *m, struct error *err)
{
    struct json at = json_member(root, "seen");
    int64_t nodes = 0, tasks = 0;
    if (!at.value)
        return 0;
    if (json_expect_object(&at, seen_fields, err) != 0 || json_get_int(&at, "nodes", 0, 10000000, &nodes, err) != 0 ||
        json_get_int(&at, "tasks", 0, 1000000000, &tasks, err) != 0 || read_text(&at, "platform", &m->platform_seen, err) != 0 ||
        read_text(&at, "launcher", &m->launcher_seen, err) != 0)
        return -1;
    m->n_nodes_seen = (size_t)nodes;
    m->n_tasks_seen = (size_t)tasks;
    return 0;
}

static int read_profile(const struct json *at, struct middleware *m, struct error *err)
{
    if (json_expect_object(at, profile_fields, err) != 0 || read_text(at, "name", &m->name, err) != 0 ||
        read_text(at, "summary", &m->summary, err) != 0 || read_text(at, "source", &m->source, err) != 0 ||
        read_text(at, "generation", &m->generation, err) != 0 || read_text(at, "scheduler", &m->scheduler, err) != 0 ||
        read_text(at, "order", &m->order, err) != 0 || read_text(at, "overtake", &m->overtake, err) != 0 ||
        read_text(at, "placement", &m->placement, err) != 0 ||
        on_failure_from_json(at, &m->on_failure, err) != 0 || read_blocked(at, m, err) != 0 || read_stations(at, m, err) != 0 ||
        read_assumed(at, m, err) != 0 || read_sessions(at, m, err) != 0 || read_estimates(at, m, err) != 0 ||
        read_seen(at, m, err) != 0)
        return -1;
    if (!m->name)
        m->name = xstrdup("middleware");
    return 0;
}

struct middleware *middleware_from_json(const struct json *at, struct error *err)
{
    struct middleware *m = xcalloc(1, sizeof *m);
    m->launch_servers = 1;
    m->execute_slope = 1;
    if (read_profile(at, m, err) == 0)
        return m;
    middleware_free(m);
    return NULL;
}

struct middleware *middleware_load(const char *path, struct error *err)
{
    struct json_document *doc = json_load(path, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, err);
    json_free(doc);
    return m;
}
