#include "validation/learned_durations.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/durations.h"
#include "num/rng.h"
#include "num/stats.h"

#define BETWEEN_KINDS 0.05
#define OF_THE_PLAN 0.2
#define UNPLANNED 1.0
#define LEAST_SPREAD 0.002                /* of x, where the plan says less */
#define SHORTEST_S 1e-3
/* a task of a planned kind takes 0.37 to 2.7 times the median */
#define MOST_X 0.7
#define STRAGGLERS 1e-5                  /* share of tasks */
#define TAIL 2.0                         /* exponent of their survival */
enum { PRIOR_TASKS = 20, BURN_IN = 60, SWEEPS = 3 };

struct kind {
    const char *label;                   /* of its sets; not owned */
    double sum, squares;                 /* of x, over its tasks that are done */
    double prior_var;                    /* of x */
    double mu, var;                      /* the sampler's state */
    double imputed, imputed_squares;     /* sums of x over its running tasks, as drawn last */
    /* median of x; without tasks that are done, where the plan has it */
    double center;
    size_t n_done, n_running;
    size_t n_imputed;                    /* of the running ones, those that are no stragglers */
    bool planned;
};

struct learned_durations {
    const struct workflow *plan;
    const struct run_state *st;
    gsl_rng *rng;
    size_t n_kinds;
    struct kind *kinds;
    int *kind_of;                        /* by set */
    double *planned_s;                   /* by task; 1 in kinds without a plan */
    double *x;                           /* of running tasks, as drawn last */
    double middle;                       /* m */
    double unplanned;                    /* log of the mean duration so far */
};

static double x_of(const struct learned_durations *l, uint32_t task, double duration_s)
{
    return log(fmax(duration_s, SHORTEST_S) / l->planned_s[task]);
}

/* A task that ended after a small part of its time (it failed without saying so) is no measure of
 * the others. */
static double robust(const struct kind *k, double x)
{
    double most = k->planned ? MOST_X : 3 * MOST_X;
    return k->center + fmin(fmax(x - k->center, -most), most);
}

static double elapsed_s(const struct learned_durations *l, uint32_t task)
{
    return l->st->now_s - l->st->tasks[task].started_s;
}

/* ---- kinds ---- */

/* The plan's own variance of x. */
static double planned_var(const struct task_set *s)
{
    double mean = dist_mean(s->duration), sd = s->durations ? 0 : dist_sd(s->duration);
    double cv = mean > 0 ? fmin(sd / mean, 10) : 0;
    return log1p(cv * cv) + s->traits->set_sd * s->traits->set_sd;
}

static void add_set(struct learned_durations *l, size_t i)
{
    const struct task_set *s = &l->plan->sets[i];
    const char *label = s->label ? s->label : s->name;
    size_t k = 0;
    while (k < l->n_kinds && !str_equal(l->kinds[k].label, label))
        k++;
    if (k == l->n_kinds)
        l->kinds[l->n_kinds++] = (struct kind){ .label = label, .planned = true };
    struct kind *kind = &l->kinds[k];
    l->kind_of[i] = (int)k;
    double var = planned_var(s);
    kind->prior_var = fmax(kind->prior_var, fmax(var, LEAST_SPREAD * LEAST_SPREAD));
    for (uint32_t t = 0; t < s->n_tasks; t++) {
        /* the median */
        double expected_s = durations_expected(l->plan, (int)i, t) * exp(-var / 2);
        l->planned_s[s->first_task + t] = expected_s;
        kind->planned = kind->planned && expected_s >= SHORTEST_S && isfinite(expected_s);
    }
}

/* Medians of x by kind. */
static void find_centers(struct learned_durations *l)
{
    double *x = xcalloc(l->plan->n_tasks + 1, sizeof *x);
    for (size_t k = 0; k < l->n_kinds; k++) {
        size_t n = 0;
        for (size_t i = 0; i < l->plan->n_sets; i++) {
            const struct task_set *s = &l->plan->sets[i];
            for (uint32_t t = s->first_task;
                 l->kind_of[i] == (int)k && t < s->first_task + s->n_tasks; t++) {
                if (!l->kinds[k].planned)
                    l->planned_s[t] = 1;
                if (l->st->tasks[t].phase == RUN_DONE)
                    x[n++] = x_of(l, t, l->st->tasks[t].stopped_s - l->st->tasks[t].started_s);
            }
        }
        l->kinds[k].center = n ? stats_quantile(x, n, 0.5) : l->kinds[k].planned ? 0 : l->unplanned;
    }
    free(x);
}

