#include "study/campaign_runs.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "num/stats.h"
#include "study/adaptive.h"

static int run_one(const struct scenario *s, uint32_t replica, const atomic_bool *stop,
                   struct campaign_run *out, struct error *err)
{
    struct adaptive_session session;
    struct replica run;
    const bool *hit;
    if (adaptive_session(s, replica, stop, &session, err))
        return -1;
    struct simulator *sim =
        session.workflow->n_sets > 0 ? simulator_new(&session.scenario, err) : NULL;
    int status = sim || session.workflow->n_sets == 0 ? 0 : -1;
    if (sim) {
        simulator_stop_on(sim, stop);
        simulator_run(sim, replica, NULL, &run);
        const double *result_s = simulator_results(sim, 0, &hit);
        out->n = simulator_campaign(sim, 0)->n_results;
        out->result_s = xmemdup(result_s, out->n * sizeof *result_s);
        out->hits = xcalloc(out->n + 1, sizeof *out->hits);
        for (size_t k = 0; k < out->n; k++)
            out->hits[k + 1] = out->hits[k] + hit[k];
    }
    simulator_free(sim);
    adaptive_session_clear(&session);
    return status;
}

int campaign_runs(const struct scenario *s, size_t replicas, const atomic_bool *stop,
                  struct campaign_runs *out, struct error *err)
{
    *out = (struct campaign_runs){ .at = xcalloc(replicas + 1, sizeof *out->at) };
    if (s->workflow->decisions.n_campaigns == 0)
        return error_set(err,
                         "workflow %s: has no campaign; `campaigns` names one (docs/decisions.md)",
                         s->workflow->name);
    for (size_t r = 0; r < replicas; r++) {
        if (run_one(s, (uint32_t)r, stop, &out->at[r], err))
            return -1;
        out->n++;
        if (stop && atomic_load(stop))
            return error_set(err, "interrupted; nothing was written");
    }
    return 0;
}

void campaign_runs_clear(struct campaign_runs *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->at[i].result_s);
        free(r->at[i].hits);
    }
    free(r->at);
    *r = (struct campaign_runs){ 0 };
}

double campaign_runs_end_s(const struct campaign_runs *r)
{
    double end_s = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->at[i].n > 0)
            end_s = fmax(end_s, r->at[i].result_s[r->at[i].n - 1]);
    return end_s;
}

bool campaign_runs_hit(const struct campaign_runs *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->at[i].n > 0 && r->at[i].hits[r->at[i].n] > 0)
            return true;
    return false;
}

static size_t count_by(const struct campaign_run *run, double x_s, bool hits)
{
    size_t low = 0, high = run->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->result_s[middle] <= x_s)
            low = middle + 1;
        else
            high = middle;
    }
    return hits && run->n > 0 ? run->hits[low] : low;
}

struct campaign_count campaign_runs_by(const struct campaign_runs *r, double x_s, bool hits)
{
    double *counts = xcalloc(r->n + 1, sizeof *counts);
    for (size_t i = 0; i < r->n; i++)
        counts[i] = (double)count_by(&r->at[i], x_s, hits);
    struct campaign_count out = { stats_summarise(counts, r->n).mean,
                                  stats_quantile(counts, r->n, 0.05),
                                  stats_quantile(counts, r->n, 0.95) };
    free(counts);
    return out;
}
