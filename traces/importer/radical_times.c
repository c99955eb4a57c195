#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/quantity.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"


double radical_first_time(const struct radical_entity *e)
{
    double first = NAN;
    for (int i = 0; i < SESSION_EVENTS; i++)
        first = earlier_known(first, e->at[i]);
    return first;
}

double radical_median(double *values, size_t n)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            values[known++] = values[i];
    sort_doubles(values, known);
    return known ? values[known / 2] : (double)NAN;
}

/* The median of the tasks' first times: what a few broken clocks cannot move. NAN without any. */
static double typical_time(const struct radical *r)
{
    double *first = xcalloc(r->n + 1, sizeof *first);
    for (size_t i = 0; i < r->n; i++)
        first[i] = radical_first_time(r->tasks[i].entity);
    double median = radical_median(first, r->n);
    free(first);
    return median;
}

static bool believable(double time_s, double typical_s)
{
    return fabs(time_s - typical_s) <= QUANTITY_YEAR_S;           /* false for NAN */
}

/* Drops what lies more than a year off, finds the session's zero, and makes all times relative to
 * it. */
static void set_zero(struct radical *r)
{
    struct session *s = r->session;
    double typical = typical_time(r), zero = typical;
    size_t dropped = 0;
    if (isnan(typical))
        return;
    for (size_t i = 0; i < r->n; i++) {
        double *at = r->tasks[i].entity->at;
        for (int e = 0; e < SESSION_EVENTS; e++) {
            if (!isnan(at[e]) && !believable(at[e], typical)) {
                at[e] = NAN;
                dropped++;
            } else if (at[e] < zero) {
                zero = at[e];
            }
        }
    }
    session_note(s, dropped, "times", "more than a year away from the others");
    const double others[] = { r->totals.first_s, r->totals.bootstrap_s, r->totals.pilot_active_s };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (believable(others[i], typical) && others[i] < zero)
            zero = others[i];
    for (size_t i = 0; i < r->n; i++)
        for (int e = 0; e < SESSION_EVENTS; e++)
            r->tasks[i].entity->at[e] -= zero;
    s->zero_epoch_s = zero;
    s->bootstrap_s =
        believable(r->totals.bootstrap_s, typical) ? r->totals.bootstrap_s - zero : (double)NAN;
    s->pilot_end_s =
        believable(r->totals.pilot_end_s, typical) ? r->totals.pilot_end_s - zero : (double)NAN;
    s->n_executors = r->totals.n_executors;
    s->pilot_active_s = believable(r->totals.pilot_active_s, typical)
                            ? r->totals.pilot_active_s - zero
                            : (double)NAN;
    s->clock_offset_s = r->totals.clock_offset_s;
    s->broker_s = r->totals.queues_ready_s - r->totals.queues_begun_s;
    r->totals.last_s =
        believable(r->totals.last_s, typical) ? r->totals.last_s - zero : (double)NAN;
}

struct clock_events { enum session_event start, stop; };

/* Before 0.5 the script that runs a task on its node records no end of its own. */
static struct clock_events clock_events(enum session_clock clock, const struct radical_task *t)
{
    bool ended = !isnan(t->entity->at[EVENT_NODE_STOP]);
    switch (clock) {
    case CLOCK_NODE:
        return (struct clock_events){ EVENT_NODE_START, ended ? EVENT_NODE_STOP : EVENT_EXEC_STOP };
    case CLOCK_RANK: return (struct clock_events){ EVENT_RANK_START, EVENT_RANK_STOP };
    case CLOCK_STATES: return (struct clock_events){ EVENT_STATE_EXECUTING, EVENT_STATE_EXECUTED };
    default: return (struct clock_events){ EVENT_LAUNCH_START, EVENT_AGENT_STOP };
    }
}

static bool try_clock(struct radical_task *t, enum session_clock clock, bool need_stop)
{
    struct clock_events e = clock_events(clock, t);
    if (isnan(t->entity->at[e.start]) || (need_stop && isnan(t->entity->at[e.stop])))
        return false;
    t->clock = clock;
    t->started_s = t->entity->at[e.start];
    t->stopped_s = t->entity->at[e.stop];
    return true;
}

/* Start and stop by the best clock that knows both, else by the best that knows the start. */
static void set_clock(const struct radical *r, struct radical_task *t)
{
    enum session_clock order[SESSION_CLOCKS];
    size_t n = 0;
    if (r->session->generation == GENERATION_RANK)
        order[n++] = CLOCK_RANK;
    if (r->totals.node_subsecond)
        order[n++] = CLOCK_NODE;
    order[n++] = CLOCK_AGENT;
    order[n++] = CLOCK_STATES;
    t->started_s = t->stopped_s = NAN;
    for (int need_stop = 1; need_stop >= 0 && t->clock == CLOCK_NONE; need_stop--)
        for (size_t i = 0; i < n && t->clock == CLOCK_NONE; i++)
            try_clock(t, order[i], need_stop);
}

static bool stopped_by_itself(const struct radical_task *t)
{
    const double *at = t->entity->at;
    return !isnan(at[EVENT_NODE_STOP]) || !isnan(at[EVENT_RANK_STOP]) ||
           !isnan(at[EVENT_EXEC_STOP]);
}

