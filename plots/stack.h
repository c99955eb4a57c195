/* plots/stack.h - areas stacked by label over time. */
#ifndef DAGCAST_PLOTS_STACK_H
#define DAGCAST_PLOTS_STACK_H

#include "plots/bins.h"
#include "plots/page.h"

/* Adds data and the plot command. Label i of the bins has fill i; one label more than the page's is
 * STYLE_HELD, on top. */
void stack_add(const struct page *p, struct str *row, const struct bins *b);

#endif