static void add_task(struct learned_durations *l, struct kind *k, uint32_t task)
{
    const struct run_task *t = &l->st->tasks[task];
    if (t->phase == RUN_DONE) {
        double x = robust(k, x_of(l, task, t->stopped_s - t->started_s));
        k->sum += x;
        k->squares += x * x;
        k->n_done++;
    }
    if (t->phase == RUN_RUNNING) {
        k->n_running++;
        l->x[task] = fmax(x_of(l, task, elapsed_s(l, task)), 0);
    }
}

static double mean_so_far(const struct run_state *st)
{
    double sum = 0;
    size_t n = 0;
    for (uint32_t i = 0; i < st->n; i++) {
        const struct run_task *t = &st->tasks[i];
        double ran_s = t->phase == RUN_DONE      ? t->stopped_s - t->started_s
                       : t->phase == RUN_RUNNING ? st->now_s - t->started_s
                                                 : 0;
        sum += ran_s;
        n += ran_s > 0;
    }
    return n ? sum / (double)n : 1;
}

/* Kinds of one run scatter alike, against their plans: where some have ended, the others' prior
 * variances are multiplied by the geometric mean of (measured / planned). */
static void pool_variances(struct learned_durations *l)
{
    double sum = 0, weights = 0.3;
    for (size_t i = 0; i < l->n_kinds; i++) {
        const struct kind *k = &l->kinds[i];
        double n = (double)k->n_done;
        if (!k->planned || k->n_done < 3)
            continue;
        double var = fmax((k->squares - k->sum * k->sum / n) / (n - 1), 1e-10);
        sum += n / (n + 3) * log(var / k->prior_var);
        weights += n / (n + 3);
    }
    for (size_t i = 0; i < l->n_kinds; i++)
        if (l->kinds[i].planned)
            l->kinds[i].var = l->kinds[i].prior_var *= exp(sum / weights);
}

/* ---- the sampler ---- */

/* A normal above `low`; far in the tail an exponential stands for it. */
static double draw_above(gsl_rng *rng, double mu, double sd, double low)
{
    double z = (low - mu) / sd;
    if (z > 35)
        return low + sd * gsl_ran_exponential(rng, 1 / z);
    double u = gsl_rng_uniform_pos(rng) * gsl_cdf_ugaussian_Q(z);
    return fmax(low, mu + sd * gsl_cdf_ugaussian_Qinv(u));
}

/* Few tasks are stragglers, whose time has a heavy tail (Pareto's) above their kind's: a task that
 * runs far longer than its kind is most probably one, and says nothing of the others. */
static bool draw_straggler(struct learned_durations *l, const struct kind *k, uint32_t task)
{
    double x = x_of(l, task, elapsed_s(l, task)), above = x - k->mu;
    double straggles = STRAGGLERS * exp(-TAIL * fmax(above, 0)),
           goes_on = gsl_cdf_ugaussian_Q(above / sqrt(k->var));
    if (gsl_rng_uniform(l->rng) * (straggles + goes_on) >= straggles)
        return false;
    l->x[task] = fmax(x, k->mu) + gsl_ran_exponential(l->rng, 1 / TAIL);
    return true;
}

static void impute(struct learned_durations *l)
{
    for (size_t k = 0; k < l->n_kinds; k++) {
        l->kinds[k].imputed = l->kinds[k].imputed_squares = 0;
        l->kinds[k].n_imputed = 0;
    }
    for (size_t i = 0; i < l->plan->n_sets; i++) {
        const struct task_set *s = &l->plan->sets[i];
        struct kind *k = &l->kinds[l->kind_of[i]];
        for (uint32_t t = s->first_task; t < s->first_task + s->n_tasks && k->n_running; t++)
            if (l->st->tasks[t].phase == RUN_RUNNING && !draw_straggler(l, k, t)) {
                l->x[t] = draw_above(l->rng, k->mu, sqrt(k->var), x_of(l, t, elapsed_s(l, t)));
                k->imputed += l->x[t];
                k->imputed_squares += l->x[t] * l->x[t];
                k->n_imputed++;
            }
    }
}

static void draw_kind(struct learned_durations *l, struct kind *k)
{
    double n = (double)(k->n_done + k->n_imputed), sum = k->sum + k->imputed,
           squares = k->squares + k->imputed_squares;
    double between = k->planned ? BETWEEN_KINDS : UNPLANNED,
           about = k->planned ? l->middle : l->unplanned;
    double precision = 1 / (between * between) + n / k->var;
    k->mu = (about / (between * between) + sum / k->var) / precision +
            gsl_ran_gaussian(l->rng, 1 / sqrt(precision));
    double residual = fmax(squares - 2 * k->mu * sum + n * k->mu * k->mu, 0);
    double scale = PRIOR_TASKS * k->prior_var + residual;
    k->var = scale / gsl_ran_chisq(l->rng, PRIOR_TASKS + n);
}

