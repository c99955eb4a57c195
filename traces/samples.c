#include "traces/samples.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "traces/launches.h"

#define CLIENT_HAND_OVER_S 0.05          /* submitted so soon after the last bulk left: it had waited for the client */
#define SAME_TICK_S 0.05                 /* bulks that arrived so close together came with one tick */

/* RADICAL-Pilot's defaults, s; the agent's is also in its configuration. */
static const double default_period_s[STATION_POLLS] = {
    [POLL_AGENT] = 2, [POLL_SCHEDULE] = 0.1, [POLL_DETECT] = 0.1, [POLL_FREE] = 0.1, [POLL_NOTIFY] = 1,
};

void samples_add(struct sample_list *list, double low, double high)
{
    xgrow(&list->at, &list->room, list->n + 1, sizeof *list->at);
    list->at[list->n++] = (struct fit_sample){ low, high };
}

/* A latency that ended at a tick of a poll of this period (0: no poll, then it is what was seen). */
static void add_polled(struct samples *out, enum station_parameter p, double latency_s, double period_s)
{
    if (latency_s >= 0)
        samples_add(&out->of[p], latency_s - period_s, latency_s);
    else if (latency_s < 0)
        out->n_contrary++;
}

/* ---- the session as a whole ---- */

static double first_submission(const struct session *s)
{
    double first = INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++)
        first = fmin(first, s->timeline->records[i].submitted_s);
    return first;
}

/* From the pilot's bootstrapper, whose clock has whole seconds, until the client could submit: where tasks were submitted before
 * the pilot was there, until it was. */
static void add_bootstrap(struct samples *out, const struct session *s)
{
    double end_s = fmax(first_submission(s), isnan(s->pilot_active_s) ? -INFINITY : s->pilot_active_s), took_s = end_s - s->bootstrap_s;
    if (isfinite(took_s) && took_s >= 0)
        samples_add(&out->of[STATION_BOOTSTRAP], fmax(0, took_s - 1), took_s);
}

static void add_drain(struct samples *out, const struct session *s)
{
    double last = -INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++)
        if (!isnan(s->timeline->records[i].notified_s))
            last = fmax(last, s->timeline->records[i].notified_s);
    double took_s = s->timeline->session_end_s - last;
    if (isfinite(took_s) && took_s >= 0)
        samples_add(&out->of[STATION_DRAIN], took_s, took_s);
}

static void add_next_runs(struct samples *out, const struct session *s)
{
    for (size_t r = 1; r < s->n_runs; r++) {
        double took_s = s->runs[r].submitted_s - s->runs[r - 1].done_s;
        if (took_s >= 0)
            samples_add(&out->of[STATION_NEXT_RUN], took_s, took_s);
        else if (took_s < 0)
            out->n_contrary++;
    }
}

/* ---- bulks ---- */

/* The client serves one bulk after the other: what waited for the last one to leave was not yet taken up. */
static void add_bulks(struct samples *out, const struct session *s)
{
    double left_s = -INFINITY;
    out->bulks = xcalloc(s->n_bulks + 1, sizeof *out->bulks);
    for (size_t b = 0; b < s->n_bulks; b++) {
        const struct session_bulk *bulk = &s->bulks[b];
        double cost_s = bulk->pushed_s - fmax(bulk->submitted_s, left_s);
        if (cost_s >= 0)
            out->bulks[out->n_bulks++] = (struct bulk_sample){ (double)bulk->n_tasks, cost_s, b == 0 };
        if (!isnan(bulk->pushed_s))
            left_s = fmax(left_s, bulk->pushed_s);
    }
}

/* Bulks that one tick brought are one observation: the base is above what the longest wait leaves, below the shortest. A bulk
 * that left before the pilot was there waited for that, and says nothing. */
static void add_agent(struct samples *out, const struct session *s)
{
    double tick_s = NAN, shortest = INFINITY, longest = -INFINITY, period_s = out->period_s[POLL_AGENT];
    for (size_t b = 0; b <= s->n_bulks; b++) {
        const struct session_bulk *bulk = b < s->n_bulks ? &s->bulks[b] : NULL;
        double latency_s = bulk ? bulk->arrived_s - bulk->pushed_s : NAN;
        if (bulk && (isnan(latency_s) || bulk->pushed_s < s->pilot_active_s))
            continue;
        if (bulk && latency_s < 0) {
            out->n_contrary++;
            continue;
        }
        if (shortest <= longest && !(bulk && fabs(bulk->arrived_s - tick_s) < SAME_TICK_S)) {
            double low = longest - period_s, middle = (shortest + longest) / 2;
            samples_add(&out->of[STATION_AGENT], low <= shortest ? low : middle - period_s, low <= shortest ? shortest : middle);
            shortest = INFINITY;
            longest = -INFINITY;
        }
        if (bulk) {
            tick_s = bulk->arrived_s;
            shortest = fmin(shortest, latency_s);
            longest = fmax(longest, latency_s);
        }
    }
}

