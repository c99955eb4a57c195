/* study/plans_run.c - replicas of one plan, and its quantiles, charge and energy over them. */
#include "study/plans_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "study/replicate.h"

enum { SPARE_JOBS = 4 };                 /* beyond those planned, before a replica is given up */
static const double hour_s = 3600, joules_a_kwh = 3.6e6;

double plans_solution_s(const struct plan *p, size_t replica)
{
    const struct replica *r = &p->runs[replica];
    return r->complete ? r->jobs.solution_s : (double)INFINITY;
}

static double solution_quantile(const struct plan *p, double level)
{
    double *x = xcalloc(p->replicas, sizeof *x);
    for (size_t i = 0; i < p->replicas; i++)
        x[i] = plans_solution_s(p, i);
    double q = stats_quantile(x, p->replicas, level);
    free(x);
    return isnan(q) ? (double)INFINITY : q;
}

static double queue_quantile(const struct plan *p, double level)
{
    double *x = REPLICA_TIMES(p->runs, p->replicas, jobs.queue_s);
    double q = stats_quantile(x, p->replicas, level);
    free(x);
    return q;
}

/* A count: the least that so many keep. */
static double jobs_quantile(const struct plan *p, double level)
{
    for (size_t jobs = 1;; jobs++) {
        size_t kept = 0;
        for (size_t i = 0; i < p->replicas; i++)
            kept += p->runs[i].jobs.n <= jobs;
        if ((double)kept >= level * (double)p->replicas)
            return (double)jobs;
    }
}

static void add_means(const struct platform *on, struct plan *p)
{
    double held_s = 0, lost_s = 0, busy_j = 0, n = (double)p->replicas, nodes = (double)on->n_nodes;
    size_t more = 0, complete = 0;
    for (size_t i = 0; i < p->replicas; i++) {
        held_s += p->runs[i].jobs.held_s;
        lost_s += p->runs[i].lost_slot_s;
        busy_j += p->runs[i].busy_j;
        more += p->runs[i].jobs.n > (size_t)p->planned * p->pilots;
        complete += p->runs[i].complete;
    }
    p->charge = nodes * held_s / n / hour_s * (p->queue ? p->queue->charge_factor : 1);
    p->energy_kwh = (platform_idle_w(on) * held_s + busy_j) / n / joules_a_kwh;
    p->lost_hours = nodes * lost_s / n / (double)platform_usable_slots(on) / hour_s;
    p->share_second = (double)more / n;
    p->share_complete = (double)complete / n;
}

static void fill(const struct planner *pl, const struct platform *on, struct plan *p)
{
    double confidence = pl->options->confidence;
    add_means(on, p);
    p->jobs_q50 = jobs_quantile(p, 0.5);
    p->jobs_q = jobs_quantile(p, confidence);
    p->solution_q50_s = solution_quantile(p, 0.5);
    p->solution_q_s = solution_quantile(p, confidence);
    p->queue_q50_s = queue_quantile(p, 0.5);
    p->queue_q_s = queue_quantile(p, confidence);
}

static struct platform *platform_of(const struct planner *pl, const struct plan *p)
{
    struct platform *job = platform_with_nodes(pl->scenario->platform, p->nodes, NULL);
    if (!job || p->pilots == 1)
        return job;
    struct platform *all = platform_with_pilots(job, p->pilots, NULL);
    platform_free(job);
    return all;
}

int plans_run(struct planner *pl, struct plan *p, size_t replicas)
{
    const struct advise_options *o = pl->options;
    struct scenario one = *pl->scenario;
    struct platform *on = platform_of(pl, p);
    struct replicate_options how = { .from = p->replicas,
                                     .replicas = replicas - p->replicas,
                                     .threads = o->threads,
                                     .stop = o->stop,
                                     .progress = o->progress };
    struct replicas runs = { 0 };
    one.platform = on;
    one.mode = pl->advice->rows[p->row].mode;
    one.walltime_s = p->walltime_s;
    one.allocation.jobs = p->planned + SPARE_JOBS;
    int status = !on || replicate(&one, &how, &runs, NULL);
    pl->out->interrupted |= runs.interrupted;
    if (status == 0 && !runs.interrupted) {
        p->runs = xrealloc(p->runs, p->replicas + runs.n, sizeof *p->runs);
        memcpy(p->runs + p->replicas, runs.at, runs.n * sizeof *p->runs);
        p->replicas += runs.n;
        fill(pl, on, p);
        status = p->share_complete < o->confidence || isinf(p->solution_q_s);
    }
    replicas_clear(&runs);
    platform_free(on);
    return status || pl->out->interrupted;
}
