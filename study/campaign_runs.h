/* study/campaign_runs.h - the results of a campaign over time, in several replicas of one scenario
 * (replicate() collects them). */
#ifndef DAGCAST_STUDY_CAMPAIGN_RUNS_H
#define DAGCAST_STUDY_CAMPAIGN_RUNS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/simulate.h"

struct campaign_run {                    /* one replica */
    size_t n;
    /* when each result was known, since the session's start, ascending */
    double *result_s;
    size_t *hits;                        /* among the first k of them; n + 1 entries */
};
struct campaign_runs { size_t n; struct campaign_run *at; };

/* Of a campaign of the session that the simulator has just run. */
struct campaign_run campaign_run_of(const struct simulator *s, size_t campaign);
void campaign_run_clear(struct campaign_run *r);
void campaign_runs_clear(struct campaign_runs *r);
/* the last result of all; 0 without */
double campaign_runs_end_s(const struct campaign_runs *r);
bool campaign_runs_hit(const struct campaign_runs *r);           /* some result is a hit */

/* Results, or hits, known by x_s: mean and 5 to 95 % quantiles over the replicas. */
struct campaign_count { double mean, low, high; };
struct campaign_count campaign_runs_by(const struct campaign_runs *r, double x_s, bool hits);

#endif
