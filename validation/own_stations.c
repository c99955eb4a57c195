#include "validation/own_stations.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "num/stats.h"
#include "sim/simulate.h"
#include "traces/calibrate.h"
#include "traces/session_workflow.h"
#include "validation/compare.h"
#include "validation/own_stations_impl.h"

enum { PHASES = 64 };

/* --- the launcher ----------------------------------------------------------------------------- */

struct launch { double launched_s, scheduled_s; };

SORT_BY(by_launch, struct launch, launched_s)

/* `servers` in parallel: the gaps are those to the launch that many before, if this one had been
 * waiting by then. */
static double own_stations_service(const struct session *s, int servers)
{
    const struct timeline *t = s->timeline;
    struct launch *launches = xcalloc(t->n, sizeof *launches);
    double *gaps = xcalloc(t->n, sizeof *gaps);
    size_t n = 0, n_gaps = 0, back = (size_t)servers;
    for (size_t i = 0; t->launched_s && i < t->n; i++)
        if (!isnan(t->launched_s[i]) && !isnan(t->records[i].scheduled_s))
            launches[n++] = (struct launch){ t->launched_s[i], t->records[i].scheduled_s };
    qsort(launches, n, sizeof *launches, by_launch);
    for (size_t i = back; i < n; i++)
        if (launches[i].scheduled_s < launches[i - back].launched_s)
            gaps[n_gaps++] = launches[i].launched_s - launches[i - back].launched_s;
    double service = n_gaps ? stats_summarise(gaps, n_gaps).mean : (double)NAN;
    xfree(launches, gaps);
    return service;
}

/* --- values a task ---------------------------------------------------------------------------- */

static double *all_unknown(uint32_t n)
{
    double *x = xcalloc(n, sizeof *x);
    for (uint32_t i = 0; i < n; i++)
        x[i] = NAN;
    return x;
}

static void take_task(struct own_stations *own, const struct session *s, uint32_t task,
                      size_t record)
{
    const struct timeline_record *r = &s->timeline->records[record];
    const double *at = s->tasks[record].at;
    own->of[STATION_STARTUP_WARM][task] =
        own_at_least_0(r->started_s - timeline_at(s->timeline, record, INSTANT_LAUNCHED));
    double asked_s =
        isnan(at[EVENT_UNSCHEDULE_START]) ? at[EVENT_AGENT_STOP] : at[EVENT_UNSCHEDULE_START];
    own->of[STATION_DETECT][task] = own_at_least_0(asked_s - r->stopped_s);
    own->of[STATION_AGENT][task] =
        own_at_least_0(r->arrived_s - session_at(s, record, INSTANT_LEFT));
}

/* --- the middleware that is left -------------------------------------------------------------- */

static void set_constant(struct middleware *m, enum station_parameter p, double value)
{
    dist_free(m->parameter[p]);
    m->parameter[p] = value > 0 ? dist_constant(value) : NULL;
    m->between_sd[p] = 0;
    m->estimate[p] = (struct station_estimate){ 0 };
}

/* Stations of which the session has values: where one is missing, the profile's mean stands in. */
static bool is_taken(enum station_parameter p)
{
    return p == STATION_NEXT_STAGE || p == STATION_NEXT_RUN || p == STATION_AGENT ||
           p == STATION_STARTUP_WARM || p == STATION_DETECT;
}

static double mean_of(const struct middleware *m, enum station_parameter p)
{
    return m->parameter[p] ? dist_mean(m->parameter[p]) : 0;
}

/* No station varies any more: the launcher is a constant, what has no values is nothing, of the
 * clocks only the scheduler's stays. */
static void reduce(struct own_stations *own, const struct session *s)
{
    struct middleware *m = own->asked.middleware;
    double service_s = own_stations_service(s, m->launch_servers);
    own->service_s = isnan(service_s) ? mean_of(m, STATION_LAUNCH) : service_s;
    for (size_t i = 0; i < m->n_sessions; i++)
        free(m->sessions[i].name);
    m->n_sessions = 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        set_constant(m, (enum station_parameter)p,
                     p == STATION_LAUNCH                   ? own->service_s
                     : is_taken((enum station_parameter)p) ? mean_of(m, (enum station_parameter)p)
                                                           : 0);
    m->execute_slope = 1;
    m->cold_rule = COLD_NEVER;
    m->period_s[POLL_AGENT] = m->period_s[POLL_DETECT] = m->period_s[POLL_NOTIFY] = 0;
    if (m->period_s[POLL_FREE] > 0)
        m->period_s[POLL_FREE] = m->period_s[POLL_SCHEDULE];
}

