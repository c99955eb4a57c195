#include "validation/replay_run.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "drive/event_queue.h"
#include "scheduling/dispatch.h"
#include "validation/replay_run_impl.h"

/* Frees this close together were one turn of the loop; a whole turn takes longer. */
static const double same_turn_s = 0.001;
/* So are those of a bulk that takes longer to free, if the session placed nothing between. */
static const double same_bulk_s = 0.02;
/* What a turn takes in which something moved, before the next begins. */
static const double busy_turn_s = 0.002;
/* Turns granted to tasks that still wait when nothing will ever happen again. */
enum { LAST_TURNS = 64 };

struct arrival { double time_s; uint32_t order, record; };
/* of a node that is not there from the start */
struct join { double time_s; uint32_t node; };

/* Many members: the state of one replayed session. */
struct run {
    const struct session *session;
    const struct replay_clock *clock;
    size_t n_missed;                     /* of those that count for the clock */
    struct dispatch *dispatch;
    struct replay_outcome *out;
    struct event_queue *frees;           /* subject: record */
    struct event next_free;              /* taken from the queue; time INFINITY: none */
    struct arrival *arrivals;
    size_t n_arrivals, next_arrival;
    struct join *joins;                  /* ascending */
    size_t n_joins, next_join;
    double *placed_s;                    /* by the session, ascending */
    size_t n_placed;
    uint32_t *record_of_task, *grant;    /* grant: of each record */
    bool retry;
    bool named;                          /* of a plain session: it says where tasks ran */
};

SORT_BY_2(by_time, struct arrival, time_s, order)

static void list_arrivals(struct run *r)
{
    const struct timeline *t = r->session->timeline;
    r->arrivals = xcalloc(t->n, sizeof *r->arrivals);
    for (size_t i = 0; i < t->n; i++)
        if (!isnan(t->records[i].arrived_s))
            r->arrivals[r->n_arrivals++] =
                (struct arrival){ t->records[i].arrived_s, r->session->tasks[i].arrival,
                                  (uint32_t)i };
    qsort(r->arrivals, r->n_arrivals, sizeof *r->arrivals, by_time);
}

static double next_arrival_s(const struct run *r)
{
    return r->next_arrival < r->n_arrivals ? r->arrivals[r->next_arrival].time_s : INFINITY;
}

static void take_next_free(struct run *r)
{
    if (!event_queue_pop(r->frees, &r->next_free))
        r->next_free.time_s = INFINITY;
}

static void push_free(struct run *r, double time_s, uint32_t record)
{
    struct event ev = { .time_s = time_s, .subject = record };
    if (ev.time_s >= r->next_free.time_s) {
        event_queue_push(r->frees, ev);
        return;
    }
    if (r->next_free.time_s < INFINITY)
        event_queue_push(r->frees, r->next_free);
    r->next_free = ev;
}

static void feed_arrivals(struct run *r, double until_s)
{
    for (; next_arrival_s(r) <= until_s; r->next_arrival++) {
        uint32_t record = r->arrivals[r->next_arrival].record,
                 task = r->session->timeline->records[record].task;
        int set = workflow_set_of_task(r->session->workflow, task);
        r->record_of_task[task] = record;
        dispatch_ready(r->dispatch, (uint32_t)set,
                       task - r->session->workflow->sets[set].first_task, 1,
                       timeline_attempt(r->session->timeline, record));
    }
}

static void list_placements(struct run *r)
{
    const struct timeline *t = r->session->timeline;
    r->placed_s = xcalloc(t->n + 1, sizeof *r->placed_s);
    for (size_t i = 0; i < t->n; i++)
        if (!isnan(t->records[i].scheduled_s))
            r->placed_s[r->n_placed++] = t->records[i].scheduled_s;
    qsort(r->placed_s, r->n_placed, sizeof *r->placed_s, sort_by_double);
}

static bool placed_between(const struct run *r, double from_s, double to_s)
{
    size_t before;
    SORT_COUNT_IF(before, r->n_placed, i, r->placed_s[i] < from_s);
    return before < r->n_placed && r->placed_s[before] < to_s;
}

/* Whether the next one belongs to the turn that freed one at that time. */
static bool in_same_turn(const struct run *r, double last_s, double window_s)
{
    double next_s = r->next_free.time_s;
    if (next_s == INFINITY || next_s <= last_s + window_s)
        return next_s < INFINITY;
    return window_s > 0 && next_s <= last_s + same_bulk_s && !placed_between(r, last_s, next_s);
}

/* Returns the time of the last one. */
static double feed_frees(struct run *r, double window_s)
{
    double last_s = r->next_free.time_s;
    for (; in_same_turn(r, last_s, window_s); take_next_free(r)) {
        last_s = r->next_free.time_s;
        dispatch_freed(r->dispatch, r->grant[r->next_free.subject]);
    }
    return last_s;
}

