/* plots/gantt_impl.h - merging boxes too many to draw, and iterations behind them. */
#ifndef DAGCAST_PLOTS_GANTT_IMPL_H
#define DAGCAST_PLOTS_GANTT_IMPL_H

#include "plots/gantt_boxes.h"
#include "plots/page.h"

/* Replaces the boxes by those of a grid of columns x rows: a cell at least half covered shows the
 * label that covers most of it; equal neighbours become one box. Cells less covered are shown as
 * thin lines where eight or more in a row have one label. */
void gantt_boxes_merge(struct gantt_boxes *b, size_t n_labels, double span_s, size_t columns,
                       size_t rows);

/* Two iterations or more, and not too many to be told apart: gantt_add_iterations() shades every
 * second one. */
bool gantt_has_iterations(const struct timeline *t);
/* Those, in order; returns how many (0: none are shaded). free() the array. */
struct gantt_stretch { int iteration; double from_s, to_s; };
size_t gantt_iterations(const struct timeline *t, struct gantt_stretch **out);
void gantt_add_iterations(const struct page *p, struct str *row, const struct timeline *t);

#endif
