/* The sampler of learned durations: what running tasks still need, and what is known of their
 * kinds, are drawn in turns. */
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "validation/learned_durations.h"
#include "validation/learned_durations_impl.h"

#define UNPLANNED 1.0                    /* sd of mu of a kind whose plan says nothing */
#define STRAGGLERS 1e-5                  /* share of tasks */
#define TAIL 2.0                         /* exponent of their survival */

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
static bool draw_straggler(struct learned_durations *l, const struct learned_kind *k, uint32_t task)
{
    double x = learned_x_of(l, task, learned_elapsed_s(l, task)), above = x - k->mu;
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
        struct learned_kind *k = &l->kinds[l->kind_of[i]];
        for (uint32_t t = s->first_task; t < s->first_task + s->n_tasks && k->n_running; t++)
            if (l->st->tasks[t].phase == RUN_RUNNING && !draw_straggler(l, k, t)) {
                l->x[t] = draw_above(l->rng, k->mu, sqrt(k->var),
                                     learned_x_of(l, t, learned_elapsed_s(l, t)));
                k->imputed += l->x[t];
                k->imputed_squares += l->x[t] * l->x[t];
                k->n_imputed++;
            }
    }
}

static void draw_kind(struct learned_durations *l, struct learned_kind *k)
{
    double n = (double)(k->n_done + k->n_imputed), sum = k->sum + k->imputed,
           squares = k->squares + k->imputed_squares;
    double between = k->planned ? LEARNED_BETWEEN_KINDS : UNPLANNED,
           about = k->planned ? l->middle : l->unplanned;
    double precision = 1 / (between * between) + n / k->var;
    k->mu = (about / (between * between) + sum / k->var) / precision +
            gsl_ran_gaussian(l->rng, 1 / sqrt(precision));
    double residual = fmax(squares - 2 * k->mu * sum + n * k->mu * k->mu, 0);
    double scale = LEARNED_PRIOR_TASKS * k->prior_var + residual;
    k->var = scale / gsl_ran_chisq(l->rng, LEARNED_PRIOR_TASKS + n);
}

static void draw_middle(struct learned_durations *l)
{
    double precision = 1 / (LEARNED_OF_THE_PLAN * LEARNED_OF_THE_PLAN), sum = 0;
    for (size_t k = 0; k < l->n_kinds; k++)
        if (l->kinds[k].planned && l->kinds[k].n_done + l->kinds[k].n_running > 0) {
            precision += 1 / (LEARNED_BETWEEN_KINDS * LEARNED_BETWEEN_KINDS);
            sum += l->kinds[k].mu / (LEARNED_BETWEEN_KINDS * LEARNED_BETWEEN_KINDS);
        }
    l->middle = sum / precision + gsl_ran_gaussian(l->rng, 1 / sqrt(precision));
}

void learned_sweep(struct learned_durations *l)
{
    impute(l);
    for (size_t k = 0; k < l->n_kinds; k++)
        draw_kind(l, &l->kinds[k]);
    draw_middle(l);
}
