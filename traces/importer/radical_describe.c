#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

static void set_gpus(struct radical_task *t, double per_rank)
{
    if (!(per_rank > 0) || per_rank > NODE_MOST_GPUS)
        return;
    if (per_rank < 1) {
        t->demand.gpu_share = (int32_t)lround(per_rank * DEMAND_WHOLE_GPU);
        return;
    }
    t->demand.gpus = (int32_t)ceil(per_rank);
    t->gpus_rounded = per_rank != floor(per_rank);
}

/* Since 1.2x: everything a rank. */
static void read_ranks(struct radical_task *t, const cJSON *description)
{
    t->demand.ranks = radical_count(description, "ranks", 1);
    t->demand.threads = radical_count(description, "cores_per_rank", 1);
    t->demand.memory_mib = radical_count(description, "mem_per_rank", 0);
    set_gpus(t, value_number_at(description, "gpus_per_rank"));
}

/* Before 0.5: cores of the whole task, a process each under MPI, else threads of one. */
static void read_cores(struct radical_task *t, const cJSON *description)
{
    int cores = radical_count(description, "cores", 1);
    bool mpi = cJSON_IsTrue(value_at(description, "mpi")) && cores > 1;
    t->demand.ranks = mpi ? cores : 1;
    t->demand.threads = mpi ? 1 : cores;
}

/* From 0.5 to 1.1x. */
static void read_processes(struct radical_task *t, const cJSON *description)
{
    const char *kind = radical_text(description, "cpu_process_type"),
               *gpu_kind = radical_text(description, "gpu_process_type");
    bool mpi = str_equal(kind, "MPI") || str_equal(gpu_kind, "MPI");
    int processes = radical_count(description, "cpu_processes", 1),
        threads = radical_count(description, "cpu_threads", 1);
    t->demand.ranks = processes > 0 ? processes : 1;
    t->demand.threads = threads > 0 ? threads : 1;
    set_gpus(t, value_number_at(description, "gpu_processes"));
    t->demand.one_node = !mpi && t->demand.ranks > 1;
}

/* Processes, threads and GPUs of one task as its description asks for them. */
void radical_read_demand(struct radical_task *t, const cJSON *description)
{
    int ranks = radical_count(description, "ranks", 0),
        cores = radical_count(description, "cores_per_rank", 0);
    bool by_ranks = ranks > 0 && cores > 0 && radical_count(description, "cpu_processes", 0) == 0;
    t->has_demand = true;
    t->demand = (struct demand){ .ranks = 1, .threads = 1 };
    if (by_ranks)
        read_ranks(t, description);
    else if (value_at(description, "cpu_processes"))
        read_processes(t, description);
    else if (value_at(description, "cores"))
        read_cores(t, description);
    else
        t->has_demand = false;
}

/* The fields of "task.0065,T0.65,stage.0000,T0,pipeline.0000,None"; false when it is not EnTK's. */
static bool read_entk_name(struct radical *r, struct radical_task *t, const char *name)
{
    const char *fields[16];
    size_t n = 0;
    char *copy = xstrdup(name), *rest = copy;
    while (rest && n < 16) {
        char *comma = strchr(rest, ',');
        if (comma)
            *comma = '\0';
        fields[n++] = rest;
        rest = comma ? comma + 1 : NULL;
    }
    size_t stage = 0, pipeline = 0;
    for (size_t i = 1; i < n; i++) {
        const char *kind = str_starts(fields[i], "radical.entk.")
                               ? fields[i] + strlen("radical.entk.")
                               : fields[i];
        if (!stage && str_starts(kind, "stage."))
            stage = i;
        if (stage && !pipeline && str_starts(kind, "pipeline."))
            pipeline = i;
    }
    if (stage && pipeline) {
        t->label = session_keep(r->session, fields[0]);
        t->name =
            stage > 1 && !str_equal(fields[1], "None") ? session_keep(r->session, fields[1]) : NULL;
        t->stage_uid = session_keep(r->session, fields[stage]);
        t->pipeline_uid = session_keep(r->session, fields[pipeline]);
        if (stage + 1 < pipeline && !str_equal(fields[stage + 1], "None"))
            t->stage_name = session_keep(r->session, fields[stage + 1]);
        if (pipeline + 1 < n && !str_equal(fields[pipeline + 1], "None"))
            t->pipeline_name = session_keep(r->session, fields[pipeline + 1]);
    }
    free(copy);
    return stage && pipeline;
}

