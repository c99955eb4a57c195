/* calibration_recovery KIND N - does calibration find what sessions were made with, and do its
 * intervals hold what they say?
 *
 * KIND: radical (every event is recorded), or a plain timeline: starts, submissions (with starts),
 * generator (under a window). N calibrations, each on four sessions that the simulator made with
 * known parameters and a known spread between sessions. Of every station the mean estimate must be
 * within 4 standard errors of the truth, within 0.5 % of it (plain: 2 %), or, where a poll hides
 * it, within 1 % of the poll's period (launches follow the ticks that free their slots, so a wait
 * for a tick is not quite uniform). The share of 95 % intervals that hold the truth must be
 * compatible with 93 to 97 %: its own 95 % interval, binomial, meets that range. Exits with 1 where
 * one does not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "traces/calibrate.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/plain_session.h"

enum { SESSIONS = 4 };
#define OFF 0.005
/* who waited for which room is told from starts, which latencies put into another order */
#define PLAIN_OFF 0.02

struct recovery {
    const char *name, *truth;
    struct plain_kind plain;             /* without a workflow: a session of RADICAL-Pilot */
};

/* Chains over more tasks than there is room for, and one set that waits for another as a whole. */
static const char plain_workflow[] =
    "{'task_sets': [{'name': 'a', 'tasks': 60, 'duration': {'distribution': 'uniform', 'min': 20, "
    "'max': 90}},"
    "{'name': 'b', 'tasks': 60, 'duration': {'distribution': 'uniform', 'min': 20, 'max': 90},"
    " 'after': [{'set': 'a', 'kind': 'each'}]}, {'name': 'c', 'tasks': 4, 'duration': 30, "
    "'after': ['b']},"
    "{'name': 'd', 'tasks': 3, 'duration': 30, 'after': ['c']}, {'name': 'e', 'tasks': 2, "
    "'duration': 30, 'after': ['d']}]}";
static const char plain_bag[] = "{'task_sets': [{'name': 'a', 'tasks': 120, "
                                "'duration': {'distribution': 'uniform', 'min': 4, 'max': 40}}]}";
static const char plain_platform[] = "{'nodes': [{'count': 2, 'cores': 16}]}";

static const char starts_json[] =
    "{'name': 'truth', 'stations': {'client': {'next_task': {'distribution': 'gamma', 'mean': 3, "
    "'sd': 1}},"
    "'startup': {'warm': {'distribution': 'gamma', 'mean': 0.4, 'sd': 0.1}}},"
    "'between_sd': {'client.next_task': 0.2, 'startup.warm': 0.15}}";
static const char submissions_json[] =
    "{'name': 'truth', 'stations': {'client': {'next_task': {'distribution': 'gamma', 'mean': 3, "
    "'sd': 1}},"
    "'startup': {'warm': {'distribution': 'gamma', 'mean': 0.4, 'sd': 0.1}},"
    "'free': {'base': {'distribution': 'lognormal', 'mean': 1.2, 'sd': 0.3}}},"
    "'between_sd': {'client.next_task': 0.2, 'startup.warm': 0.15, 'free.base': 0.2}}";
static const char generator_json[] =
    "{'name': 'truth', 'stations': {'client': {'base': {'distribution': 'lognormal', 'mean': 0.8, "
    "'sd': 0.1}, 'per_task': 0.7,"
    "'window': 4}}, 'between_sd': {'client.base': 0.05, 'client.per_task': 0.05}}";

static const char truth_json[] =
    "{\"name\": \"truth\", \"stations\": {\"bootstrap\": 25,"
    "\"client\": {\"base\": {\"distribution\": \"gamma\", \"mean\": 1.1, \"sd\": 0.2}, "
    "\"per_task\": 0.03, \"first_bulk\": 5,"
    "\"next_stage\": {\"distribution\": \"normal\", \"mean\": 2.1, \"sd\": 0.5}, \"next_run\": 5.5,"
    "\"close_task\": {\"distribution\": \"gamma\", \"mean\": 0.005, \"sd\": 0.001}, \"open_task\": "
    "0.02},"
    "\"agent\": {\"latency\": 0.5, \"poll\": 2}, \"schedule\": {\"retry\": 0.1},"
    "\"launch\": {\"up\": 3, \"service\": {\"distribution\": \"lognormal\", \"mean\": 0.01, "
    "\"sd\": 0.002}},"
    "\"startup\": {\"rule\": \"first_wave\", \"warm\": {\"distribution\": \"normal\", \"mean\": "
    "0.06, \"sd\": 0.005},"
    "\"cold\": {\"distribution\": \"gamma\", \"mean\": 2, \"sd\": 0.5}},"
    "\"execute\": {\"offset\": {\"distribution\": \"normal\", \"mean\": 0.066, \"sd\": 0.006},"
    "\"cold\": {\"distribution\": \"gamma\", \"mean\": 0.6, \"sd\": 0.3}},"
    "\"detect\": {\"base\": 0.02, \"poll\": 0.1}, \"free\": {\"base\": 0.03, \"poll\": 0.1},"
    "\"notify\": {\"base\": 0.9, \"poll\": 1}, \"drain\": 20, \"pilot\": {\"end\": 4}},"
    "\"between_sd\": {\"bootstrap\": 0.05, \"client.base\": 0.15, \"client.per_task\": 0.1, "
    "\"client.first_bulk\": 0.1,"
    "\"client.next_stage\": 0.15, \"client.next_run\": 0.2,"
    "\"client.close_task\": 0.2, \"client.open_task\": 0.1, \"agent.latency\": 0.2, "
    "\"launch.service\": 0.05, \"startup.warm\": 0.2,"
    "\"startup.cold\": 0.25, \"execute.offset\": 0.05, \"execute.cold\": 0.3, \"detect.base\": "
    "0.2, \"free.base\": 0.2,"
    "\"notify.base\": 0.2, \"drain\": 0.3, \"pilot.end\": 0.3, \"launch.up\": 0.1}}";

