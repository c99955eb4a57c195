/* Takes the records of profiles, one by one: the time of a task's event goes into its column,
 * what is about the session or shows a generation into the totals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "traces/importer/radical_records.h"
#include "traces/importer/radical_records_impl.h"
#include "traces/importer/radical_requests.h"

enum { MAX_UID_BYTES = 512, MAX_EXECUTORS = 4096 };

/* the same record in two files differs by no more */
static const double duplicate_s = 1e-6;

static void latest(double *at, double time_s)
{
    if (!(*at >= time_s))
        *at = time_s;
}

static void earliest(double *at, double time_s)
{
    if (!(*at <= time_s))
        *at = time_s;
}

static void add_run(struct radical_records *r, double time_s)
{
    for (size_t i = 0; i < r->totals.n_runs; i++)
        if (fabs(r->runs[i] - time_s) <= duplicate_s)
            return;
    if (r->totals.n_runs >= RADICAL_MAX_ENTITIES / 1000)
        return;
    xgrow(&r->runs, &r->runs_room, r->totals.n_runs + 1, sizeof *r->runs);
    r->runs[r->totals.n_runs++] = time_s;
    qsort(r->runs, r->totals.n_runs, sizeof *r->runs, sort_by_double);
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
static void take_session_row(struct radical_records *r, const struct radical_row *row,
                             enum radical_component component)
{
    if (slice_is(row->event, "sync_abs") || slice_is(row->event, "sync abs"))
        note_clock(r, row->message);
    else if (component == COMPONENT_ENTK && slice_is(row->event, "amgr run started"))
        add_run(r, row->time_s);
    else if (component == COMPONENT_ENTK && slice_is(row->event, "mqs_setup_start"))
        earliest(&r->totals.queues_begun_s, row->time_s);
    else if (component == COMPONENT_ENTK && slice_is(row->event, "mqs_setup_stop"))
        earliest(&r->totals.queues_ready_s, row->time_s);
    else if (component == COMPONENT_PILOT && slice_is(row->event, "bootstrap_0_start"))
        earliest(&r->totals.bootstrap_s, row->time_s);
    else if (component == COMPONENT_PILOT && slice_is(row->event, "bootstrap_0_stop"))
        latest(&r->totals.pilot_end_s, row->time_s);
    else if (component == COMPONENT_AGENT && slice_is(row->event, "sync_rel"))
        earliest(&r->sync_s, row->time_s);
    else if (slice_is(row->state, "PMGR_ACTIVE") && slice_is(row->event, "advance"))
        earliest(&r->totals.pilot_active_s, row->time_s);
}

static void note_generation(struct radical_records *r, const struct radical_rule *rule,
                            double time_s)
{
    r->totals.saw_spawn |= rule->generation == GENERATION_SPAWN;
    r->totals.saw_unit |= rule->generation == GENERATION_UNIT;
    r->totals.saw_task_script |= rule->generation == GENERATION_TASK;
    r->totals.saw_rank |= rule->generation == GENERATION_RANK;
    if (rule->event == EVENT_NODE_START || rule->event == EVENT_NODE_STOP)
        r->totals.node_subsecond |= time_s != floor(time_s);
}

static void note_final(struct radical_entity *e, double *at, const struct radical_rule *rule,
                       double time_s)
{
    uint8_t *state = rule->event == EVENT_CLIENT_DONE ? &e->client_state : &e->agent_state;
    if (*state == STATE_CANCELED && rule->state != STATE_CANCELED)
        *at = time_s;                    /* a cancellation that came too late */
    if (*state == STATE_UNKNOWN || *state == STATE_CANCELED)
        *state = (uint8_t)rule->state;
}

static void set_time(struct radical_records *r, double *at, const struct radical_rule *rule,
                     const struct radical_row *row)
{
    if (isnan(*at)) {
        *at = row->time_s;
        return;
    }
    r->totals.conflicts += fabs(*at - row->time_s) > duplicate_s && rule->keep == KEEP_FIRST &&
                           rule->state == STATE_UNKNOWN;
    if (rule->keep == KEEP_LAST ? row->time_s > *at
                                : row->time_s < *at && rule->keep == KEEP_FIRST_OF_TWO)
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
    return uid.length && uid.length < MAX_UID_BYTES &&
           (uid.length < 6 || memcmp(uid.text, "pilot.", 6) != 0);
}

void radical_records_begin_file(struct radical_records *r, const char *path)
{
    str_clear(&r->folder);
    r->last_executor = SIZE_MAX;
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1)
        if (str_starts(path, "pilot.") || str_starts(path, "agent"))
            str_add_n(&r->folder, path, (size_t)(slash + 1 - path));
}