static void draw_middle(struct learned_durations *l)
{
    double precision = 1 / (OF_THE_PLAN * OF_THE_PLAN), sum = 0;
    for (size_t k = 0; k < l->n_kinds; k++)
        if (l->kinds[k].planned && l->kinds[k].n_done + l->kinds[k].n_running > 0) {
            precision += 1 / (BETWEEN_KINDS * BETWEEN_KINDS);
            sum += l->kinds[k].mu / (BETWEEN_KINDS * BETWEEN_KINDS);
        }
    l->middle = sum / precision + gsl_ran_gaussian(l->rng, 1 / sqrt(precision));
}

static void sweep(struct learned_durations *l)
{
    impute(l);
    for (size_t k = 0; k < l->n_kinds; k++)
        draw_kind(l, &l->kinds[k]);
    draw_middle(l);
}

/* ---- outside ---- */

struct learned_durations *learned_durations_new(const struct workflow *plan,
                                                const struct run_state *st, uint64_t seed)
{
    struct learned_durations *l = xcalloc(1, sizeof *l);
    const struct rng_stream stream = rng_stream(seed, 0, RNG_LEARNED, 0);
    *l = (struct learned_durations){ .plan = plan, .st = st, .rng = rng_gsl_new(&stream, 0),
                                     .kinds = xcalloc(plan->n_sets + 1, sizeof *l->kinds),
                                     .kind_of = xcalloc(plan->n_sets + 1, sizeof *l->kind_of),
                                     .planned_s = xcalloc(plan->n_tasks + 1, sizeof *l->planned_s),
                                     .x = xcalloc(plan->n_tasks + 1, sizeof *l->x),
                                     .unplanned = log(fmax(mean_so_far(st), SHORTEST_S)) };
    for (size_t i = 0; i < plan->n_sets; i++)
        add_set(l, i);
    find_centers(l);
    for (size_t i = 0; i < plan->n_sets; i++)
        for (uint32_t t = 0; t < plan->sets[i].n_tasks; t++)
            add_task(l, &l->kinds[l->kind_of[i]], plan->sets[i].first_task + t);
    for (size_t k = 0; k < l->n_kinds; k++) {
        struct kind *kind = &l->kinds[k];
        kind->var = kind->prior_var = kind->planned ? kind->prior_var : fmax(kind->prior_var, 0.25);
        kind->mu = kind->n_done    ? kind->sum / (double)kind->n_done
                   : kind->planned ? 0
                                   : l->unplanned;
    }
    pool_variances(l);
    for (int i = 0; i < BURN_IN; i++)
        sweep(l);
    return l;
}

void learned_durations_free(struct learned_durations *l)
{
    if (!l)
        return;
    gsl_rng_free(l->rng);
    xfree(l->kinds, l->kind_of, l->planned_s, l->x, l);
}

static double draw_task(const struct learned_durations *l, const struct kind *k, uint32_t task)
{
    const struct run_task *t = &l->st->tasks[task];
    switch (t->phase) {
    case RUN_DONE: return t->stopped_s - t->started_s;
    case RUN_FAILED:
        return isnan(t->started_s) || isnan(t->stopped_s) ? 0 : t->stopped_s - t->started_s;
    case RUN_RUNNING: return l->planned_s[task] * exp(fmin(l->x[task], 30));
    case RUN_UNSEEN: case RUN_WAITING: case RUN_PHASES: break;
    }
    return l->planned_s[task] * exp(robust(k, k->mu + gsl_ran_gaussian(l->rng, sqrt(k->var))));
}

void learned_durations_draw(struct learned_durations *l, double *duration_s)
{
    for (int i = 0; i < SWEEPS; i++)
        sweep(l);
    for (size_t i = 0; i < l->plan->n_sets; i++) {
        const struct task_set *s = &l->plan->sets[i];
        for (uint32_t t = s->first_task; t < s->first_task + s->n_tasks; t++)
            duration_s[t] = draw_task(l, &l->kinds[l->kind_of[i]], t);
    }
}

bool learned_durations_is_late(const struct learned_durations *l, uint32_t task)
{
    const struct kind *k = &l->kinds[l->kind_of[workflow_set_of_task(l->plan, task)]];
    double n = (double)k->n_done;
    if (l->st->tasks[task].phase != RUN_RUNNING || (!k->planned && n < 2))
        return false;
    double mean = n > 0 ? k->sum / n : k->center, var = k->prior_var;
    if (n > 1)
        var = fmax(k->squares / n - mean * mean, k->prior_var / PRIOR_TASKS);
    double between = n > 0 ? var / n : BETWEEN_KINDS * BETWEEN_KINDS + OF_THE_PLAN * OF_THE_PLAN;
    return x_of(l, task, elapsed_s(l, task)) > mean + 1.96 * sqrt(var + between);
}
