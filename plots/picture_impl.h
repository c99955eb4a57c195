/* plots/picture_impl.h - the rows that the pictures are put together from. Titles may be NULL. */
#ifndef DAGCAST_PLOTS_PICTURE_IMPL_H
#define DAGCAST_PLOTS_PICTURE_IMPL_H

#include "core/metrics.h"
#include "plots/page.h"

struct row_look {
    int height;                          /* pixels */
    const char *title;
    /* the lowest of its rows carries the numbers of the time axis */
    bool time_numbers;
};
void gantt_explain(struct page *p);       /* lanes and crosses, in the legend: before its rows */
void gantt_row(struct page *p, const struct timeline *t, struct row_look look);
/* CURVE_SLOTS or CURVE_GPUS: per cent of all that are not blocked on the platform, by label; on top
 * what is held idle. */
void utilisation_row(struct page *p, const struct timeline *t, enum curve_kind kind,
                     struct row_look look);
/* Areas stacked by label, whose bins it takes; y counts from 0 to `most`. plots/stack.c */
struct bins;
void stacked_row(struct page *p, const struct timeline *t, struct bins *b, const char *y_name,
                 double most, struct row_look look);
/* running tasks, a line a panel */
void running_lines_row(struct page *p, struct row_look look);

const char *slots_word(const struct platform *p);        /* "cores" or "hardware threads" */

#endif
