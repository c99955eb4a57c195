/* traces/slope_fit.h - how a cost grows with a number of tasks: y = a_s + b x in session s. */
#ifndef DAGCAST_TRACES_SLOPE_FIT_H
#define DAGCAST_TRACES_SLOPE_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "num/random_effects.h"

struct slope_point { double x, y; };
struct slope_points { size_t n; struct slope_point *at; };

struct slope {                           /* of a cost over a number of tasks */
    size_t n_sessions, n_samples;        /* in which sizes differ */
    /* each session's own, times its scale; NAN where it has one size only */
    double *session;
    struct random_effects level;         /* .mean 0 without any, or where it came out negative */
    /* that no slope looks like this one or steeper: Student's t within sessions; 1: cannot be told
     */
    double p;
};

/* Each session's least squares, x scale[s] (NULL: 1); their noise from the residuals of all, with
 * the one slope that fits them best. n sessions; free() .session. */
struct slope slope_fit(const struct slope_points *p, size_t n, bool through_origin,
                       const double *scale);
/* 0: there are none */
double slope_mean_x(const struct slope_points *p);

#endif