/* ---- stages ---- */

/* Was the client still busy with an earlier bulk, so that it may have been ready sooner than it was taken up? */
static bool waited_for_client(const struct session *s, double closed_s, double submitted_s)
{
    for (size_t b = 0; b < s->n_bulks; b++)
        if (s->bulks[b].submitted_s < submitted_s && s->bulks[b].pushed_s > closed_s &&
            s->bulks[b].pushed_s > submitted_s - CLIENT_HAND_OVER_S)
            return true;
    return false;
}

static void add_closes(struct samples *out, const struct session *s)
{
    out->closes = xcalloc(s->n_stages + 1, sizeof *out->closes);
    for (size_t i = 1; i < s->n_stages; i++) {
        const struct session_stage *before = &s->stages[i - 1], *stage = &s->stages[i];
        if (before->pipeline != stage->pipeline || before->run != stage->run)
            continue;
        double delay_s = stage->submitted_s - before->done_s;
        if (delay_s < 0)
            out->n_contrary++;
        if (!(delay_s >= 0))
            continue;
        bool waited = waited_for_client(s, before->done_s, stage->submitted_s);
        out->closes[out->n_closes++] = (struct close_sample){ (double)before->n_tasks, { waited ? 0 : delay_s, delay_s } };
    }
}

/* ---- tasks: after their own work ---- */

static void add_ends(struct samples *out, const struct session *s)
{
    const double *period = out->period_s;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        const struct session_task *t = &s->tasks[i];
        double seen_s = t->at[EVENT_AGENT_STOP];
        if (t->clock != CLOCK_AGENT)
            add_polled(out, STATION_DETECT, seen_s - r->stopped_s, period[POLL_DETECT]);
        if (isnan(seen_s))               /* what lies between its stop and its slots counts as freeing, with both polls */
            add_polled(out, STATION_FREE, r->freed_s - r->stopped_s, period[POLL_DETECT] + period[POLL_FREE]);
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

/* What waits for the client to know waits for the last of a stage: one latency a stage, from the last slots freed. */
static void add_notifications(struct samples *out, const struct session *s)
{
    size_t n = s->n_stages + s->workflow->n_sets;
    double *freed_s = xcalloc(n, sizeof *freed_s), *notified_s = xcalloc(n, sizeof *notified_s);
    for (size_t g = 0; g < n; g++)
        freed_s[g] = notified_s[g] = -INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        size_t g = group_of(s, i);
        if (g == SIZE_MAX)
            continue;
        freed_s[g] = r->freed_s >= freed_s[g] || isnan(r->freed_s) ? r->freed_s : freed_s[g];
        notified_s[g] = r->notified_s >= notified_s[g] || isnan(r->notified_s) ? r->notified_s : notified_s[g];
    }
    for (size_t g = 0; g < n; g++)
        if (isfinite(freed_s[g]))        /* NAN once one of its tasks has none */
            add_polled(out, STATION_NOTIFY, notified_s[g] - freed_s[g], out->period_s[POLL_NOTIFY]);
    free(freed_s);
    free(notified_s);
}

static void set_periods(struct samples *out, const struct session *s)
{
    bool node_clock = false;
    for (int p = 0; p < STATION_POLLS; p++)
        out->period_s[p] = default_period_s[p];
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
    *out = (struct samples){ .session = xstrdup(s->name ? s->name : "?"), .has_entk = s->has_entk };
    for (int p = 0; p < STATION_POLLS; p++)
        out->period_s[p] = default_period_s[p];
    if (!s->tasks)
        return;
    set_periods(out, s);
    add_bootstrap(out, s);
    add_bulks(out, s);
    add_agent(out, s);
    if (s->has_entk) {
        add_closes(out, s);
        add_next_runs(out, s);
    }
    launches_sample(out, s, servers);
    add_ends(out, s);
    add_notifications(out, s);
    add_drain(out, s);
}

void samples_clear(struct samples *s)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        free(s->of[p].at);
    free(s->session);
    free(s->bulks);
    free(s->closes);
    free(s->tasks);
}
