/* num/waits.h - how long a request waits, learnt from past ones: nearest neighbours, calibrated
 * quantiles.
 *
 * The neighbours of a request are the WAITS_NEIGHBOURS past jobs nearest in log(size) and
 * log(length); of those equally near, the nearest in time: for a request that comes now, the last
 * submitted. The wait's quantile at p is the neighbours' order statistic of rank (k + 1) p, between
 * two of them in log(1 + wait), times a correction. The correction is conformal (Romano, Patterson
 * and Candes 2019, "Conformalized quantile regression"): the quantile at p, of rank (n + 1) p, of
 * the errors that the same rule makes for each past job when that job is left out. So about p of
 * the jobs wait no longer than their quantile, however heavy the tail, as long as the queue stays
 * what it was.
 *
 * Means appear nowhere: one wait of a day among seconds makes them meaningless. */
#ifndef DAGCAST_NUM_WAITS_H
#define DAGCAST_NUM_WAITS_H

#include <stddef.h>

#include "num/dist.h"
#include "num/stats.h"

enum {
    WAITS_LEAST = 20,                    /* past jobs that a 95 % quantile takes */
    WAITS_NEIGHBOURS = 20,
    WAITS_MOST = 20000,                  /* the last submitted of more are used, */
    WAITS_MOST_LEFT_OUT = 2000,          /* and the last of these are left out in turn */
    WAITS_LEVELS = 21                    /* 1, 5, 10, ... 95, 99 % */
};

struct past_wait {
    double size;                         /* nodes or cores, > 0 */
    double length_s;                     /* of the walltime asked for, > 0; NAN: not known */
    double submitted_s;                  /* NAN: not known; such jobs count as the oldest */
    double wait_s;                       /* >= 0 */
};

/* Of the jobs left out in turn: how many, and the share that waited no longer than the quantile
 * (each with the correction that the others' errors give). `forecast`: each from the jobs submitted
 * before it alone, as a real request would be, without a correction: it shows how much the queue
 * drifts. */
struct waits_coverage {
    size_t n;
    double left_out, forecast;           /* NAN: too few jobs */
};

struct waits;                            /* immutable */
/* n >= WAITS_LEAST; copies. O(WAITS_MOST_LEFT_OUT x n). */
struct waits *waits_new(const struct past_wait *jobs, size_t n);
void waits_free(struct waits *w);        /* NULL allowed */
/* Least and most of the jobs' sizes and lengths; lengths are 1 to 1 if they are not known. */
struct stats_interval waits_sizes(const struct waits *w);
struct stats_interval waits_lengths_s(const struct waits *w);

/* NAN: too few jobs for this level. `level` below WAITS_LEVELS. Never descending over levels. */
double waits_quantile(const struct waits *w, double size, double length_s, size_t level);
struct waits_coverage waits_coverage(const struct waits *w, size_t level);
double waits_level(size_t level);        /* 0.01 ... 0.99 */
/* Straight lines between the quantiles; from the least wait of the neighbours to their longest, or
 * to the last quantile if that is longer. */
struct dist *waits_dist(const struct waits *w, double size, double length_s);

#endif
