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
    radical_read_pilot(r);
}
