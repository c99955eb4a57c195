/* validation/learned_durations_impl.h - what learned_durations.c, which knows the run, and
 * learned_sweep.c, which draws, share. */
#ifndef DAGCAST_VALIDATION_LEARNED_DURATIONS_IMPL_H
#define DAGCAST_VALIDATION_LEARNED_DURATIONS_IMPL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/rng.h"
#include "validation/learned_durations.h"

#define LEARNED_BETWEEN_KINDS 0.05       /* sd of mu between kinds, */
#define LEARNED_OF_THE_PLAN 0.2          /* and of their middle */
#define LEARNED_SHORTEST_S 1e-3
enum { LEARNED_PRIOR_TASKS = 20 };       /* what a kind's prior variance counts as */

struct learned_kind {
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
    struct learned_kind *kinds;
    int *kind_of;                        /* by set */
    double *planned_s;                   /* by task; 1 in kinds without a plan */
    double *x;                           /* of running tasks, as drawn last */
    double middle;                       /* m */
    double unplanned;                    /* log of the mean duration so far */
};

static inline double learned_x_of(const struct learned_durations *l, uint32_t task,
                                  double duration_s)
{
    return log(fmax(duration_s, LEARNED_SHORTEST_S) / l->planned_s[task]);
}

static inline double learned_elapsed_s(const struct learned_durations *l, uint32_t task)
{
    return l->st->now_s - l->st->tasks[task].started_s;
}

/* Draws what running tasks still need, then each kind, then the middle of all. O(running tasks) */
void learned_sweep(struct learned_durations *l);

#endif
