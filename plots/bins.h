/* plots/bins.h - a quantity over time as its averages over equal bins, by label: what a stacked
 * area of any number of tasks needs. */
#ifndef DAGCAST_PLOTS_BINS_H
#define DAGCAST_PLOTS_BINS_H

#include <stddef.h>

struct bins {
    size_t n, n_labels;
    double from_s, width_s;
    /* row-major, label * (n + 1) + bin; averages after bins_finish() */
    double *value;
};
struct bins bins_new(double from_s, double to_s, size_t n, size_t n_labels);
void bins_clear(struct bins *b);
/* clipped to the bins; O(1) */
void bins_add(struct bins *b, size_t label, double from_s, double to_s, double amount);
void bins_finish(struct bins *b);
double bins_at(const struct bins *b, size_t label, size_t bin);

#endif
