#include "core/timeline.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/timeline_impl.h"

const enum instant timeline_instants[TIMELINE_INSTANTS] = {
    INSTANT_SUBMITTED, INSTANT_ARRIVED, INSTANT_SCHEDULED, INSTANT_LAUNCHED,
    INSTANT_STARTED, INSTANT_STOPPED, INSTANT_FREED, INSTANT_NOTIFIED,
};

const char *task_status_name(enum task_status s)
{
    static const char *const names[] = { "done", "failed", "killed", "cancelled", "cut" };

    return names[s];
}

struct timeline *timeline_new(const struct workflow *w, const struct platform *p)
{
    struct timeline *t = xcalloc(1, sizeof *t);
    t->workflow = w;
    t->platform = p;
    timeline_clear(t);
    return t;
}

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    xfree(t->records, t->status, t->attempt, t->launched_s, t->arena);
    timeline_phases_free(t->phases);
    workflow_free(t->session);
    free(t);
}

void timeline_clear(struct timeline *t)
{
    t->n = 0;
    t->arena_length = 0;
    t->session_start_s = t->session_end_s = NAN;
    xfree(t->attempt, t->launched_s);
    t->attempt = NULL;
    t->launched_s = NULL;
    timeline_phases_clear(t->phases);
}

/* Room for one more record in every column that is in use. */
static void make_room(struct timeline *t)
{
    size_t room = t->room;
    xgrow(&t->records, &room, t->n + 1, sizeof *t->records);
    if (room == t->room)
        return;
    t->room = room;
    t->status = xrealloc(t->status, room, sizeof *t->status);
    if (t->attempt)
        t->attempt = xrealloc(t->attempt, room, sizeof *t->attempt);
    if (t->launched_s)
        t->launched_s = xrealloc(t->launched_s, room, sizeof *t->launched_s);
}

size_t timeline_add(struct timeline *t, const struct timeline_record *r, enum task_status status,
                    unsigned attempt)
{
    size_t i = t->n;
    make_room(t);
    t->n++;
    t->records[i] = *r;
    t->records[i].slots = TIMELINE_NO_SLOTS;
    t->status[i] = (uint8_t)status;
    if (attempt > 0 && !t->attempt)
        t->attempt = xcalloc(t->room, sizeof *t->attempt);
    if (t->attempt)
        t->attempt[i] = attempt < UINT8_MAX ? (uint8_t)attempt : UINT8_MAX;
    if (t->launched_s)
        t->launched_s[i] = NAN;
    return i;
}

/* Where the instant is in a record; NULL: in none. */
static double *field_of(struct timeline_record *r, enum instant i)
{
    switch (i) {
    case INSTANT_SUBMITTED: return &r->submitted_s;
    case INSTANT_ARRIVED: return &r->arrived_s;
    case INSTANT_SCHEDULED: return &r->scheduled_s;
    case INSTANT_STARTED: return &r->started_s;
    case INSTANT_STOPPED: return &r->stopped_s;
    case INSTANT_FREED: return &r->freed_s;
    case INSTANT_NOTIFIED: return &r->notified_s;
    default: return NULL;
    }
}

double timeline_at(const struct timeline *t, size_t record, enum instant i)
{
    const double *at = field_of(&t->records[record], i);
    if (i == INSTANT_LAUNCHED && t->launched_s)
        at = &t->launched_s[record];
    return at ? *at : (double)NAN;
}

static void set_launched(struct timeline *t, size_t record, double launched_s)
{
    if (!t->launched_s && isnan(launched_s))
        return;
    if (!t->launched_s) {
        t->launched_s = xcalloc(t->room, sizeof *t->launched_s);
        for (size_t i = 0; i < t->n; i++)
            t->launched_s[i] = NAN;
    }
    t->launched_s[record] = launched_s;
}

void timeline_set_at(struct timeline *t, size_t record, enum instant i, double at_s)
{
    assert(record < t->n);
    double *field = field_of(&t->records[record], i);

    assert(field || i == INSTANT_LAUNCHED);
    if (field)
        *field = at_s;
    else
        set_launched(t, record, at_s);
}

void timeline_add_copy(struct timeline *t, const struct timeline *from, size_t record)
{
    const struct timeline_record *r = &from->records[record];
    size_t i =
        timeline_add(t, r, (enum task_status)from->status[record], timeline_attempt(from, record));
    set_launched(t, i, timeline_at(from, record, INSTANT_LAUNCHED));
    timeline_copy_phases(t, from, record, 0);
    if (r->slots == TIMELINE_NO_SLOTS)
        return;
    size_t length = timeline_slots_length(from, record);

    assert(t->arena_length + length < TIMELINE_NO_SLOTS);
    xgrow(&t->arena, &t->arena_room, t->arena_length + length, sizeof *t->arena);
    memcpy(t->arena + t->arena_length, from->arena + r->slots, length * sizeof *t->arena);
    t->records[i].slots = (uint32_t)t->arena_length;
    t->arena_length += length;
}

void timeline_drop_first(struct timeline *t, size_t n)
{
    struct timeline *rest = timeline_new(t->workflow, t->platform), all = *t;
    assert(n <= t->n);
    rest->session_start_s = t->session_start_s;
    rest->session_end_s = t->session_end_s;
    for (size_t i = n; i < t->n; i++)
        timeline_add_copy(rest, t, i);
    *t = *rest;
    *rest = all;
    timeline_free(rest);
}

unsigned timeline_attempt(const struct timeline *t, size_t record)
{
    return t->attempt ? t->attempt[record] : 0;
}

bool timeline_is_of_service(const struct timeline *t, size_t record)
{
    const struct workflow *w = t->workflow;
    return w && w->n_services > 0 &&
           w->sets[workflow_set_of_task(w, t->records[record].task)].traits->service.serves;
}

double timeline_first_start(const struct timeline *t)
{
    double first_s = NAN;
    for (size_t i = 0; i < t->n; i++)
        if (!timeline_is_of_service(t, i))
            first_s = fmin(first_s, t->records[i].started_s);    /* fmin() passes over NAN */
    return first_s;
}

double timeline_last_stop(const struct timeline *t)
{
    double last_s = NAN;
    for (size_t i = 0; i < t->n; i++)
        if (!timeline_is_of_service(t, i))
            last_s = fmax(last_s, t->records[i].stopped_s);
    return last_s;
}

double timeline_makespan(const struct timeline *t)
{
    return timeline_last_stop(t) - timeline_first_start(t);
}

size_t *timeline_last_attempts(const struct timeline *t)
{
    size_t *record = xmalloc((t->workflow->n_tasks + 1) * sizeof *record);
    for (uint32_t i = 0; i < t->workflow->n_tasks; i++)
        record[i] = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++) {
        size_t *at = &record[t->records[i].task];
        if (*at == SIZE_MAX || timeline_attempt(t, i) > timeline_attempt(t, *at))
            *at = i;
    }
    return record;
}
