#include "validation/learned_durations.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/durations.h"
#include "num/rng.h"
#include "num/stats.h"
#include "validation/learned_durations_impl.h"

#define LEAST_SPREAD 0.002               /* of x, where the plan says less */
/* a task of a planned kind takes 0.37 to 2.7 times the median */
#define MOST_X 0.7
enum { BURN_IN = 60, SWEEPS = 3 };

/* A task that ended after a small part of its time (it failed without saying so) is no measure of
 * the others. */
static double robust(const struct learned_kind *k, double x)
{
    double most = k->planned ? MOST_X : 3 * MOST_X;
    return k->center + fmin(fmax(x - k->center, -most), most);
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
        l->kinds[l->n_kinds++] = (struct learned_kind){ .label = label, .planned = true };
    struct learned_kind *kind = &l->kinds[k];
    l->kind_of[i] = (int)k;
    double var = planned_var(s);
    kind->prior_var = fmax(kind->prior_var, fmax(var, LEAST_SPREAD * LEAST_SPREAD));
    for (uint32_t t = 0; t < s->n_tasks; t++) {
        /* the median */
        double expected_s = durations_expected(l->plan, (int)i, t) * exp(-var / 2);
        l->planned_s[s->first_task + t] = expected_s;
        kind->planned = kind->planned && expected_s >= LEARNED_SHORTEST_S && isfinite(expected_s);
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
                    x[n++] =
                        learned_x_of(l, t, l->st->tasks[t].stopped_s - l->st->tasks[t].started_s);
            }
        }
        l->kinds[k].center = n ? stats_quantile(x, n, 0.5) : l->kinds[k].planned ? 0 : l->unplanned;
    }
    free(x);
}

static void add_task(struct learned_durations *l, struct learned_kind *k, uint32_t task)
{
    const struct run_task *t = &l->st->tasks[task];
    if (t->phase == RUN_DONE) {
        double x = robust(k, learned_x_of(l, task, t->stopped_s - t->started_s));
        k->sum += x;
        k->squares += x * x;
        k->n_done++;
    }
    if (t->phase == RUN_RUNNING) {
        k->n_running++;
        l->x[task] = fmax(learned_x_of(l, task, learned_elapsed_s(l, task)), 0);
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
        const struct learned_kind *k = &l->kinds[i];
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
                                     .unplanned = log(fmax(mean_so_far(st), LEARNED_SHORTEST_S)) };
    for (size_t i = 0; i < plan->n_sets; i++)
        add_set(l, i);
    find_centers(l);
    for (size_t i = 0; i < plan->n_sets; i++)
        for (uint32_t t = 0; t < plan->sets[i].n_tasks; t++)
            add_task(l, &l->kinds[l->kind_of[i]], plan->sets[i].first_task + t);
    for (size_t k = 0; k < l->n_kinds; k++) {
        struct learned_kind *kind = &l->kinds[k];
        kind->var = kind->prior_var = kind->planned ? kind->prior_var : fmax(kind->prior_var, 0.25);
        kind->mu = kind->n_done    ? kind->sum / (double)kind->n_done
                   : kind->planned ? 0
                                   : l->unplanned;
    }
    pool_variances(l);
    for (int i = 0; i < BURN_IN; i++)
        learned_sweep(l);
    return l;
}

void learned_durations_free(struct learned_durations *l)
{
    if (!l)
        return;
    gsl_rng_free(l->rng);
    xfree(l->kinds, l->kind_of, l->planned_s, l->x, l);
}

static double draw_task(const struct learned_durations *l, const struct learned_kind *k,
                        uint32_t task)
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
        learned_sweep(l);
    for (size_t i = 0; i < l->plan->n_sets; i++) {
        const struct task_set *s = &l->plan->sets[i];
        for (uint32_t t = s->first_task; t < s->first_task + s->n_tasks; t++)
            duration_s[t] = draw_task(l, &l->kinds[l->kind_of[i]], t);
    }
}

bool learned_durations_is_late(const struct learned_durations *l, uint32_t task)
{
    const struct learned_kind *k = &l->kinds[l->kind_of[workflow_set_of_task(l->plan, task)]];
    double n = (double)k->n_done;
    if (l->st->tasks[task].phase != RUN_RUNNING || (!k->planned && n < 2))
        return false;
    double mean = n > 0 ? k->sum / n : k->center, var = k->prior_var;
    if (n > 1)
        var = fmax(k->squares / n - mean * mean, k->prior_var / LEARNED_PRIOR_TASKS);
    double between = n > 0 ? var / n
                           : LEARNED_BETWEEN_KINDS * LEARNED_BETWEEN_KINDS +
                                 LEARNED_OF_THE_PLAN * LEARNED_OF_THE_PLAN;
    return learned_x_of(l, task, learned_elapsed_s(l, task)) > mean + 1.96 * sqrt(var + between);
}
