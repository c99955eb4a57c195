/* predictive_coverage KIND TRAINED N - do the intervals of predicted makespans hold for sessions
 * that were not trained on?
 *
 * N times: TRAINED + 1 sessions that the simulator made under one known middleware, which differs
 * between sessions by a known spread; a profile is calibrated on all but the first, and predicts
 * that one. The share of 95 % intervals that hold, and its own 95 % interval (binomial), must meet
 * 93 to 97 %; of few sessions, whose spread is a prior, it may be more, and not less. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "base/xalloc.h"
#include "num/stats.h"
#include "tests/support/given.h"
#include "tests/support/plain_session.h"
#include "validation/leave_one_out.h"

enum { REPLICAS = 100, PRIOR_BELOW = 6 };

struct kind { const char *name, *truth; struct plain_kind plain; };

static const char bag[] = "{'task_sets': [{'name': 'a', 'tasks': 120, 'duration': "
                          "{'distribution': 'uniform', 'min': 4, 'max': 40}}]}";
static const char chain[] =
    "{'task_sets': [{'name': 'a', 'tasks': 60, 'duration': {'distribution': 'uniform', 'min': 20, "
    "'max': 90}},"
    "{'name': 'b', 'tasks': 60, 'duration': {'distribution': 'uniform', 'min': 20, 'max': 90},"
    " 'after': [{'set': 'a', 'kind': 'each'}]}, {'name': 'c', 'tasks': 4, 'duration': 30, "
    "'after': ['b']}]}";

/* As libEnsemble: a generator that asks for as many tasks as there are workers, one after the
 * other. */
static const struct kind kinds[] = {
    { "generator",
      "{'name': 'truth', 'stations': {'client': {'base': {'distribution': 'lognormal', 'mean': "
      "0.8, 'sd': 0.1},"
      "'per_task': 0.7, 'window': 4}}, 'between_sd': {'client.base': 0.2, 'client.per_task': 0.2}}",
      { bag, "{'nodes': [{'count': 4, 'cores': 1}]}", .window = 4 } },
    { "latencies",
      "{'name': 'truth', 'stations': {'client': {'next_task': {'distribution': 'gamma', 'mean': 3, "
      "'sd': 1}},"
      "'startup': {'warm': {'distribution': 'gamma', 'mean': 4, 'sd': 0.5}}},"
      "'between_sd': {'client.next_task': 0.25, 'startup.warm': 0.25}}",
      { chain, "{'nodes': [{'count': 2, 'cores': 16}]}", .submissions = true } },
};

static bool first_is_held(const struct kind *k, const struct middleware *m, size_t trained,
                          uint32_t number)
{
    struct session **sessions = xcalloc(trained + 1, sizeof *sessions);
    for (uint32_t s = 0; s <= trained; s++)
        sessions[s] = plain_session(&k->plain, m, 4, number * (uint32_t)(trained + 1) + s);
    struct leave_one_out out = { 0 };
    struct error err = { "" };
    const struct session_question q = { .level = -1, .seed = 5 };
    const struct validate_options options = { .replicas = REPLICAS, .gap_s = NAN };
    if (leave_one_out(&out, (const struct session *const *)sessions, trained + 1, &q, &options,
                      &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    bool held = out.of[0].in_interval;
    leave_one_out_clear(&out);
    for (size_t s = 0; s <= trained; s++)
        session_free(sessions[s]);
    free(sessions);
    return held;
}

int main(int argc, char **argv)
{
    const struct kind *k = NULL;
    for (size_t i = 0; argc == 4 && i < sizeof kinds / sizeof *kinds; i++)
        k = str_equal(kinds[i].name, argv[1]) ? &kinds[i] : k;
    long trained = k ? strtol(argv[2], NULL, 10) : 0, n = k ? strtol(argv[3], NULL, 10) : 0;
    if (trained < 1 || n < 1)
        return 2;
    gsl_set_error_handler_off();
    struct middleware *m = given_middleware(k->truth);
    size_t held = 0;
    for (long i = 0; i < n; i++)
        held += first_is_held(k, m, (size_t)trained, (uint32_t)i);
    middleware_free(m);
    struct stats_interval share = stats_binomial_ci95(held, (size_t)n);
    bool good = share.high >= 0.93 && (trained < PRIOR_BELOW || share.low <= 0.97);
    printf("%s, %ld sessions trained on: %.1f %% of %ld intervals hold (%.1f to %.1f)%s\n", k->name,
           trained, 100 * (double)held / (double)n, n, 100 * share.low, 100 * share.high,
           good ? "" : "  COVERAGE");
    return good ? 0 : 1;
}