static void note_placed(struct run *r, uint32_t task, uint32_t grant, double now_s)
{
    uint32_t record = r->record_of_task[task];
    const struct timeline_record *measured = &r->session->timeline->records[record];
    r->out->scheduled_s[record] = now_s;
    r->out->slots[record] = !session_is_plain(r->session)
                                ? replay_slots_of_grant(dispatch_pool(r->dispatch), grant)
                            : r->named ? replay_nodes_of_grant(dispatch_pool(r->dispatch), grant)
                                       : REPLAY_ANYWHERE;
    if (r->clock->measured && r->clock->counts[record])
        r->n_missed += r->out->slots[record] != r->clock->measured->slots[record];
    r->grant[record] = grant;
    if (isnan(measured->freed_s))
        return;
    push_free(r,
              measured->freed_s > now_s ? measured->freed_s
                                        : now_s + measured->freed_s - measured->scheduled_s,
              record);
}

static void note_decision(struct run *r, const struct decision *d, double now_s)
{
    uint32_t first = r->session->workflow->sets[d->set].first_task + d->task;
    for (uint32_t i = 0; i < d->count; i++)
        note_placed(r, first + i, d->grant + i, now_s);
}

SORT_BY_2(by_join, struct join, time_s, node)

static void list_joins(struct run *r)
{
    const struct platform *p = r->session->platform;
    r->joins = xcalloc(p->n_nodes, sizeof *r->joins);
    for (uint32_t i = 0; i < p->n_nodes; i++) {
        double time_s = platform_node(p, i)->joins_s;
        if (!(time_s > 0))
            continue;
        r->joins[r->n_joins++] = (struct join){ time_s, i };
        dispatch_drain_node(r->dispatch, i);
    }
    qsort(r->joins, r->n_joins, sizeof *r->joins, by_join);
}

static double next_join_s(const struct run *r)
{
    return r->next_join < r->n_joins ? r->joins[r->next_join].time_s : INFINITY;
}

static void feed_joins(struct run *r, double until_s)
{
    while (next_join_s(r) <= until_s)
        dispatch_return_node(r->dispatch, r->joins[r->next_join++].node);
}

/* One pass; whether it placed anything. */
static bool pass(struct run *r, double now_s)
{
    size_t n;
    feed_joins(r, now_s);
    const struct decision *decisions = dispatch_pass(r->dispatch, now_s, &n, &r->retry);
    for (size_t i = 0; i < n; i++)
        note_decision(r, &decisions[i], now_s);
    return n > 0;
}

static bool gives_up(const struct run *r)
{
    return r->clock->measured && r->n_missed > r->clock->most_missed;
}

static void run_at_events(struct run *r)
{
    while (!gives_up(r)) {
        double now_s = fmin(next_arrival_s(r), fmin(r->next_free.time_s, next_join_s(r)));
        if (now_s == INFINITY)
            return;
        feed_arrivals(r, now_s);
        if (r->next_free.time_s == now_s)
            feed_frees(r, 0);
        pass(r, now_s);
    }
}

/* The loop's turns: at the measured instants of frees, and every period between. */
static void run_by_clock(struct run *r)
{
    int last_turns = LAST_TURNS;
    double turn_s = next_arrival_s(r), period_s = r->clock->period_s;
    while (!gives_up(r)) {
        double event_s = fmin(next_arrival_s(r), fmin(r->next_free.time_s, next_join_s(r)));
        if (event_s == INFINITY && (!r->retry || last_turns-- == 0))
            return;
        if (!r->retry && event_s > turn_s + period_s && event_s < INFINITY)
            /* turns in which nothing could happen */
            turn_s += floor((event_s - turn_s) / period_s) * period_s;
        double now_s = turn_s, took_s = 0;
        if (r->next_free.time_s <= turn_s + period_s / 2) {
            feed_arrivals(r, r->next_free.time_s);
            now_s = feed_frees(r, same_turn_s);
            took_s = busy_turn_s;
        } else {
            feed_arrivals(r, turn_s);
        }
        took_s += pass(r, now_s) ? busy_turn_s : 0;
        turn_s = now_s + took_s + period_s;
    }
}

int replay_run(const struct session *s, const struct scheduler_options *options,
               struct replay_clock clock, struct replay_outcome *out, struct error *err)
{
    struct run r = { .session = s,
                     .clock = &clock,
                     .out = out,
                     .next_free = { .time_s = INFINITY } };
    r.named = session_is_plain(s) && timeline_has_slots(s->timeline);
    r.dispatch = dispatch_new(s->workflow, s->platform, options, err);
    if (!r.dispatch)
        return -1;
    replay_outcome_init(out, s->timeline->n);
    r.frees = event_queue_new();
    r.record_of_task = xcalloc(s->workflow->n_tasks, sizeof *r.record_of_task);
    r.grant = xcalloc(s->timeline->n, sizeof *r.grant);
    list_arrivals(&r);
    list_placements(&r);
    list_joins(&r);
    if (clock.period_s > 0)
        run_by_clock(&r);
    else
        run_at_events(&r);
    out->given_up = gives_up(&r);
    xfree(r.arrivals, r.joins, r.placed_s, r.grant, r.record_of_task);
    event_queue_free(r.frees);
    dispatch_free(r.dispatch);
    return 0;
}
