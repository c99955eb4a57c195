#include "traces/importer/radical_records.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "traces/importer/radical_events.h"

enum { MAX_ENTITIES = 2000000, UID_BLOCK_BYTES = 1 << 16, MAX_UID_BYTES = 512 };

static const double duplicate_s = 1e-6;

enum { EXECUTORS = 1024, SIDE_BITS = 4 };

struct table_entry { uint32_t number, hash; };           /* number: index + 1 of the entity, 0 = empty; of its uid */

/* The times of one event, of all entities side by side: records of one kind come in runs, of tasks that are near each other. */
struct column { double *at; size_t room; };              /* NAN: no record; entities from `room` on have none */

struct radical_records {
    struct radical_entity *entities;
    size_t n, room, last;                /* last: the one that was asked for last */
    struct table_entry *table;           /* open addressing, linear probing */
    size_t table_size;                   /* a power of two */
    struct column columns[SESSION_EVENTS];
    bool gathered;                       /* the entities' rows say what the columns say */
    struct arena uids, times;
    struct radical_totals totals;
    double *runs;
    size_t runs_room;
    double relative_start_s, relative_sync_s, sync_s;    /* bootstrap_0_start and sync_rel there; sync_rel at the agent. NAN */
    bool executor_seen[EXECUTORS];
};

struct radical_records *radical_records_new(void)
{
    struct radical_records *r = xcalloc(1, sizeof *r);
    r->uids.block_bytes = UID_BLOCK_BYTES;
    r->table_size = 1024;
    r->table = xcalloc(r->table_size, sizeof *r->table);
    r->totals.first_s = r->totals.last_s = r->totals.bootstrap_s = r->totals.pilot_active_s = NAN;
    r->relative_start_s = r->relative_sync_s = r->sync_s = NAN;
    return r;
}

void radical_records_free(struct radical_records *r)
{
    if (!r)
        return;
    arena_clear(&r->uids);
    arena_clear(&r->times);
    for (int e = 0; e < SESSION_EVENTS; e++)
        free(r->columns[e].at);
    free(r->entities);
    free(r->table);
    free(r->runs);
    free(r);
}

/* Uids that differ in their last digit only lie side by side in the table, so that tasks that are near in number are near in memory:
 * the least bits are those of the last character, the others a hash of what stands before it, eight bytes at a time. */
static uint32_t hash(const char *text, size_t length)
{
    static const uint64_t factor = 0x9e3779b97f4a7c15u;
    size_t n = length ? length - 1 : 0, i = 0;
    uint64_t h = length, word = 0;
    for (; i + sizeof word <= n; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        h = (h ^ word) * factor;
        h ^= h >> 32;
    }
    for (word = 0; i < n; i++)
        word = word << 8 | (unsigned char)text[i];
    h = (h ^ word) * factor;
    return (uint32_t)(h >> 32 << SIDE_BITS) | (length ? (unsigned char)text[n] & ((1u << SIDE_BITS) - 1) : 0);
}

static bool is_uid(const struct radical_entity *e, const char *uid, size_t length)
{
    return e->uid_length == length && !memcmp(e->uid, uid, length);
}

/* Where the uid of this hash stands in the table, or the empty place where it would. */
static size_t table_place(const struct radical_records *r, const char *uid, size_t length, uint32_t hash)
{
    size_t mask = r->table_size - 1, i = hash & mask;
    for (; r->table[i].number; i = (i + 1) & mask) {
        if (r->table[i].hash != hash)
            continue;
        if (is_uid(&r->entities[r->table[i].number - 1], uid, length))
            break;
    }
    return i;
}

static void table_grow(struct radical_records *r)
{
    struct table_entry *old = r->table;
    size_t n = r->table_size, mask = 2 * n - 1;
    r->table = xcalloc(2 * n, sizeof *r->table);
    r->table_size = 2 * n;
    for (size_t i = 0; i < n; i++) {
        size_t place = old[i].hash & mask;
        if (!old[i].number)
            continue;
        while (r->table[place].number)
            place = (place + 1) & mask;
        r->table[place] = old[i];
    }
    free(old);
}

/* Records follow one another by task or by event, then in the order in which tasks came: the last entity or the next, without the table.
 * NULL: it is neither. */
static struct radical_entity *expected(struct radical_records *r, const char *uid, size_t length)
{
    for (size_t i = r->last; i < r->n && i <= r->last + 1; i++)
        if (is_uid(&r->entities[i], uid, length)) {
            r->last = i;
            return &r->entities[i];
        }
    return NULL;
}

/* The entity of this uid, or NULL; where it stands or would stand in the table, and its hash. */
static struct radical_entity *known(struct radical_records *r, const char *uid, size_t length, size_t *place, uint32_t *h)
{
    *h = hash(uid, length);
    *place = table_place(r, uid, length, *h);
    if (!r->table[*place].number)
        return NULL;
    r->last = r->table[*place].number - 1;
    return &r->entities[r->last];
}

