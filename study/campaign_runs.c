#include "study/replicate.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "num/stats.h"

struct campaign_run campaign_run_of(const struct simulator *s, size_t campaign)
{
    const bool *hit;
    const double *result_s = simulator_results(s, campaign, &hit);
    size_t n = simulator_campaign(s, campaign)->n_results;
    struct campaign_run out = { .n = n, .result_s = xmemdup(result_s, n * sizeof *result_s),
                                .hits = xcalloc(n + 1, sizeof *out.hits) };
    for (size_t k = 0; k < n; k++)
        out.hits[k + 1] = out.hits[k] + hit[k];
    return out;
}

void campaign_run_clear(struct campaign_run *r)
{
    xfree(r->result_s, r->hits);
    *r = (struct campaign_run){ 0 };
}

void campaign_runs_clear(struct campaign_runs *r)
{
    for (size_t i = 0; i < r->n; i++)
        campaign_run_clear(&r->at[i]);
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
    size_t n = sort_count(run->result_s, run->n, x_s);
    return hits && run->n > 0 ? run->hits[n] : n;
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
