#include "traces/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/broker.h"
#include "traces/latencies.h"
#include "traces/samples_impl.h"

#define NO_POLL 1e-6                     /* chance below which waits refute a poll */

/* RADICAL-Pilot's defaults, s; the agent's is also in its configuration. */
static const double default_period_s[STATION_POLLS] = {
    [POLL_AGENT] = 2,  [POLL_SCHEDULE] = 0.1, [POLL_DETECT] = 0.1,
    [POLL_FREE] = 0.1, [POLL_NOTIFY] = 1,
};

void samples_add(struct sample_list *list, double low, double high)
{
    xgrow(&list->at, &list->room, list->n + 1, sizeof *list->at);
    list->at[list->n++] = (struct fit_sample){ low, high };
}

bool samples_accept(struct samples *out, enum station_parameter p, double latency_s)
{
    if (!is_known(latency_s))
        out->n_lost[p]++;
    else if (latency_s < 0)
        out->n_contrary++;
    return is_known(latency_s) && latency_s >= 0;
}

/* A latency that ended at a tick of a poll of this period (0: no poll, then it is what was seen).
 */
static void add_polled(struct samples *out, enum station_parameter p, double latency_s,
                       double period_s)
{
    if (samples_accept(out, p, latency_s))
        samples_add(&out->of[p], latency_s - period_s, latency_s);
}

/* ---- polls that are none ---- */

void samples_refute_poll(struct samples *out, enum station_poll p, const struct waits *w)
{
    if (w->n > 0 && w->short_ones > 0 && 2 * w->short_ones > w->n &&
        gsl_cdf_binomial_Q((unsigned)w->short_ones - 1, 0.5, (unsigned)w->n) < NO_POLL)
        out->period_s[p] = 0;
}

void samples_count_wait(struct waits *w, double wait_s, double period_s)
{
    w->n += is_known(wait_s);
    w->short_ones += is_known(wait_s) && wait_s < period_s / 2;
}

/* ---- the session as a whole ---- */

/* NAN if the submission of a task that left before all others were submitted was lost: it may have
 * been the first. A task that left before the pilot was there was submitted before, whenever that
 * was. */
static double first_submission(const struct session *s)
{
    double first = NAN, unknown_before = NAN;
    for (size_t i = 0; i < s->timeline->n; i++) {
        double at_s = s->timeline->records[i].submitted_s;
        first = earlier_known(first, at_s);
        if (!is_known(at_s))
            unknown_before = earlier_known(unknown_before, session_arrival_s(s, i));
    }
    if (!is_known(unknown_before) || (is_known(first) && first <= unknown_before))
        return first;
    return is_known(s->pilot_active_s) && unknown_before <= s->pilot_active_s ? unknown_before
                                                                              : (double)NAN;
}

/* From the pilot's bootstrapper, whose clock has whole seconds, until the client could submit:
 * where tasks were submitted before the pilot was there, until it was. */
static void add_bootstrap(struct samples *out, const struct session *s)
{
    double end_s = first_submission(s);
    if (is_known(s->pilot_active_s))
        end_s = later_of_both(end_s, s->pilot_active_s);
    double took_s = end_s - s->bootstrap_s;
    out->singly = client_submits_singly(s);
    out->n_first = s->n_bulks > 0 ? s->bulks[0].n_tasks : 0;
    if (samples_accept(out, STATION_BOOTSTRAP, took_s))
        samples_add(&out->of[STATION_BOOTSTRAP], fmax(0, took_s - 1), took_s);
}

/* When the client was done with its last task; NAN if the task that ended last has no notification.
 */
static double last_known_of(const struct session *s)
{
    double last = NAN, last_end = NAN, its_notification = NAN;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        double end_s = known_or(r->freed_s, r->stopped_s);
        last = later_known(last, later_known(r->notified_s, s->tasks[i].at[EVENT_ENTK_DONE]));
        if (!is_known(end_s) || (is_known(last_end) && end_s < last_end))
            continue;
        last_end = end_s;
        its_notification = r->notified_s;
    }
    return is_known(last_end) && !is_known(its_notification) ? (double)NAN : last;
}

static void add_drain(struct samples *out, const struct session *s)
{
    double known_s = last_known_of(s), pilot_s = s->pilot_end_s - known_s;
    if (s->n_pilots <= 1 && pilot_s >= 0)
        samples_add(&out->of[STATION_PILOT_END], pilot_s, pilot_s);
    double took_s = s->timeline->session_end_s - known_s;
    if (samples_accept(out, STATION_DRAIN, took_s))
        samples_add(&out->of[STATION_DRAIN], took_s, took_s);
}

/* ---- tasks: after their own work ---- */

