#include "validation/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "sim/randomness.h"
#include "sim/simulate.h"
#include "study/replicate.h"
#include "validation/compare.h"

enum {
    /* Replicas whose timelines are looked at: a task's mean start needs no more. Where clients wait
     * for a service, its loading moves all of them together. */
    TIMELINES = 64,
    TIMELINES_OF_CLIENTS = 1000
};

/* What the model leaves to chance of the agent's loop is a period of it, at the first start and at
 * the last stop. */
struct stats_interval forecast_interval(const double *makespan_s, size_t n, double period_s)
{
    if (n < 2)
        return (struct stats_interval){ NAN, NAN };
    double low_s = stats_quantile(makespan_s, n, 0.025) - period_s;
    double high_s = stats_quantile(makespan_s, n, 0.975) + period_s;
    /* equal values, rounded */
    return (struct stats_interval){ fmin(low_s, high_s), fmax(low_s, high_s) };
}

static int run_makespans(struct forecast *f, const struct scenario *s, struct error *err)
{
    struct replicas all;
    if (replicate(
            s,
            &(struct replicate_options){ .replicas = f->n, .threads = replicate_default_threads() },
            &all, err))
        return -1;
    f->makespan_s = REPLICA_TIMES(all.at, all.n, makespan_s);
    f->complete = replicas_are_complete(&all);
    for (size_t r = 0; r < f->n; r++)
        f->span_s[r] = all.at[r].span_s;
    f->span = stats_summarise(f->span_s, f->n);
    f->span_pi95 = forecast_interval(f->span_s, f->n, s->middleware->period_s[POLL_SCHEDULE]);
    replicas_clear(&all);
    return 0;
}

static void summarise_clients(struct forecast *f, const double *client_s, size_t n)
{
    f->client_pi95 = (struct stats_interval){ NAN, NAN };
    if (isnan(client_s[0]))
        return;
    f->client = stats_summarise(client_s, n);
    if (n > 1)
        f->client_pi95 = (struct stats_interval){ stats_quantile(client_s, n, 0.025),
                                                  stats_quantile(client_s, n, 0.975) };
}

static void run_timelines(struct forecast *f, struct simulator *sim, struct timeline *t, size_t n)
{
    uint32_t n_tasks = t->workflow->n_tasks;
    double *start = xcalloc(n_tasks, sizeof *start), *stop = xcalloc(n_tasks, sizeof *stop);
    double *client_s = xcalloc(n, sizeof *client_s);
    size_t *counted = xcalloc(n_tasks, sizeof *counted);
    for (size_t r = 0; r < n; r++) {
        struct replica replica;
        simulator_run(sim, (uint32_t)r, t, &replica);
        compare_starts(t, start, stop);
        client_s[r] = compare_clients(t->workflow, start, stop);
        for (uint32_t i = 0; i < n_tasks; i++) {
            if (isnan(start[i]))
                continue;
            f->start_s[i] += start[i];
            f->stop_s[i] += stop[i];
            counted[i]++;
        }
    }
    for (uint32_t i = 0; i < n_tasks; i++) {
        f->start_s[i] = counted[i] ? f->start_s[i] / (double)counted[i] : (double)NAN;
        f->stop_s[i] = counted[i] ? f->stop_s[i] / (double)counted[i] : (double)NAN;
    }
    summarise_clients(f, client_s, n);
    xfree(start, stop, client_s, counted);
}

struct ranked { double makespan_s; size_t replica; };

SORT_BY_2(by_makespan, struct ranked, makespan_s, replica)

static size_t median_replica(const double *makespan_s, size_t n)
{
    struct ranked *ranked = xcalloc(n, sizeof *ranked);
    for (size_t r = 0; r < n; r++)
        ranked[r] = (struct ranked){ makespan_s[r], r };
    qsort(ranked, n, sizeof *ranked, by_makespan);
    size_t median = ranked[n / 2].replica;
    free(ranked);
    return median;
}

static void summarise(struct forecast *f, struct simulator *sim, const struct scenario *s)
{
    struct replica replica;
    size_t most = s->workflow->n_services > 0 ? TIMELINES_OF_CLIENTS : TIMELINES;
    size_t few = f->n < most ? f->n : most;
    bool random = scenario_is_random(s);
    size_t median = random ? median_replica(f->makespan_s, f->n) : 0;
    few = random ? few : 1;
    run_timelines(f, sim, f->typical, few);
    if (median != few - 1) /* of which it is the timeline already */
        simulator_run(sim, (uint32_t)median, f->typical, &replica);
    f->makespan = stats_summarise(f->makespan_s, f->n);
    f->modes = summary_modes(f->makespan_s, f->n);
    f->pi95 = forecast_interval(f->makespan_s, f->n, s->middleware->period_s[POLL_SCHEDULE]);
}

int forecast_run(struct forecast *out, const struct scenario *s, size_t n, struct error *err)
{
    struct simulator *sim = simulator_new(s, err);
    if (!sim)
        return -1;
    uint32_t n_tasks = s->workflow->n_tasks;
    *out = (struct forecast){ .n = n, .span_s = xcalloc(n, sizeof *out->span_s),
                              .start_s = xcalloc(n_tasks, sizeof *out->start_s),
                              .stop_s = xcalloc(n_tasks, sizeof *out->stop_s),
                              .typical = timeline_new(s->workflow, s->platform) };
    int status = run_makespans(out, s, err);
    if (status == 0) {
        summarise(out, sim, s);
        status = clock_band(s, &out->clock, err);
    }
    simulator_free(sim);
    if (status)
        forecast_clear(out);
    return status;
}

void forecast_clear(struct forecast *f)
{
    xfree(f->makespan_s, f->span_s, f->start_s, f->stop_s);
    timeline_free(f->typical);
    *f = (struct forecast){ 0 };
}
