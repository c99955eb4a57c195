/* What the JSON of a session says of its pilot and of the software that ran it. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

/* a pilot's first such state; NAN */
static double history_time(const cJSON *json, const char *state)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, value_at(json, "statehistory")) {
        const cJSON *time = value_at(entry, "timestamp");
        if (str_equal(radical_text(entry, "state"), state) && cJSON_IsNumber(time))
            return time->valuedouble;
    }
    return NAN;
}

static void set_launcher(struct session *s, const cJSON *config, const cJSON *resources)
{
    static const char *const keys[] = { "task_launch_method", "agent_launch_method",
                                        "mpi_launch_method" };
    const cJSON *resource = value_at(config, "resource_cfg");
    const char *found = NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !found; i++)
        found = radical_text(config, keys[i]) ? radical_text(config, keys[i])
                                              : radical_text(resource, keys[i]);
    const cJSON *methods = value_at(resource, "launch_methods");
    const cJSON *order =
        value_at(methods ? methods : value_at(resources, "launch_methods"), "order");
    const cJSON *first = cJSON_GetArrayItem(order, 0);
    if (!found && cJSON_IsString(first))
        found = first->valuestring;
    if (!found)
        return;
    char *lower = xstrdup(found);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    s->launcher =
        session_keep(s, str_starts(lower, "prte") || str_starts(lower, "prrte") ? "prrte" : lower);
    free(lower);
}

/* "1.9.2-v1.9.2@HEAD-detached" -> "1.9.2" */
static void set_version(struct session *s, const cJSON *session)
{
    const cJSON *metadata = value_at(session, "metadata");
    const cJSON *stack = value_at(
        cJSON_IsArray(metadata) ? cJSON_GetArrayItem(metadata, 0) : metadata, "radical_stack");
    const char *rp = radical_text(stack, "rp");
    size_t n = rp ? strspn(rp, "0123456789.") : 0;
    if (n)
        s->version = session_keep_n(s, rp, n);
}

static void read_first(struct radical *r)
{
    struct session *s = r->session;
    const struct radical_pilot none = { 0 },
                               *pilot = r->layout.n_pilots ? &r->layout.pilots[0] : &none;
    const char *resource = radical_text(pilot->description, "resource");
    s->resource = resource ? session_keep(s, resource) : NULL;
    s->asked_cores = radical_count(pilot->description, "cores", 0);
    s->asked_gpus = radical_count(pilot->description, "gpus", 0);
    s->walltime_s = value_number_at(pilot->description, "runtime") * 60;
    s->agent_poll_s = value_number_at(pilot->config, "db_poll_sleeptime");
    set_launcher(s, pilot->config, pilot->resources);
    if (isnan(r->totals.pilot_active_s))
        r->totals.pilot_active_s = history_time(pilot->json, "Active");
    set_version(s, r->layout.session);
    s->n_pilots = r->layout.n_pilots;
    session_note(s, r->layout.n_pilots > 1 ? r->layout.n_pilots - 1 : 0, "pilots beyond the first",
                 "their nodes are added, their times are not told apart");
}

static enum session_generation generation_of(const struct radical *r)
{
    const struct radical_totals *t = &r->totals;
    if (t->saw_rank || r->layout.by_managers)
        return GENERATION_RANK;
    if (t->saw_spawn || r->layout.opaque_slots)
        return GENERATION_SPAWN;
    return t->saw_task_script ? GENERATION_TASK : GENERATION_UNIT;
}

/* A version of each generation, fit to choose the scheduler by. */
static const char *version_of(const struct radical *r)
{
    switch (r->session->generation) {
    case GENERATION_RANK: return r->layout.by_managers ? "1.60" : "1.33";
    case GENERATION_TASK: return "1.9";
    case GENERATION_SPAWN: return r->layout.opaque_slots ? "0.47" : "0.42";
    default: return r->totals.dotted_components ? "0.6" : "1.4";
    }
}

static void set_generation(struct radical *r)
{
    struct session *s = r->session;
    s->generation = generation_of(r);
    if (s->version)
        return;
    s->version = version_of(r);
    session_note(s, 1, "version of RADICAL-Pilot",
                 "not recorded: taken from the generation of the events and files");
}

void radical_read_pilot(struct radical *r)
{
    read_first(r);
    set_generation(r);
}