/* --- the phase -------------------------------------------------------------------------------- */

static double error_at(const struct own_stations *own, const double *measured_s, struct timeline *t,
                       double *start_s)
{
    struct error err;
    struct simulator *sim = simulator_new(&own->asked.scenario, &err);
    struct replica r;
    simulator_run(sim, 0, t, &r);
    simulator_free(sim);
    compare_starts(t, start_s, NULL);
    return compare_times(measured_s, start_s, own->asked.workflow->n_tasks).mean_s;
}

static int fit_phase(struct own_stations *own, const struct session *s, struct error *err)
{
    struct simulator *refused = simulator_new(&own->asked.scenario, err);
    if (!refused)
        return -1;
    simulator_free(refused);
    uint32_t n = own->asked.workflow->n_tasks;
    double *measured = xcalloc(n, sizeof *measured), *start = xcalloc(n, sizeof *start),
           best = INFINITY;
    struct timeline *t = timeline_new(own->asked.workflow, s->platform);
    double period_s = own->asked.middleware->period_s[POLL_SCHEDULE];
    compare_starts(s->timeline, measured, NULL);
    for (int k = 0; k < (period_s > 0 ? PHASES : 1); k++) {
        double phase_s = period_s * k / PHASES;
        own->values.phase_s[POLL_SCHEDULE] = own->values.phase_s[POLL_FREE] = phase_s;
        double error = error_at(own, measured, t, start);
        if (error < best || k == 0) {
            best = error;
            own->phase_s = phase_s;
        }
    }
    own->values.phase_s[POLL_SCHEDULE] = own->values.phase_s[POLL_FREE] = own->phase_s;
    timeline_free(t);
    xfree(measured, start);
    return 0;
}

static void take_all(struct own_stations *own, const struct session *s)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (is_taken((enum station_parameter)p))
            own->values.of[p] = own->of[p] = all_unknown(own->asked.workflow->n_tasks);
    for (int p = 0; p < STATION_POLLS; p++)
        own->values.phase_s[p] = NAN;
    size_t *record = timeline_last_attempts(s->timeline);
    struct own_context c = { .own = own, .s = s, .record = record, .first_arrival_s = NAN };
    for (size_t i = 0; i < s->timeline->n; i++)
        c.first_arrival_s = earlier_known(c.first_arrival_s, session_arrival_s(s, i));
    for (uint32_t t = 0; t < own->asked.workflow->n_tasks; t++)
        if (c.record[t] != SIZE_MAX)
            take_task(own, s, t, c.record[t]);
    own_take_bulks(&c);
    free(record);
}

/* The means over a plain session's latencies; each of its stations a constant. */
static int init_plain(struct own_stations *out, const struct session *s, struct error *err)
{
    struct calibration c;
    if (calibrate(&s, 1,
                  &(struct calibrate_options){ .family = "constant", .name = "its own latencies" },
                  &c, err))
        return -1;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        middleware_set_constant(c.profile, (enum station_parameter)p,
                                middleware_mean(c.profile, (enum station_parameter)p));
    struct session_question q = { .session = s, .middleware = c.profile,
                                  .level = INFORMATION_MEASURED };
    int status = session_scenario_init(&out->asked, &q, err);
    calibration_clear(&c);
    if (status)
        return -1;
    for (int p = 0; p < STATION_POLLS; p++)
        out->values.phase_s[p] = NAN;
    out->asked.scenario.values = &out->values;
    if (!fit_phase(out, s, err))
        return 0;
    own_stations_clear(out);
    return -1;
}

int own_stations_init(struct own_stations *out, const struct session *s, const struct middleware *m,
                      struct error *err)
{
    *out = (struct own_stations){ 0 };
    if (!s->tasks && session_is_plain(s))
        return init_plain(out, s, err);
    if (!s->tasks)
        return error_set(err, "%s: no events of its tasks were recorded, only their times",
                         s->path);
    struct session_question q = { .session = s, .middleware = m, .level = INFORMATION_MEASURED };
    if (session_scenario_init(&out->asked, &q, err))
        return -1;
    take_all(out, s);
    reduce(out, s);
    out->asked.scenario.values = &out->values;
    if (!fit_phase(out, s, err))
        return 0;
    own_stations_clear(out);
    return -1;
}

void own_stations_clear(struct own_stations *own)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        free(own->of[p]);
    session_scenario_clear(&own->asked);
    *own = (struct own_stations){ 0 };
}