static bool is_executor(const struct radical_records *r, size_t i, struct text_slice component)
{
    const char *name = r->executors[i];
    size_t n = r->folder.length;
    return (!n || !strncmp(name, r->folder.text, n)) && strlen(name) == n + component.length &&
           !memcmp(name + n, component.text, component.length);
}

/* Counts each executor once, by its whole name: "agent_executing.0003",
 * "agent_1.executing.0.child", the same component of another sub-agent or pilot. Of a profile that
 * lies in two folders the second has no launch that is new. */
static void note_executor(struct radical_records *r, struct text_slice component)
{
    if (r->last_executor != SIZE_MAX && is_executor(r, r->last_executor, component))
        return;
    size_t i = 0;
    while (i < r->totals.n_executors && !is_executor(r, i, component))
        i++;
    if (i == MAX_EXECUTORS)
        return;
    r->last_executor = i;
    if (i < r->totals.n_executors)
        return;
    xgrow(&r->executors, &r->executors_room, i + 1, sizeof *r->executors);
    r->executors[i] = str_format("%s%.*s", r->folder.length ? r->folder.text : "",
                                 (int)component.length, component.text);
    r->totals.n_executors++;
}

/* A row whose uid is UTF-8. */
static void add_row(struct radical_records *r, const struct radical_row *row)
{
    uint64_t number = ++r->totals.rows;
    enum radical_component component = radical_component_of(row->component);
    earliest(&r->totals.first_s, row->time_s);
    latest(&r->totals.last_s, row->time_s);
    const struct radical_rule *rule = radical_rule_of(row, component);
    /* names a task, for only such became one */
    struct radical_entity *e =
        rule ? radical_records_known(r, row->uid.text, row->uid.length) : NULL;
    if (!e && (!rule || !names_a_task(row->uid))) {
        take_session_row(r, row, component);
        if (!rule)
            radical_requests_add(&r->requests, row);
        return;
    }
    if (!e && !(e = radical_records_need(r, row->uid.text, row->uid.length)))
        return;
    double *at = radical_records_time(r, e, rule->event);
    r->gathered = false;
    note_generation(r, rule, row->time_s);
    e->is_task |= component != COMPONENT_ENTK && !rule->no_state;
    int row_of = isnan(*at) ? radical_row_of(rule->event) : -1;
    if (row_of >= 0)
        e->row[row_of] = number;
    if (rule->event == EVENT_LAUNCH_START && component == COMPONENT_AGENT && isnan(*at))
        note_executor(r, row->component);
    set_time(r, at, rule, row);
    r->totals.dotted_components |=
        component == COMPONENT_AGENT && slice_begins(row->component, "agent_0.");
    r->totals.submissions +=
        rule->event == EVENT_CLIENT_NEW || rule->event == EVENT_CLIENT_SUBMITTED;
    r->totals.launches += rule->event == EVENT_SCHEDULE_OK || rule->event == EVENT_LAUNCH_START;
    if (rule->state != STATE_UNKNOWN)
        note_final(e, at, rule, row->time_s);
}

/* Stray bytes of a uid are written as \\xNN, as they are in JSON that was mended. */
void radical_records_add(struct radical_records *r, const struct radical_row *row)
{
    if (utf8_is_valid(row->uid.text, row->uid.length)) {
        add_row(r, row);
        return;
    }
    struct radical_row escaped = *row;
    struct str uid = { 0 };
    utf8_add_escaped(&uid, row->uid.text, row->uid.length);
    escaped.uid = (struct text_slice){ uid.text, uid.length };
    add_row(r, &escaped);
    str_clear(&uid);
}
