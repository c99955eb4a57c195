/* Samples of bulks: the client's cost of each, and the agent's polls that brought them. */
#include "traces/samples_impl.h"

#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"

/* bulks that arrived so close together came with one tick */
#define SAME_TICK_S 0.05

/* The client serves one bulk after the other: a bulk is taken up once it was submitted and the one
 * before has left. NAN if it is not known when: its submission was lost, or how long the one before
 * kept the client. */
static double taken_up(const struct session_bulk *b, double left_s, double left_by_s)
{
    bool before_is_known = is_known(left_s) || b->submitted_s >= left_by_s;
    return before_is_known ? later_of_both(b->submitted_s, known_or(left_s, left_by_s))
                           : (double)NAN;
}

void bulks_sample(struct samples *out, const struct session *s)
{
    double left_s = -INFINITY, left_by_s = -INFINITY;
    bool first = true;
    out->bulks = xcalloc(s->n_bulks + 1, sizeof *out->bulks);
    for (size_t b = 0; b < s->n_bulks; b++) {
        const struct session_bulk *bulk = &s->bulks[b];
        if (!is_known(client_left_by(bulk)))
            continue;
        double cost_s = bulk->pushed_s - taken_up(bulk, left_s, left_by_s);
        if (samples_accept(out, STATION_CLIENT_BASE, cost_s))
            out->bulks[out->n_bulks++] =
                (struct bulk_sample){ (double)bulk->n_tasks, cost_s, first };
        left_s = is_known(bulk->pushed_s) && is_known(left_s)
                     ? later_of_both(left_s, bulk->pushed_s)
                     : bulk->pushed_s;
        left_by_s = later_of_both(left_by_s, client_left_by(bulk));
        first = false;
    }
}

/* Ticks of the agent's poll, while they are gathered: when, and the shortest and longest latency of
 * the bulks that one brought. */
struct tick { double at_s, shortest_s, longest_s; };

/* Bulks that one tick brought are one observation: the base is above what the longest wait leaves,
 * below the shortest. */
static void add_tick(struct samples *out, const struct tick *tick)
{
    double period_s = out->period_s[POLL_AGENT], low = tick->longest_s - period_s,
           middle = (tick->shortest_s + tick->longest_s) / 2;
    if (!is_known(tick->at_s))
        return;
    if (low <= tick->shortest_s)
        samples_add(&out->of[STATION_AGENT], low, tick->shortest_s);
    else
        samples_add(&out->of[STATION_AGENT], middle - period_s, middle);
}

/* Since when the agent answers: the pilot is there; if that record was lost, behind the first
 * arrival, whose wait may be the pilot's. */
static double agent_answers(const struct session *s)
{
    double first = NAN;
    for (size_t b = 0; b < s->n_bulks; b++)
        first = earlier_known(first, s->bulks[b].arrived_s);
    return known_or(s->pilot_active_s, first);
}

/* A bulk that left before the agent could answer waited for that, and says nothing. */
static double agent_latency(const struct session_bulk *bulk, double answers_s)
{
    bool waited = is_known(answers_s) && is_known(bulk->pushed_s) && bulk->pushed_s < answers_s;
    return waited || !is_known(client_left_by(bulk)) ? (double)NAN
                                                     : bulk->arrived_s - bulk->pushed_s;
}

/* Of each tick the one that waited longest. */
static void refute_agent_poll(struct samples *out, const struct session *s, double answers_s)
{
    struct waits w = { 0, 0 };
    for (size_t b = 0; b < s->n_bulks; b++)
        if (b == 0 || !(fabs(s->bulks[b].arrived_s - s->bulks[b - 1].arrived_s) < SAME_TICK_S))
            samples_count_wait(&w, agent_latency(&s->bulks[b], answers_s),
                               out->period_s[POLL_AGENT]);
    samples_refute_poll(out, POLL_AGENT, &w);
}

void agent_sample(struct samples *out, const struct session *s)
{
    double answers_s = agent_answers(s);
    refute_agent_poll(out, s, answers_s);
    struct tick tick = { NAN, NAN, NAN };
    for (size_t b = 0; b < s->n_bulks; b++) {
        const struct session_bulk *bulk = &s->bulks[b];
        double latency_s = agent_latency(bulk, answers_s);
        bool waited = is_known(answers_s) && bulk->pushed_s < answers_s;
        if (waited || !is_known(client_left_by(bulk)) ||
            !samples_accept(out, STATION_AGENT, latency_s))
            continue;
        if (!is_known(tick.at_s) || fabs(bulk->arrived_s - tick.at_s) >= SAME_TICK_S) {
            add_tick(out, &tick);
            tick = (struct tick){ NAN, NAN, NAN };
        }
        tick = (struct tick){ bulk->arrived_s, earlier_known(tick.shortest_s, latency_s),
                              later_known(tick.longest_s, latency_s) };
    }
    add_tick(out, &tick);
}
