#include "study/plans_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

enum { FEW_REPLICAS = 16, MOST_REPLICAS = 500 };
static const double minute_s = 60;

const char *plan_form_name(enum plan_form f)
{
    static const char *const names[] = {
        [PLAN_ONE_JOB] = "one job",
        [PLAN_CHAIN] = "jobs one after the other",
        [PLAN_SIDE_BY_SIDE] = "jobs side by side",
    };
    return names[f];
}

enum plan_form plan_form_of(const struct plan *p)
{
    return p->pilots > 1 ? PLAN_SIDE_BY_SIDE : p->jobs_q > 1 ? PLAN_CHAIN : PLAN_ONE_JOB;
}

/* ---- candidates ---- */

static double longest_walltime(const struct platform *p, size_t nodes)
{
    double most_s = p->n_queues > 0 ? 0 : INFINITY;
    for (size_t i = 0; i < p->n_queues; i++)
        if (queue_takes(&p->queues[i], p, nodes))
            most_s = fmax(most_s, p->queues[i].max_walltime_s);
    return floor(most_s / minute_s) * minute_s;
}

/* Two replicas tell most of those that never end. */
static void add_plan(struct planner *pl, struct plan plan)
{
    const struct platform *p = pl->scenario->platform;
    size_t few = pl->options->replicas < FEW_REPLICAS ? pl->options->replicas : FEW_REPLICAS;
    plan.queue = platform_queue(p, plan.nodes, plan.walltime_s);
    if ((p->n_queues > 0 && !plan.queue) ||
        (p->machine_nodes > 0 && plan.nodes * plan.pilots > p->machine_nodes))
        return;
    if (plans_run(pl, &plan, few < 2 ? few : 2) || plans_run(pl, &plan, few)) {
        free(plan.runs);
        return;
    }
    xgrow(&pl->out->at, &pl->room, pl->out->n + 1, sizeof *pl->out->at);
    pl->out->at[pl->out->n++] = plan;
}

/* The work divided into ever more jobs; where a queue ends jobs sooner, it takes more. */
static void add_chains(struct planner *pl, size_t row)
{
    const struct advice_row *r = &pl->advice->rows[row];
    double limit_s = longest_walltime(pl->scenario->platform, r->nodes), last_s = INFINITY;
    for (int jobs = 1; jobs <= pl->limits.jobs && !pl->out->interrupted; jobs++) {
        double walltime_s = ceil(r->walltime_s / jobs / minute_s) * minute_s;
        if (walltime_s > limit_s && jobs < pl->limits.jobs)
            continue;
        walltime_s = fmin(walltime_s, limit_s);
        if (walltime_s <= 0 || walltime_s >= last_s)
            continue;
        last_s = walltime_s;
        add_plan(pl, (struct plan){ .row = row,
                                    .pilots = 1,
                                    .nodes = r->nodes,
                                    .planned = jobs,
                                    .walltime_s = walltime_s });
    }
}

/* Its nodes divided among jobs side by side: each with time for its share, or for all the work. */
static void add_side_by_side(struct planner *pl, size_t row)
{
    const struct advice_row *r = &pl->advice->rows[row];
    for (size_t k = 2; k <= (size_t)pl->limits.pilots && !pl->out->interrupted; k *= 2) {
        double limit_s = longest_walltime(pl->scenario->platform, r->nodes / k), last_s = 0;
        for (int times = 1; times <= (int)k && r->nodes % k == 0; times += (int)k - 1) {
            double walltime_s = fmin(r->walltime_s * times, limit_s);
            if (walltime_s <= last_s || pl->out->interrupted)
                break;
            last_s = walltime_s;
            add_plan(pl, (struct plan){ .row = row,
                                        .pilots = k,
                                        .nodes = r->nodes / k,
                                        .planned = 1,
                                        .walltime_s = walltime_s });
        }
    }
}

static void add_plans_of_row(struct planner *pl, size_t row)
{
    const struct advice_row *r = &pl->advice->rows[row];
    if (r->why_not || r->same_as >= 0 || !r->enough)
        return;
    add_chains(pl, row);
    if (pl->scenario->allocation.wait)
        add_side_by_side(pl, row);
}

/* ---- choices ---- */

