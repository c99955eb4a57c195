/* population_coverage SESSIONS TRIALS - do predicted intervals hold for sessions of a made-up
 * population?
 *
 * A trial: SESSIONS + 1 sessions of RADICAL-Pilot under EnTK that the simulator made. The stations'
 * means differ between them, each by itself, by Student's t with the scale and the degrees that
 * core/transfer.h has within a kind. A profile calibrated on all but the first predicts that one.
 * The share of 95 % intervals that hold must be compatible with 93 to 97 %: its own 95 % interval,
 * binomial, meets that range. Exits with 1 if it does not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/transfer.h"
#include "num/rng.h"
#include "num/stats.h"
#include "study/replicate.h"
#include "tests/oracle/range.h"
#include "tests/support/given.h"
#include "tests/support/simulated_session.h"
#include "traces/calibrate.h"

#include <gsl/gsl_cdf.h>

enum { REPLICAS = 200, MOST = 8 };

static const char workflow[] =
    "{'task_sets': ["
    "{'name': 'a', 'tasks': 48, 'cores': 1, 'gpus': 1, 'duration': 60},"
    "{'name': 'b', 'tasks': 16, 'cores': 2, 'duration': 30},"
    "{'name': 'c', 'tasks': 32, 'cores': 4, 'duration': 20},"
    "{'name': 'd', 'tasks': 8, 'cores': 1, 'duration': 10}],"
    "'pipelines': [{'name': 'p', 'stages': [['a'], ['b'], ['c'], ['d']]}]}";
static const char platform[] = "{'name': 'p', 'nodes': [{'count': 8, 'cores': 8, 'gpus': 6}]}";
static const char truth[] =
    "{'name': 'truth', 'stations': {'bootstrap': 25, 'client': {"
    "'base': {'distribution': 'gamma', 'mean': 1.1, 'sd': 0.2}, 'per_task': 0.03, 'first_bulk': 5,"
    "'next_stage': {'distribution': 'normal', 'mean': 2.1, 'sd': 0.5}, 'next_run': 5.5,"
    "'close_task': {'distribution': 'gamma', 'mean': 0.005, 'sd': 0.001}, 'open_task': 0.02},"
    "'agent': {'latency': 0.5, 'poll': 2}, 'schedule': {'retry': 0.1},"
    "'launch': {'service': {'distribution': 'lognormal', 'mean': 0.03, 'sd': 0.006}},"
    "'startup': {'warm': {'distribution': 'normal', 'mean': 0.06, 'sd': 0.005}},"
    "'execute': {'offset': {'distribution': 'normal', 'mean': 0.066, 'sd': 0.006}},"
    "'detect': {'base': 0.02, 'poll': 0.1}, 'free': {'base': 0.03, 'poll': 0.1},"
    "'notify': {'base': 0.9, 'poll': 1}, 'drain': 20, 'pilot': {'end': 4}}}";

static struct session *session_of_population(uint32_t number)
{
    struct rng_stream s = rng_stream(11, number, RNG_TEST, 5);
    struct middleware *m = given_middleware(truth);
    m->n_sessions = 1;
    m->sessions = xcalloc(1, sizeof *m->sessions);
    for (int i = 0; i < STATION_PARAMETERS; i++) {
        enum station_parameter p = (enum station_parameter)i;
        double mean = m->parameter[i] ? dist_mean(m->parameter[i]) : (double)NAN,
               sd = transfer_sd(CLIENT_ENTK, p, TRANSFER_KIND, mean),
               u = rng_uniform(&s, (size_t)i, 0);
        double drawn = mean + sd * gsl_cdf_tdist_Pinv(u, transfer_degrees(CLIENT_ENTK, p));
        m->sessions[0].mean[i] = isnan(mean) ? mean : fmax(0, drawn);
    }
    struct session *out = simulated_session(workflow, platform, m, 4, number);
    middleware_free(m);
    return out;
}

static void fail(const struct error *err)
{
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static struct stats_interval interval_of(const struct session *s, const struct middleware *m,
                                         uint64_t seed)
{
    struct scenario scenario = {
        .workflow = s->workflow, .platform = s->platform, .middleware = m, .mode = MODE_PIPELINED,
        .seed = seed, .scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 }, m),
    };
    struct replicas all;
    struct error err;
    double makespan_s[REPLICAS];
    if (replicate(&scenario, &(struct replicate_options){ .replicas = REPLICAS, .threads = 1 },
                  &all, &err))
        fail(&err);
    for (size_t r = 0; r < REPLICAS; r++)
        makespan_s[r] = all.at[r].makespan_s;
    replicas_clear(&all);
    return (struct stats_interval){ stats_quantile(makespan_s, REPLICAS, 0.025),
                                    stats_quantile(makespan_s, REPLICAS, 0.975) };
}

struct trial { bool holds; double measured_s, width_s; };

static struct trial try_population(size_t n, uint32_t number)
{
    struct session *of[MOST + 1];
    for (size_t i = 0; i <= n; i++)
        of[i] = session_of_population(number * (MOST + 1) + (uint32_t)i);
    struct calibration c;
    struct error err;
    if (calibrate((const struct session *const *)(of + 1), n, NULL, &c, &err))
        fail(&err);
    struct stats_interval range = interval_of(of[0], c.profile, number);
    double is = session_makespan_s(of[0]);
    for (size_t i = 0; i <= n; i++)
        session_free(of[i]);
    calibration_clear(&c);
    return (struct trial){ range.low <= is && is <= range.high, is, range.high - range.low };
}

int main(int argc, char **argv)
{
    struct oracle_range r;
    if (!oracle_range(argc, argv, "population_coverage", &r) || r.first < 1 || r.first > MOST)
        return 2;
    size_t n = r.end - r.first, held = 0;
    double *measured_s = xcalloc(n, sizeof *measured_s), *width_s = xcalloc(n, sizeof *width_s);
    for (size_t i = 0; i < n; i++) {
        struct trial t = try_population(r.first, (uint32_t)i);
        held += t.holds;
        measured_s[i] = t.measured_s;
        width_s[i] = t.width_s;
    }
    struct stats_interval share = stats_binomial_ci95(held, n);
    bool good = share.high >= 0.93 && share.low <= 0.97;
    printf("%lu sessions calibrated on: %.1f %% of %zu intervals hold (%.1f to %.1f); median width "
           "%.1f s, 95 %% of the population's makespans within %.1f s%s\n",
           (unsigned long)r.first, 100 * (double)held / (double)n, n, 100 * share.low,
           100 * share.high, stats_quantile(width_s, n, 0.5),
           stats_quantile(measured_s, n, 0.975) - stats_quantile(measured_s, n, 0.025),
           good ? "" : "  COVERAGE");
    xfree(measured_s, width_s);
    return good ? 0 : 1;
}