/* "DONE"; before 0.46 "Done". */
static enum radical_state read_state(const char *state)
{
    static const struct { const char *name, *old; enum radical_state state;
    } states[] = {
        { "DONE", "Done", STATE_DONE },
        { "FAILED", "Failed", STATE_FAILED },
        { "CANCELED", "Canceled", STATE_CANCELED },
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_equal(state, states[i].name) || str_equal(state, states[i].old))
            return states[i].state;
    return STATE_UNKNOWN;
}

/* States that RADICAL-Pilot's JSON dates: `statehistory` of 0.42, a list of {state, timestamp}.
 * They fill in for records that the profiles lack, never replace one. */
static const struct { const char *state; enum session_event event; } states[] = {
    { "New", EVENT_CLIENT_NEW },
    { "PendingInputStaging", EVENT_CLIENT_SUBMITTED },
    { "Scheduling", EVENT_CLIENT_SUBMITTED },
    { "AgentStagingInputPending", EVENT_CLIENT_PUSHED }, { "Allocating", EVENT_AGENT_ARRIVED },
    { "Executing", EVENT_STATE_EXECUTING }, { "AgentStagingOutputPending", EVENT_STATE_EXECUTED },
    { "PendingOutputStaging", EVENT_AGENT_PUSHED }, { "StagingOutput", EVENT_CLIENT_GOT },
    { "Done", EVENT_CLIENT_DONE },
    { "Failed", EVENT_CLIENT_DONE },
    { "Canceled", EVENT_CLIENT_DONE },
};

static void fill(double *at, const cJSON *entry)
{
    const char *state = radical_text(entry, "state");
    const cJSON *time = value_at(entry, "timestamp");
    if (!state || !cJSON_IsNumber(time) || !(time->valuedouble >= 1e8 && time->valuedouble <= 1e11))
        return;
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        if (str_equal(state, states[k].state) && isnan(at[states[k].event]))
            at[states[k].event] = time->valuedouble;
}

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

static void read_task(struct radical *r, struct radical_task *t)
{
    const cJSON *description = value_at(t->json, "description"), *entry;
    const char *name = radical_text(description, "name") ? radical_text(description, "name")
                                                         : radical_text(t->json, "name");
    double code = value_number_at(t->json, "exit_code");
    bool guessed = false;
    t->exit_code = fabs(code) < 1e6 ? (int)code : INT_MIN;
    cJSON_ArrayForEach(entry, value_at(t->json, "statehistory"))
        fill(t->entity->at, entry);
    t->json_state = read_state(radical_text(t->json, "state"));
    radical_read_demand(t, description);
    t->executable = radical_text(description, "executable");
    t->requested_s = radical_requested(t->executable, value_at(description, "arguments"), &guessed);
    t->requested_guessed = guessed;
    t->stages_out = cJSON_GetArraySize(value_at(description, "output_staging")) > 0;
    if (name && !read_entk_name(r, t, name))
        t->name = session_keep(r->session, name);
}

/* Every task of the JSON gets an entity, recorded or not. */
static void join_json(struct radical *r)
{
    for (size_t i = 0; i < r->layout.n_entries; i++) {
        const char *uid = r->layout.entries[i].uid;
        struct radical_entity *e = radical_records_need(r->records, uid, strlen(uid));
        if (e)
            e->is_task = true;
    }
}

static int compare_uids(const void *a, const void *b)
{
    return strcmp(((const struct radical_task *)a)->uid, ((const struct radical_task *)b)->uid);
}

