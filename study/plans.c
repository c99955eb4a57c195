#include "study/plans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "study/replicate.h"

enum { MOST_REPLICAS = 500, SPARE_JOBS = 4 };
static const double minute_s = 60, hour_s = 3600;

struct planner {
    const struct scenario *scenario;
    const struct advise_options *options;
    const struct advice *advice;
    struct plans *out;
    size_t room;
};

/* ---- one plan ---- */

static double member_quantile(const struct plan *p, size_t offset, double level)
{
    double *x = xcalloc(p->replicas, sizeof *x);
    for (size_t i = 0; i < p->replicas; i++)
        memcpy(&x[i], (const char *)&p->runs[i].jobs + offset, sizeof *x);
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

static void fill(const struct planner *pl, const struct platform *on, struct plan *p)
{
    double confidence = pl->options->confidence, held_s = 0, lost_s = 0;
    size_t more = 0;
    for (size_t i = 0; i < p->replicas; i++) {
        held_s += p->runs[i].jobs.held_s;
        lost_s += p->runs[i].lost_slot_s;
        more += (int)p->runs[i].jobs.n > p->planned;
    }
    double n = (double)p->replicas, nodes = (double)on->n_nodes;
    p->charge = nodes * held_s / n / hour_s * (p->queue ? p->queue->charge_factor : 1);
    p->lost_hours = nodes * lost_s / n / (double)platform_usable_slots(on) / hour_s;
    p->share_second = (double)more / n;
    p->jobs_q50 = jobs_quantile(p, 0.5);
    p->jobs_q = jobs_quantile(p, confidence);
    p->solution_q50_s = member_quantile(p, offsetof(struct replica_jobs, solution_s), 0.5);
    p->solution_q_s = member_quantile(p, offsetof(struct replica_jobs, solution_s), confidence);
    p->queue_q50_s = member_quantile(p, offsetof(struct replica_jobs, queue_s), 0.5);
    p->queue_q_s = member_quantile(p, offsetof(struct replica_jobs, queue_s), confidence);
}

/* Appends `more` replicas. 1: it does not end within its jobs and some to spare, or was interrupted. */
static int run_plan(struct planner *pl, struct plan *p, size_t more)
{
    const struct advise_options *o = pl->options;
    const struct advice_row *row = &pl->advice->rows[p->row];
    struct scenario one = *pl->scenario;
    struct platform *on = platform_with_nodes(one.platform, row->nodes, NULL);
    struct replicate_options how = {
        .from = p->replicas, .replicas = more, .threads = o->threads, .stop = o->stop,
        .progress = o->progress,
    };
    struct replicas runs = { 0 };
    one.platform = on;
    one.mode = row->mode;
    one.walltime_s = p->walltime_s;
    one.allocation.jobs = p->planned + SPARE_JOBS;
    int status = replicate(&one, &how, &runs, NULL) || !replicas_are_complete(&runs);
    pl->out->interrupted |= runs.interrupted;
    if (status == 0 && !runs.interrupted) {
        p->runs = xrealloc(p->runs, p->replicas + runs.n, sizeof *p->runs);
        memcpy(p->runs + p->replicas, runs.at, runs.n * sizeof *p->runs);
        p->replicas += runs.n;
        fill(pl, on, p);
    }
    replicas_clear(&runs);
    platform_free(on);
    return status || pl->out->interrupted;
}

/* ---- candidates ---- */

static double longest_walltime(const struct platform *p, size_t nodes)
{
    double most_s = p->n_queues > 0 ? 0 : INFINITY;
    for (size_t i = 0; i < p->n_queues; i++)
        if (queue_takes(&p->queues[i], p, nodes))
            most_s = fmax(most_s, p->queues[i].max_walltime_s);
    return most_s;
}

static void add_plan(struct planner *pl, size_t row, int jobs, double walltime_s, size_t replicas)
{
    const struct platform *p = pl->scenario->platform;
    const struct advice_row *r = &pl->advice->rows[row];
    struct plan plan = { .row = row,
                         .planned = jobs,
                         .walltime_s = walltime_s,
                         .queue = platform_queue(p, r->nodes, walltime_s) };
    if ((p->n_queues > 0 && !plan.queue) || (p->machine_nodes > 0 && r->nodes > p->machine_nodes))
        return;
    if (run_plan(pl, &plan, replicas)) {
        free(plan.runs);
        return;
    }
    xgrow(&pl->out->at, &pl->room, pl->out->n + 1, sizeof *pl->out->at);
    pl->out->at[pl->out->n++] = plan;
}

/* The work divided into ever more jobs; where a queue ends jobs sooner, it takes more. */
static void add_plans_of_row(struct planner *pl, size_t row, int most_jobs, size_t replicas)
{
    const struct advice_row *r = &pl->advice->rows[row];
    double limit_s =
               floor(longest_walltime(pl->scenario->platform, r->nodes) / minute_s) * minute_s,
           last_s = INFINITY;
    if (r->why_not || r->same_as >= 0 || r->share_complete < 1)
        return;
    for (int jobs = 1; jobs <= most_jobs && !pl->out->interrupted; jobs++) {
        double walltime_s = ceil(r->walltime_s / jobs / minute_s) * minute_s;
        if (walltime_s > limit_s && jobs < most_jobs)
            continue;
        walltime_s = fmin(walltime_s, limit_s);
        if (walltime_s <= 0 || walltime_s >= last_s)
            continue;
        last_s = walltime_s;
        add_plan(pl, row, jobs, walltime_s, replicas);
    }
}

/* ---- choices ---- */

static void choose(struct plans *p)
{
    p->soonest = p->soonest_median = p->cheapest = -1;
    for (size_t i = 0; i < p->n; i++) {
        const struct plan *x = &p->at[i];
        if (p->soonest < 0 || x->solution_q_s < p->at[p->soonest].solution_q_s)
            p->soonest = (int)i;
        if (p->soonest_median < 0 || x->solution_q50_s < p->at[p->soonest_median].solution_q50_s)
            p->soonest_median = (int)i;
        if (p->cheapest < 0 || x->charge < p->at[p->cheapest].charge)
            p->cheapest = (int)i;
    }
}

/* A rival's quantile may be less than that of the best so far. */
static bool may_be_a_choice(const struct plans *p, size_t i)
{
    const double margin = 1.05;
    const struct plan *x = &p->at[i];
    return x->solution_q_s <= margin * p->at[p->soonest].solution_q_s ||
           x->solution_q50_s <= margin * p->at[p->soonest_median].solution_q50_s ||
           x->charge <= margin * p->at[p->cheapest].charge;
}

static void refine(struct planner *pl)
{
    struct plans *p = pl->out;
    size_t most = pl->options->replicas < MOST_REPLICAS ? pl->options->replicas : MOST_REPLICAS;
    choose(p);
    bool *rival = xcalloc(p->n + 1, sizeof *rival);
    for (size_t i = 0; i < p->n; i++)
        rival[i] = may_be_a_choice(p, i);
    size_t kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        struct plan *x = &p->at[i];
        bool fails = rival[i] && x->replicas < most && !p->interrupted &&
                     run_plan(pl, x, most - x->replicas);
        if (fails && !p->interrupted)
            free(x->runs); /* a replica that does not end: no plan to rely on */
        else
            p->at[kept++] = *x;
    }
    p->n = kept;
    choose(p);
    free(rival);
}

int plans_make(const struct scenario *s, const struct advise_options *o, const struct advice *a,
               int most_jobs, struct plans *out, struct error *err)
{
    struct planner pl = { .scenario = s, .options = o, .advice = a, .out = out };
    *out = (struct plans){ .soonest = -1, .soonest_median = -1, .cheapest = -1 };
    for (size_t i = 0; i < a->n && !out->interrupted; i++)
        add_plans_of_row(&pl, i, most_jobs, advise_least_replicas(o->confidence));
    if (!out->interrupted)
        refine(&pl);
    return out->interrupted ? error_set(err, "interrupted") : 0;
}

void plans_clear(struct plans *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->at[i].runs);
    free(p->at);
    *p = (struct plans){ 0 };
}
