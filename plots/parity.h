/* plots/parity.h - predicted against measured, a point a run with its interval; who is right lies
 * on the diagonal. */
#ifndef DAGCAST_PLOTS_PARITY_H
#define DAGCAST_PLOTS_PARITY_H

#include <stddef.h>

#include "base/error.h"

struct parity_point {
    const char *name;
    double measured_s, predicted_s, low_s, high_s;       /* > 0 */
};
/* Left: predicted over measured, both axes logarithmic where they span more than a decade. Right:
 * the error in per cent of the measured, a line a run. One file, by its extension as
 * plots/gnuplot.h says. n >= 1. */
int plot_parity_points(const struct parity_point *points, size_t n, const char *title,
                       const char *path, struct error *err);

#endif