static enum task_status status_of(const struct radical_task *t)
{
    enum radical_state state = t->entity->client_state ? t->entity->client_state
                             : t->json_state ? t->json_state : t->entity->agent_state;
    bool bad_exit = t->exit_code != 0 && t->exit_code != INT_MIN;
    switch (state) {
    case STATE_DONE: return TASK_DONE;
    case STATE_FAILED: return TASK_FAILED;
    case STATE_CANCELED: /* a session that closes cancels also what has ended and was not yet told
                          */
        if (stopped_by_itself(t) && !bad_exit)
            return TASK_DONE;
        return isnan(t->started_s) ? TASK_CANCELLED : TASK_KILLED;
    default:
        if (isnan(t->entity->at[EVENT_AGENT_STOP]) && isnan(t->entity->at[EVENT_STATE_EXECUTED]) &&
            !stopped_by_itself(t))
            return TASK_CUT;
        return bad_exit ? TASK_FAILED : TASK_DONE;
    }
}

static void set_starts_and_stops(struct radical *r)
{
    size_t backwards = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        set_clock(r, t);
        if (t->stopped_s < t->started_s) {
            t->stopped_s = NAN;
            backwards++;
        }
        t->status = status_of(t);
    }
    session_note(r->session, backwards, "tasks that stop before they start",
                 "their stop is not used");
}

/* Attempts of one task share its label; the earliest is attempt 0. */
static int compare_attempts(const void *a, const void *b)
{
    const struct radical_task *x = *(const struct radical_task *const *)a,
                              *y = *(const struct radical_task *const *)b;
    int labels = strcmp(x->label, y->label);
    if (labels)
        return labels;
    double first = radical_first_time(x->entity), second = radical_first_time(y->entity);
    if (first != second && !(isnan(first) && isnan(second)))
        return isnan(first) ? 1 : isnan(second) ? -1 : first < second ? -1 : 1;
    return strcmp(x->uid, y->uid);
}

struct radical_task **radical_all(struct radical *r)
{
    struct radical_task **list = xcalloc(r->n + 1, sizeof *list);
    for (size_t i = 0; i < r->n; i++)
        list[i] = &r->tasks[i];
    return list;
}

static void number_attempts(struct radical *r)
{
    struct radical_task **list = radical_all(r);
    sort_items(list, r->n, sizeof *list, compare_attempts);
    for (size_t i = 0; i < r->n; i++) {
        bool again = i && str_equal(list[i]->label, list[i - 1]->label);
        list[i]->attempt = again ? list[i - 1]->attempt + 1 : 0;
        list[i]->last_attempt = true;
        if (again)
            list[i - 1]->last_attempt = false;
    }
    free(list);
}

int radical_compare_times(double a, double b, uint64_t row_a, uint64_t row_b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    if (a != b)
        return a < b ? -1 : 1;
    return (row_a > row_b) - (row_a < row_b);
}

int radical_compare_submissions(const struct radical_task *a, const struct radical_task *b)
{
    int row = radical_row_of(EVENT_CLIENT_SUBMITTED);
    return radical_compare_times(a->entity->at[EVENT_CLIENT_SUBMITTED],
                                 b->entity->at[EVENT_CLIENT_SUBMITTED], a->entity->row[row],
                                 b->entity->row[row]);
}

void radical_sort(struct radical_task **list, size_t n,
                  uint64_t (*key)(const struct radical_task *))
{
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ .key = key(list[i]), .item = i };
    sort_by_keys(list, n, sizeof *list, keys);
    free(keys);
}

uint64_t radical_by_uid(const struct radical_task *t)
{
    return (uintptr_t)t;
}

void radical_sort_by_event(struct radical_task **list, size_t n, enum session_event event)
{
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    int row = radical_row_of(event);
    for (size_t i = 0; i < n; i++) {
        const struct radical_entity *e = list[i]->entity;
        keys[i] = (struct sort_key){ isnan(e->at[event]) ? 0 : e->row[row], i };
    }
    sort_by_keys(list, n, sizeof *list, keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ sort_key_of(list[i]->entity->at[event]), i };
    sort_by_keys(list, n, sizeof *list, keys);
    free(keys);
}

static void rank_arrivals(struct radical *r)
{
    static const enum session_event events[] = { EVENT_AGENT_ARRIVED, EVENT_SCHEDULE_OK };
    for (size_t k = 0; k < sizeof events / sizeof *events; k++) {
        struct radical_task **list = radical_all(r);
        radical_sort_by_event(list, r->n, events[k]);
        for (size_t i = 0; i < r->n; i++) {
            uint32_t *rank = k == 0 ? &list[i]->arrival : &list[i]->placement;
            *rank = isnan(list[i]->entity->at[events[k]]) ? SESSION_NEVER : (uint32_t)i;
        }
        free(list);
    }
}

void radical_times(struct radical *r)
{
    set_zero(r);
    set_starts_and_stops(r);
    radical_hold_services(r);
    number_attempts(r);
    rank_arrivals(r);
}
