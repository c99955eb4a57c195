/* plots/series.h - pictures of numbers against numbers: sweeps, Pareto fronts, distributions, parts
 * of a whole.
 *
 * Numbers that are not finite are left out. Each draws one file, SVG, PNG or PDF by the extension
 * of `path`. -1: unknown extension, nothing to draw, gnuplot absent or failed (its own words in the
 * error), or the file cannot be written. */
#ifndef DAGCAST_PLOTS_SERIES_H
#define DAGCAST_PLOTS_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct series {                          /* n points; arrays not owned */
    const char *name;                    /* NULL: none */
    size_t n;
    const double *x, *y;
    const double *low, *high;            /* interval of y at each point; NULL: none */
    const char *const *labels;           /* a few words at each point; NULL: none */
    size_t n_never;                      /* of distributions: more values, beyond any x */
};
struct series_picture {
    const char *title;                   /* says what is shown */
    const char *x_name, *y_name;         /* with units: "nodes", "makespan [s]" */
    const struct series *series;
    size_t n_series;                     /* >= 1 */
};

/* lines with intervals; y from 0 */
int plot_sweep(const struct series_picture *p, const char *path, struct error *err);
/* Points; those that no other beats in both x and y, smaller is better, stand out and are joined.
 */
int plot_pareto(const struct series_picture *p, const char *path, struct error *err);
/* Shares of values of x not larger than each, a line a series (y is not looked at). */
int plot_ecdf(const struct series_picture *p, const char *path, struct error *err);
/* The same with a row of boxes above it, 5 to 95 % quantiles; `limit` (NAN: none) is a vertical
 * line, and each series says what share is `in_time` (NULL: none does). */
int plot_distribution(const struct series_picture *p, double limit, const double *in_time,
                      const char *path, struct error *err);

/* Counts over time with bands, a line a series: of results and, below them on the same axis, of
 * hits (NULL: without). */
int plot_campaign(const struct series_picture *results, const struct series_picture *hits,
                  const char *path, struct error *err);

/* Point i of x is beaten by none: there is no other with x and y both not larger and one of them
 * smaller. */
bool series_on_front(const double *x, const double *y, size_t n, size_t i);

/* n_parts; what is negative points left */
struct stacked_bar { const char *name; const double *parts; };
struct stacked_picture {
    const char *title, *x_name;
    const char *const *part_names;
    const size_t *fills; /* of each part, as in plots/style.h; NULL: 0, 1, 2 ... */
    size_t n_parts;
    const struct stacked_bar *bars;      /* drawn from the top */
    size_t n_bars;
};
int plot_stacked(const struct stacked_picture *p, const char *path, struct error *err);

/* ---- predicted against measured: who is right lies on the diagonal ---- */

struct parity_point {                    /* a run */
    const char *name;
    double measured_s, predicted_s, low_s, high_s;       /* > 0 */
};
/* Left: predicted over measured, both axes logarithmic where they span more than a decade. Right:
 * the error in per cent of the measured, a line a run. n >= 1. */
int plot_parity_points(const struct parity_point *points, size_t n, const char *title,
                       const char *path, struct error *err);

/* ---- what makespans consist of: a bar a mode, stacked by part ---- */

/* Zero-initialised except n_bars. */
struct makespan_parts { size_t n, room, n_bars; struct part *at; };
struct makespan_part {
    char *name; /* taken; parts of the same name are added */
    /* what it is merged with if it is small: "middleware"; NULL: with others without a class */
    const char *class;
    int label; /* of the set that it concerns, as in style_labels_of(); -1: none */
    bool executes; /* in the set's own colour, not in what is lost to it */
};
/* Seconds that are not finite count as none. */
void makespan_parts_add(struct makespan_parts *p, const struct makespan_part *part, size_t bar,
                        double seconds);
/* Sorts the parts, largest first, and merges slivers class by class. -1 also without any part. */
int makespan_parts_draw(struct makespan_parts *p, const char *const *bars, const char *title,
                        const char *path, struct error *err);
void makespan_parts_clear(struct makespan_parts *p);

#endif
