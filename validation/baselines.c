#include "validation/baselines.h"

#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "model/critical_path.h"
#include "model/latency.h"
#include "model/makespan.h"
#include "sim/randomness.h"
#include "sim/simulate.h"

const char *baseline_name(enum baseline b)
{
    static const char *const names[BASELINES] = {
        [BASELINE_CRITICAL_PATH] = "critical path",
        [BASELINE_CLOSED_FORM] = "closed form",
        [BASELINE_CONSTANT_GAP] = "closed form + one constant a gap",
        [BASELINE_FIFO] = "FIFO",
        [BASELINE_BACKFILL] = "FIFO with backfilling",
    };
    return names[b];
}

static double gap_of(const struct task_set *set, size_t k, const double *start_s,
                     const double *stop_s)
{
    double ended_s = -INFINITY;
    for (size_t d = 0; d < set->n_dependencies; d++)
        ended_s = later_of_both(ended_s, stop_s[set->dependencies[d].parent]);
    return set->n_dependencies ? start_s[k] - ended_s : (double)NAN;
}

double baselines_gap_of_sessions(const struct session *const *sessions, size_t n)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct workflow *w = sessions[i]->workflow;
        double *start = xcalloc(w->n_sets, sizeof *start), *stop = xcalloc(w->n_sets, sizeof *stop);
        metrics_set_spans(sessions[i]->timeline, start, stop);
        for (size_t k = 0; k < w->n_sets; k++) {
            double gap = gap_of(&w->sets[k], k, start, stop);
            if (isnan(gap))
                continue;
            sum += gap;
            count++;
        }
        xfree(start, stop);
    }
    return count ? sum / (double)count : (double)NAN;
}

double baselines_gap_of_profile(const struct middleware *m)
{
    struct latency l;
    latency_init(&l, m);
    return latency_submit(&l, SUBMIT_NEXT_STAGE, 0, 1) + latency_launch(&l, 1, false);
}

static int closed_form(const struct scenario *s, double gap_s, double *out, struct error *err)
{
    struct middleware *m = middleware_ideal();
    if (gap_s > 0) {
        m->parameter[STATION_NEXT_STAGE] = dist_constant(gap_s);
        m->parameter[STATION_NEXT_RUN] = dist_constant(gap_s);
    }
    struct scenario plain = *s;
    plain.middleware = m;
    plain.values = NULL;
    struct makespan_form form = { 0 };
    int failed = makespan_form_of(&plain, WAVE_EXPECTED_MAX, &form, err);
    middleware_free(m);
    *out = form.makespan_s;
    return failed;
}

static int simulated(const struct scenario *s, const char *overtake, size_t n, double *out,
                     struct error *err)
{
    struct scenario queue = *s;
    queue.scheduler = (struct scheduler_options){ .order = "arrival", .overtake = overtake,
                                                  .placement = "first_fit" };
    struct simulator *sim = simulator_new(&queue, err);
    if (!sim)
        return -1;
    double sum = 0;
    n = scenario_is_random(&queue) ? n : 1;
    for (size_t r = 0; r < n; r++) {
        struct replica replica;
        simulator_run(sim, (uint32_t)r, NULL, &replica);
        sum += replica.makespan_s;
    }
    simulator_free(sim);
    *out = sum / (double)n;
    return 0;
}

int baselines_run(const struct scenario *s, double gap_s, size_t n, double of_s[BASELINES],
                  struct error *err)
{
    struct critical_path *path = critical_path_new(s->workflow, s->mode);
    of_s[BASELINE_CRITICAL_PATH] = critical_path_length(path, NULL, 1);
    critical_path_free(path);
    if (closed_form(s, 0, &of_s[BASELINE_CLOSED_FORM], err) ||
        closed_form(s, gap_s, &of_s[BASELINE_CONSTANT_GAP], err) ||
        simulated(s, "none", n, &of_s[BASELINE_FIFO], err))
        return -1;
    return simulated(s, "backfill", n, &of_s[BASELINE_BACKFILL], err);
}