struct radical_entity *radical_records_need(struct radical_records *r, const char *uid, size_t length)
{
    uint32_t h;
    size_t place;
    struct radical_entity *e = known(r, uid, length, &place, &h);
    if (e)
        return e;
    if (r->n >= MAX_ENTITIES) {
        r->totals.refused = true;
        return NULL;
    }
    xgrow(&r->entities, &r->room, r->n + 1, sizeof *r->entities);
    r->entities[r->n] = (struct radical_entity){ .uid = arena_keep(&r->uids, uid, length), .uid_length = (uint32_t)length,
                                                 .arrival_row = UINT64_MAX, .placement_row = UINT64_MAX,
                                                 .submission_row = UINT64_MAX };
    r->gathered = false;
    r->last = r->n;
    r->table[place] = (struct table_entry){ .number = (uint32_t)++r->n, .hash = h };
    if (r->n * 2 > r->table_size)
        table_grow(r);
    return &r->entities[r->n - 1];
}

static void column_grow(struct column *c, size_t room)
{
    c->at = xrealloc(c->at, room, sizeof *c->at);
    for (; c->room < room; c->room++)
        c->at[c->room] = NAN;
}

/* Where the time of an event of this entity is noted. */
static double *noted_time(struct radical_records *r, const struct radical_entity *e, enum session_event event)
{
    struct column *c = &r->columns[event];
    size_t i = (size_t)(e - r->entities);
    if (i >= c->room)
        column_grow(c, r->room);
    return &c->at[i];
}

/* From columns to rows: a look at one task is then a look at one place. */
static void gather(struct radical_records *r)
{
    if (r->gathered || !r->n)
        return;
    double *row = session_times_alloc(&r->times, r->n);
    for (size_t i = 0; i < r->n; i++, row += SESSION_EVENTS) {
        for (int e = 0; e < SESSION_EVENTS; e++)
            row[e] = i < r->columns[e].room ? r->columns[e].at[i] : (double)NAN;
        r->entities[i].at = row;
    }
    r->gathered = true;
}

struct radical_entity *radical_records_find(struct radical_records *r, const char *uid)
{
    uint32_t h;
    size_t place;
    gather(r);
    return known(r, uid, strlen(uid), &place, &h);
}

size_t radical_records_count(const struct radical_records *r)
{
    return r->n;
}

struct radical_entity *radical_records_at(struct radical_records *r, size_t i)
{
    gather(r);
    return &r->entities[i];
}

struct arena radical_records_take_times(struct radical_records *r)
{
    gather(r);
    struct arena times = r->times;
    r->times = (struct arena){ 0 };
    return times;
}

struct radical_totals radical_records_totals(const struct radical_records *r)
{
    struct radical_totals t = r->totals;
    double tied_s = r->sync_s - r->relative_sync_s + r->relative_start_s;
    t.run_started = r->runs;
    t.bootstrap_s = isnan(t.bootstrap_s) ? tied_s : t.bootstrap_s;
    return t;
}

static bool slice_is(struct text_slice s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.text, text, s.length);
}

