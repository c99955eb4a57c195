/* study/replicate.h - many replicas of one scenario, on several threads, with the same results from
 * any number of them.
 *
 * Replica r is a pure function of the scenario and r; results stand in replica order; the rule that
 * stops early is tested after every 64 replicas in that order, never in order of completion. One
 * simulator a thread, no shared state in the loop. If nothing in the scenario is random
 * (sim/randomness.h), one replica runs and stands for all. */
#ifndef DAGCAST_STUDY_REPLICATE_H
#define DAGCAST_STUDY_REPLICATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/progress.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "sim/simulate.h"
#include "study/adaptive.h"
#include "study/explain.h"

/* The results of a campaign over time, in several replicas of one scenario (replicate() collects
 * them). */
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

struct replicate_options {
    /* number of the first replica; 0 with keep_first or explain */
    size_t from;
    size_t replicas;                     /* to run, or at most: >= 1 */
    /* enough when two standard errors of the mean makespan are <= precision x mean; 0: never */
    double precision;
    int threads;                         /* >= 1 */
    /* also each replica's lower bound (model/bounds.h); O(tasks) more a replica */
    bool bounds;
    bool keep_first;                     /* also the timeline of replica 0 */
    /* also where the time goes in the first so many replicas (study/explain.h) */
    size_t explain;
    /* also the results of the workflow's campaigns in the first so many replicas */
    size_t campaign;
    /* the caller sets it: return soon with what is complete; NULL allowed */
    const atomic_bool *stop;
    struct progress *progress;           /* stepped by replicas; NULL allowed */
};

struct replicas {                        /* replicas 0 .. n - 1 */
    size_t n;
    struct replica *at;
    double *bound_s;                     /* n lower bounds, or NULL when not asked for */
    /* of replica 0, or NULL when not asked for or interrupted */
    struct timeline *first;
    struct adaptive_figures *decided;    /* n of them, of such a workflow; else NULL */
    struct explanation explanation;      /* of min(n, explain) replicas */
    size_t n_campaigns;                  /* ADAPTIVE_CAMPAIGNS at most; 0: not asked for */
    struct campaign_runs *campaigns;     /* of min(n, campaign) replicas each */
    bool interrupted;                    /* `stop` was set before enough had run; n may be 0 */
};

/* -1: what simulator_new() refuses, or bounds_new(). */
int replicate(const struct scenario *s, const struct replicate_options *o, struct replicas *out,
              struct error *err);
void replicas_clear(struct replicas *r);
bool replicas_are_complete(const struct replicas *r);    /* every task of every one is done */
/* A time of each of n replicas: REPLICA_TIMES(r->at, r->n, session_s). free() it. */
double *replica_times(const struct replica *at, size_t n, size_t member);
#define REPLICA_TIMES(at, n, member) replica_times(at, n, offsetof(struct replica, member))

int replicate_default_threads(void);     /* processors online, at least 1 */

#endif