static void take_sooner(const struct plans *p, int *best, size_t i)
{
    if (*best < 0 || p->at[i].solution_q_s < p->at[*best].solution_q_s)
        *best = (int)i;
}

static void choose(struct plans *p)
{
    p->soonest = p->soonest_median = p->cheapest = -1;
    for (int f = 0; f < PLAN_FORMS; f++)
        p->of_form[f] = -1;
    for (size_t i = 0; i < p->n; i++) {
        const struct plan *x = &p->at[i];
        take_sooner(p, &p->soonest, i);
        take_sooner(p, &p->of_form[plan_form_of(x)], i);
        if (p->soonest_median < 0 || x->solution_q50_s < p->at[p->soonest_median].solution_q50_s)
            p->soonest_median = (int)i;
        if (p->cheapest < 0 || x->charge < p->at[p->cheapest].charge)
            p->cheapest = (int)i;
    }
}

static const double margin = 1.05; /* what a better estimate may change */

/* Slower than the other in nine of ten replicas that both have run: draws are the same. */
static bool mostly_slower(const struct plan *x, const struct plan *than)
{
    size_t n = x->replicas < than->replicas ? x->replicas : than->replicas, slower = 0;
    for (size_t i = 0; i < n; i++)
        slower += plans_solution_s(x, i) > plans_solution_s(than, i);
    return 10 * slower >= 9 * n;
}

static bool is_worth_more(const struct planner *pl, size_t i)
{
    const struct plans *p = pl->out;
    const struct plan *x = &p->at[i];
    if (pl->options->all || x->charge <= margin * p->at[p->cheapest].charge)
        return true;
    for (size_t k = 0; k < p->n; k++) {
        const struct plan *y = &p->at[k];
        bool alike = pl->advice->rows[y->row].nodes == pl->advice->rows[x->row].nodes;
        if (alike && plan_form_of(x) == plan_form_of(y) && mostly_slower(x, y))
            return false;
    }
    return true;
}

/* A choice, or a rival whose quantile may be less than that of the best so far. */
static bool may_be_a_choice(const struct planner *pl, size_t i)
{
    const struct plans *p = pl->out;
    const struct plan *x = &p->at[i], *q = &p->at[p->soonest], *q50 = &p->at[p->soonest_median];
    if (x == q || x == q50 || (int)i == p->cheapest)
        return true;
    return (x->solution_q_s <= margin * q->solution_q_s && !mostly_slower(x, q)) ||
           (x->solution_q50_s <= margin * q50->solution_q50_s && !mostly_slower(x, q50));
}

/* Those that are worth it run up to so many replicas; a plan that then does not end often enough is
 * dropped. */
static void run_more(struct planner *pl, bool (*worth)(const struct planner *pl, size_t i),
                     size_t replicas)
{
    struct plans *p = pl->out;
    bool *more = xcalloc(p->n + 1, sizeof *more);
    size_t kept = 0;
    for (size_t i = 0; i < p->n; i++)
        more[i] = worth(pl, i);
    for (size_t i = 0; i < p->n; i++) {
        struct plan *x = &p->at[i];
        bool fails =
            more[i] && x->replicas < replicas && !p->interrupted && plans_run(pl, x, replicas);
        if (fails && !p->interrupted)
            free(x->runs);
        else
            p->at[kept++] = *x;
    }
    p->n = kept;
    choose(p);
    free(more);
}

static void refine(struct planner *pl)
{
    size_t asked = pl->options->replicas;
    size_t most = asked < MOST_REPLICAS ? asked : MOST_REPLICAS;
    size_t least = advise_least_replicas(pl->options->confidence);
    choose(pl->out);
    run_more(pl, is_worth_more, least);
    for (size_t n = 2 * least; n < 2 * most; n *= 2)
        run_more(pl, may_be_a_choice, n < most ? n : most);
}

int plans_make(const struct scenario *s, const struct advise_options *o, const struct advice *a,
               struct plan_limits limits, struct plans *out, struct error *err)
{
    struct planner pl = { .scenario = s, .options = o, .advice = a, .limits = limits, .out = out };
    *out = (struct plans){ 0 };
    choose(out);
    for (size_t i = 0; i < a->n && !out->interrupted; i++)
        add_plans_of_row(&pl, i);
    if (!out->interrupted && out->n > 0)
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
