#include "traces/importer/radical_records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_records_impl.h"
#include "traces/importer/radical_requests.h"
#include "traces/importer/radical_uids.h"

struct radical_records *radical_records_new(void)
{
    struct radical_records *r = xcalloc(1, sizeof *r);
    radical_uids_init(&r->uids);
    radical_requests_init(&r->requests);
    r->totals.first_s = r->totals.last_s = r->totals.bootstrap_s = r->totals.pilot_active_s =
        r->totals.pilot_end_s = r->totals.queues_begun_s = r->totals.queues_ready_s = NAN;
    r->relative_start_s = r->relative_sync_s = r->sync_s = NAN;
    r->last_executor = SIZE_MAX;
    return r;
}

void radical_records_free(struct radical_records *r)
{
    if (!r)
        return;
    radical_uids_clear(&r->uids);
    radical_requests_clear(&r->requests);
    arena_clear(&r->times);
    for (int e = 0; e < SESSION_EVENTS; e++)
        free(r->columns[e].at);
    xfree(r->entities, r->runs);
    for (size_t i = 0; i < r->totals.n_executors; i++)
        free(r->executors[i]);
    free(r->executors);
    str_clear(&r->folder);
    free(r);
}

int radical_row_of(enum session_event event)
{
    return event == EVENT_CLIENT_SUBMITTED ? 0
           : event == EVENT_AGENT_ARRIVED  ? 1
           : event == EVENT_SCHEDULE_OK    ? 2
                                           : -1;
}

struct radical_entity *radical_records_known(struct radical_records *r, const char *uid,
                                             size_t length)
{
    size_t number = radical_uids_find(&r->uids, uid, length);
    return number == RADICAL_UIDS_NONE ? NULL : &r->entities[number];
}

struct radical_entity *radical_records_need(struct radical_records *r, const char *uid,
                                            size_t length)
{
    struct radical_entity *e = radical_records_known(r, uid, length);
    if (e)
        return e;
    if (r->uids.n >= RADICAL_MAX_ENTITIES) {
        r->totals.refused = true;
        return NULL;
    }
    xgrow(&r->entities, &r->room, r->uids.n + 1, sizeof *r->entities);
    size_t number = radical_uids_add(&r->uids, uid, length);
    r->entities[number] = (struct radical_entity){ .uid = r->uids.at[number].text,
                                                   .uid_length = (uint32_t)length,
                                                   .row = { UINT64_MAX, UINT64_MAX, UINT64_MAX } };
    r->gathered = false;
    return &r->entities[number];
}

static void column_grow(struct radical_column *c, size_t room)
{
    c->at = xrealloc(c->at, room, sizeof *c->at);
    for (; c->room < room; c->room++)
        c->at[c->room] = NAN;
}

double *radical_records_time(struct radical_records *r, const struct radical_entity *e,
                             enum session_event event)
{
    struct radical_column *c = &r->columns[event];
    size_t i = (size_t)(e - r->entities);
    if (i >= c->room)
        column_grow(c, r->room);
    return &c->at[i];
}

/* From columns to rows: a look at one task is then a look at one place. */
static void gather(struct radical_records *r)
{
    if (r->gathered || !r->uids.n)
        return;
    double *row = session_times_alloc(&r->times, r->uids.n);
    for (size_t i = 0; i < r->uids.n; i++, row += SESSION_EVENTS) {
        for (int e = 0; e < SESSION_EVENTS; e++)
            row[e] = i < r->columns[e].room ? r->columns[e].at[i] : (double)NAN;
        r->entities[i].at = row;
    }
    r->gathered = true;
}

struct radical_entity *radical_records_find(struct radical_records *r, const char *uid)
{
    gather(r);
    return radical_records_known(r, uid, strlen(uid));
}

size_t radical_records_count(const struct radical_records *r)
{
    return r->uids.n;
}

struct radical_entity *radical_records_at(struct radical_records *r, size_t i)
{
    gather(r);
    return &r->entities[i];
}

struct radical_requests *radical_records_requests(struct radical_records *r)
{
    return &r->requests;
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
