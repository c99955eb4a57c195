/* plots/stack.h - areas stacked by label over time. */
#ifndef DAGCAST_PLOTS_STACK_H
#define DAGCAST_PLOTS_STACK_H

#include <stddef.h>

#include "plots/page.h"

/* A quantity over time as its averages over equal bins, by label: what a stacked area of any
 * number of tasks needs. */
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

/* Adds data and the plot command. Label i of the bins has fill i; one label more than the page's is
 * STYLE_HELD, on top. */
void stack_add(const struct page *p, struct str *row, const struct bins *b);

#endif