static const struct recovery recoveries[] = {
    { "radical", truth_json, { 0 } },
    { "starts", starts_json, { plain_workflow, plain_platform, .submissions = false } },
    { "submissions", submissions_json, { plain_workflow, plain_platform, .submissions = true } },
    { "generator", generator_json,
      { plain_bag, "{'nodes': [{'count': 4, 'cores': 1}]}", .window = 4 } },
};

struct tally { size_t n, covered; double sum, squares; };

static void count(struct tally *t, const struct calibration_station *s, double true_mean)
{
    if (s->status != CALIBRATION_FITTED)
        return;
    t->n++;
    t->sum += s->mean_s;
    t->squares += (s->mean_s - true_mean) * (s->mean_s - true_mean);
    t->covered += s->ci95.low <= true_mean && true_mean <= s->ci95.high;
}

static void trial(uint32_t number, const struct recovery *r, const struct middleware *m,
                  struct tally *tallies)
{
    struct session *sessions[SESSIONS];
    for (uint32_t s = 0; s < SESSIONS; s++) {
        uint32_t replica = number * SESSIONS + s;
        sessions[s] =
            r->plain.workflow ? plain_session(&r->plain, m, 4, replica) : known_session(m, replica);
    }
    struct calibration c;
    struct error err;
    const struct calibrate_options options = { .family = "constant" };
    if (calibrate((const struct session *const *)sessions, SESSIONS, &options, &c, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (m->parameter[p])
            count(&tallies[p], &c.station[p], dist_mean(m->parameter[p]));
    calibration_clear(&c);
    for (int s = 0; s < SESSIONS; s++)
        session_free(sessions[s]);
}

static double period_of(enum station_parameter p, const struct middleware *m)
{
    return p == STATION_AGENT    ? m->period_s[POLL_AGENT]
           : p == STATION_DETECT ? m->period_s[POLL_DETECT]
           : p == STATION_FREE   ? m->period_s[POLL_FREE]
           : p == STATION_NOTIFY ? m->period_s[POLL_NOTIFY]
                                 : 0;
}

static bool holds(enum station_parameter p, const struct tally *t, const struct middleware *m,
                  double share_off)
{
    const double true_mean = dist_mean(m->parameter[p]),
                 near = fmax(share_off * true_mean, 0.01 * period_of(p, m));
    double n = (double)t->n, mean = t->sum / n, bias = mean - true_mean,
           se = sqrt(t->squares / n / n);
    struct stats_interval share = stats_binomial_ci95(t->covered, t->n);
    bool unbiased = fabs(bias) <= fmax(4 * se, near),
         covers = share.low <= 0.97 && share.high >= 0.93;
    printf("%-18s truth %9.5f  mean %9.5f  bias/se %6.2f  intervals hold %5.1f %% (%.1f to "
           "%.1f)%s%s\n",
           station_parameter_name(p), true_mean, mean, bias / se, 100 * (double)t->covered / n,
           100 * share.low, 100 * share.high, unbiased ? "" : "  BIASED",
           covers ? "" : "  COVERAGE");
    return unbiased && covers;
}

static const struct recovery *recovery_find(const char *name)
{
    for (size_t i = 0; i < sizeof recoveries / sizeof *recoveries; i++)
        if (str_equal(recoveries[i].name, name))
            return &recoveries[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct recovery *r = argc > 2 ? recovery_find(argv[1]) : NULL;
    long n = r ? strtol(argv[2], NULL, 10) : 0;
    struct tally tallies[STATION_PARAMETERS] = { { 0 } };
    bool good = n > 0;
    gsl_set_error_handler_off();
    struct middleware *m = r ? given_middleware(r->truth) : NULL;
    for (long i = 0; i < n; i++)
        trial((uint32_t)i, r, m, tallies);
    const double off = r && r->plain.workflow ? PLAIN_OFF : OFF;
    for (int p = 0; p < STATION_PARAMETERS && m; p++)
        if (m->parameter[p])
            good = tallies[p].n > (size_t)n / 2 &&
                   holds((enum station_parameter)p, &tallies[p], m, off) && good;
    middleware_free(m);
    return good ? 0 : 1;
}