static void add_ends(struct samples *out, const struct session *s)
{
    const double *period = out->period_s;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        const struct session_task *t = &s->tasks[i];
        double seen_s = session_at(s, i, INSTANT_DETECTED);
        if (s->timeline->status[i] != TASK_DONE && !is_known(r->stopped_s))
            continue;                    /* nothing was lost: it did not run to an end */
        if (t->clock != CLOCK_AGENT)
            add_polled(out, STATION_DETECT, seen_s - r->stopped_s, period[POLL_DETECT]);
        if (!is_known(seen_s)) /* what lies between its stop and its slots counts as freeing, with
                                  both polls */
            add_polled(out, STATION_FREE, r->freed_s - r->stopped_s,
                       period[POLL_DETECT] + period[POLL_FREE]);
        else
            add_polled(out, STATION_FREE, r->freed_s - seen_s, period[POLL_FREE]);
    }
}

/* The stage of a record, else its set. */
static size_t group_of(const struct session *s, size_t record)
{
    const struct session_task *t = &s->tasks[record];
    for (size_t g = 0; g < s->n_stages; g++)
        if (s->stages[g].pipeline == t->pipeline && s->stages[g].stage == t->stage)
            return g;
    return t->set >= 0 ? s->n_stages + (size_t)t->set : SIZE_MAX;
}

/* What waits for the client to know waits for the last of a stage: one latency a stage, from the
 * last slots freed. Nothing is learned from a client that was busy booking others, since it then
 * hears late. */
static void add_notifications(struct samples *out, const struct session *s,
                              const struct bookings *b)
{
    size_t n = s->n_stages + s->workflow->n_sets;
    double *freed_s = xcalloc(n, sizeof *freed_s), *notified_s = xcalloc(n, sizeof *notified_s);
    for (size_t g = 0; g < n; g++)
        freed_s[g] = notified_s[g] = -INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        size_t g = group_of(s, i);
        if (g == SIZE_MAX || (s->timeline->status[i] != TASK_DONE && !is_known(r->started_s)))
            continue;                    /* it never ran */
        freed_s[g] = later_of_both(freed_s[g], r->freed_s);
        notified_s[g] =
            later_of_both(notified_s[g], r->notified_s - s->tasks[i].staged_out_s);
    }
    struct waits w = { 0, 0 };
    for (size_t g = 0; g < n; g++)
        samples_count_wait(&w, isinf(freed_s[g]) ? (double)NAN : notified_s[g] - freed_s[g],
                   out->period_s[POLL_NOTIFY]);
    samples_refute_poll(out, POLL_NOTIFY, &w);
    for (size_t g = 0; g < n; g++)
        if (!isinf(freed_s[g]) && !bookings_fill(b, freed_s[g], notified_s[g]))
            add_polled(out, STATION_NOTIFY, notified_s[g] - freed_s[g], out->period_s[POLL_NOTIFY]);
    xfree(freed_s, notified_s);
}

static void add_client(struct samples *out, const struct session *s)
{
    struct bookings b;
    bookings_init(&b, s);
    if (s->has_entk)
        client_samples_add(out, s, &b);
    add_notifications(out, s, &b);
    bookings_clear(&b);
}

static void set_periods(struct samples *out, const struct session *s)
{
    bool node_clock = false;
    if (s->agent_poll_s > 0)
        out->period_s[POLL_AGENT] = s->agent_poll_s;
    for (size_t i = 0; i < s->timeline->n; i++)
        node_clock |= s->tasks[i].clock == CLOCK_NODE || s->tasks[i].clock == CLOCK_RANK;
    if (!node_clock)
        out->period_s[POLL_DETECT] = 0;
    for (int p = 0; p < STATION_POLLS && s->executed; p++)
        out->period_s[p] = 0;
}

void samples_init(struct samples *out, const struct session *s, int servers)
{
    *out = (struct samples){ .session = xstrdup(s->name ? s->name : "?"), .has_entk = s->has_entk,
                             .broker_s = s->broker_s,
                             .broker_answers = broker_answers(s->version) };
    memcpy(out->period_s, default_period_s, sizeof out->period_s);
    if (session_is_plain(s)) {
        memset(out->period_s, 0, sizeof out->period_s);
        latencies_sample(out, s);
        return;
    }
    if (!s->tasks)
        return;
    set_periods(out, s);
    add_bootstrap(out, s);
    bulks_sample(out, s);
    agent_sample(out, s);
    launches_sample(out, s, servers);
    add_ends(out, s);
    add_client(out, s);
    add_drain(out, s);
}

void samples_clear(struct samples *s)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        free(s->of[p].at);
    xfree(s->session, s->bulks, s->closes, s->opens, s->tasks);
}