static void earliest(double *at, double time_s)
{
    if (!(*at <= time_s))
        *at = time_s;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add_run(struct radical_records *r, double time_s)
{
    for (size_t i = 0; i < r->totals.n_runs; i++)
        if (fabs(r->runs[i] - time_s) <= duplicate_s)
            return;
    if (r->totals.n_runs >= MAX_ENTITIES / 1000)
        return;
    xgrow(&r->runs, &r->runs_room, r->totals.n_runs + 1, sizeof *r->runs);
    r->runs[r->totals.n_runs++] = time_s;
    qsort(r->runs, r->totals.n_runs, sizeof *r->runs, compare_doubles);
}

/* "host:ip:t_sys:t_ntp:ntp" */
static void note_clock(struct radical_records *r, struct text_slice message)
{
    char text[256];
    double system_s, ntp_s;
    if (message.length >= sizeof text)
        return;
    memcpy(text, message.text, message.length);
    text[message.length] = '\0';
    char *at = strchr(text, ':');
    at = at ? strchr(at + 1, ':') : NULL;
    char *mid = at ? strchr(at + 1, ':') : NULL;
    char *end = mid ? strchr(mid + 1, ':') : NULL;
    if (!end || !str_equal(end + 1, "ntp"))
        return;
    *mid = *end = '\0';
    if (str_to_double(at + 1, &system_s) && str_to_double(mid + 1, &ntp_s))
        r->totals.clock_offset_s = fmax(r->totals.clock_offset_s, fabs(ntp_s - system_s));
}

/* Records that are about the session, not about a task. */
static void take_session_row(struct radical_records *r, const struct radical_row *row, enum radical_component component)
{
    if (slice_is(row->event, "sync_abs") || slice_is(row->event, "sync abs"))
        note_clock(r, row->message);
    else if (component == COMPONENT_ENTK && slice_is(row->event, "amgr run started"))
        add_run(r, row->time_s);
    else if (component == COMPONENT_PILOT && slice_is(row->event, "bootstrap_0_start"))
        earliest(&r->totals.bootstrap_s, row->time_s);
    else if (component == COMPONENT_AGENT && slice_is(row->event, "sync_rel"))
        earliest(&r->sync_s, row->time_s);
    else if (slice_is(row->state, "PMGR_ACTIVE") && slice_is(row->event, "advance"))
        earliest(&r->totals.pilot_active_s, row->time_s);
    r->totals.saw_entk |= component == COMPONENT_ENTK;
}

static void note_generation(struct radical_records *r, const struct radical_rule *rule, double time_s)
{
    r->totals.saw_unit |= rule->generation == GENERATION_UNIT;
    r->totals.saw_task_script |= rule->generation == GENERATION_TASK;
    r->totals.saw_rank |= rule->generation == GENERATION_RANK;
    if (rule->event == EVENT_NODE_START || rule->event == EVENT_NODE_STOP)
        r->totals.node_subsecond |= time_s != floor(time_s);
}

static void note_final(struct radical_entity *e, double *at, const struct radical_rule *rule, double time_s)
{
    uint8_t *state = rule->event == EVENT_CLIENT_DONE ? &e->client_state : &e->agent_state;
    if (*state == STATE_CANCELED && rule->state != STATE_CANCELED)
        *at = time_s;                    /* a cancellation that came too late */
    if (*state == STATE_UNKNOWN || *state == STATE_CANCELED)
        *state = (uint8_t)rule->state;
}

static void set_time(struct radical_records *r, double *at, const struct radical_rule *rule, const struct radical_row *row)
{
    r->totals.used++;
    if (isnan(*at)) {
        *at = row->time_s;
        return;
    }
    if (fabs(*at - row->time_s) <= duplicate_s)
        r->totals.duplicates++;
    else if (rule->keep == KEEP_FIRST && rule->state == STATE_UNKNOWN)
        r->totals.conflicts++;
    if (rule->keep == KEEP_LAST ? row->time_s > *at : row->time_s < *at && rule->keep == KEEP_FIRST_OF_TWO)
        *at = row->time_s;
}

bool radical_records_add_relative(struct radical_records *r, const struct radical_row *row)
{
    if (radical_component_of(row->component) != COMPONENT_PILOT)
        return false;
    if (slice_is(row->event, "bootstrap_0_start"))
        r->relative_start_s = row->time_s;
    else if (slice_is(row->event, "sync_rel"))
        r->relative_sync_s = row->time_s;
    return true;
}

/* Tasks have names that can be printed; pilots advance as tasks do, and are none. */
static bool names_a_task(struct text_slice uid)
{
    for (size_t i = 0; i < uid.length; i++)
        if ((unsigned char)uid.text[i] <= ' ' || uid.text[i] == 127)
            return false;
    return uid.length && uid.length < MAX_UID_BYTES && (uid.length < 6 || memcmp(uid.text, "pilot.", 6) != 0);
}

/* Only what names a task ever became an entity: a uid that is known needs no second look. */
static struct radical_entity *entity_of(struct radical_records *r, struct text_slice uid)
{
    uint32_t h;
    size_t place;
    struct radical_entity *e = expected(r, uid.text, uid.length);
    return e ? e : known(r, uid.text, uid.length, &place, &h);
}

/* Counts "agent_executing.0003" once: by the number at its end, modulo EXECUTORS. */
static void note_executor(struct radical_records *r, struct text_slice component)
{
    unsigned number = 0, unit = 1;
    for (size_t i = component.length; i > 0 && isdigit((unsigned char)component.text[i - 1]) && unit < EXECUTORS; i--, unit *= 10)
        number += unit * (unsigned)(component.text[i - 1] - '0');
    bool *seen = &r->executor_seen[number % EXECUTORS];
    r->totals.n_executors += !*seen;
    *seen = true;
}

void radical_records_add(struct radical_records *r, const struct radical_row *row)
{
    uint64_t number = ++r->totals.rows;
    enum radical_component component = radical_component_of(row->component);
    earliest(&r->totals.first_s, row->time_s);
    if (!(r->totals.last_s >= row->time_s))
        r->totals.last_s = row->time_s;
    const struct radical_rule *rule = radical_rule_of(row, component);
    struct radical_entity *e = rule ? entity_of(r, row->uid) : NULL;
    if (!e && (!rule || !names_a_task(row->uid))) {
        take_session_row(r, row, component);
        return;
    }
    if (!e && !(e = radical_records_need(r, row->uid.text, row->uid.length)))
        return;
    double *at = noted_time(r, e, rule->event);
    r->gathered = false;
    note_generation(r, rule, row->time_s);
    e->is_task |= component != COMPONENT_ENTK && !rule->no_state;
    if (isnan(*at)) {
        if (rule->event == EVENT_AGENT_ARRIVED)
            e->arrival_row = number;
        else if (rule->event == EVENT_SCHEDULE_OK)
            e->placement_row = number;
        else if (rule->event == EVENT_CLIENT_SUBMITTED)
            e->submission_row = number;
    }
    set_time(r, at, rule, row);
    if (rule->event == EVENT_LAUNCH_START && component == COMPONENT_AGENT)
        note_executor(r, row->component);
    if (rule->state != STATE_UNKNOWN)
        note_final(e, at, rule, row->time_s);
}