/* Eight bytes of a uid, zeros behind its end, as a number: ordered as strcmp() orders them. */
static uint64_t word_of(const struct radical_entity *e, size_t from)
{
    uint64_t word = 0;
    for (size_t i = from; i < from + sizeof word; i++)
        word = word << 8 | (i < e->uid_length ? (unsigned char)e->uid[i] : 0);
    return word;
}

/* Which entities are tasks, by uid: sorted by the last eight bytes first. Returns how many; free()
 * the list. */
static size_t list_tasks(struct radical *r, struct sort_key **list)
{
    size_t entities = radical_records_count(r->records), n = 0, longest = 0;
    bool in_order = true;
    const char *before = "";
    struct sort_key *keys = xmalloc((entities + 1) * sizeof *keys);
    for (size_t i = 0; i < entities; i++) {
        const struct radical_entity *e = radical_records_at(r->records, i);
        if (!e->is_task)
            continue;
        in_order = in_order && strcmp(before, e->uid) <= 0;
        before = e->uid;
        longest = e->uid_length > longest ? e->uid_length : longest;
        keys[n++].item = i;
    }
    for (size_t words = in_order ? 0 : (longest + 7) / 8; words-- > 0; ) {
        for (size_t i = 0; i < n; i++)
            keys[i].key = word_of(radical_records_at(r->records, keys[i].item), words * 8);
        sort_keys(keys, n);
    }
    *list = keys;
    return n;
}

static void collect_tasks(struct radical *r)
{
    struct sort_key *list;
    r->n = list_tasks(r, &list);
    r->tasks = arena_alloc(&r->memory, (r->n + 1) * sizeof *r->tasks);
    for (size_t i = 0; i < r->n; i++) {
        struct radical_entity *e = radical_records_at(r->records, list[i].item);
        const char *uid = session_keep(r->session, e->uid);
        r->tasks[i] = (struct radical_task){ .entity = e,
                                             .uid = uid,
                                             .label = uid,
                                             .requested_s = NAN,
                                             .kept_until_s = NAN,
                                             .exit_code = INT_MIN,
                                             .demand = { .ranks = 1, .threads = 1 },
                                             .run = -1,
                                             .pipeline = -1,
                                             .stage = -1 };
    }
    free(list);
}

static struct radical_task *find_task(struct radical *r, const char *uid)
{
    struct radical_task key = { .uid = uid };
    return bsearch(&key, r->tasks, r->n, sizeof key, compare_uids);
}

/* EnTK records under its own uid, which old versions did not give to RADICAL-Pilot's task. */
static void join_entk(struct radical *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        struct radical_entity *e =
            t->label != t->uid ? radical_records_find(r->records, t->label) : NULL;
        if (!e || e == t->entity)
            continue;
        if (isnan(t->entity->at[EVENT_ENTK_SCHEDULED]))
            t->entity->at[EVENT_ENTK_SCHEDULED] = e->at[EVENT_ENTK_SCHEDULED];
        if (isnan(t->entity->at[EVENT_ENTK_DONE]))
            t->entity->at[EVENT_ENTK_DONE] = e->at[EVENT_ENTK_DONE];
    }
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

static void read_pilot(struct radical *r)
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

void radical_describe(struct radical *r)
{
    join_json(r);
    session_note(r->session, r->layout.nameless, "entries of the session's JSON", "without a uid");
    r->totals = radical_records_totals(r->records);
    collect_tasks(r);
    for (size_t i = 0; i < r->layout.n_entries; i++) {
        struct radical_task *t = find_task(r, r->layout.entries[i].uid);
        if (t && !t->json)
            t->json = r->layout.entries[i].json;
        else if (t)
            session_note(r->session, 1, "entries of the session's JSON", "a uid that stood before");
    }
    for (size_t i = 0; i < r->n; i++)
        if (r->tasks[i].json)
            read_task(r, &r->tasks[i]);
    join_entk(r);
    read_pilot(r);
    set_generation(r);
}
