/* plots/page.h - a page of rows one above the other on a common time axis: title, legend, margins; then gnuplot.
 *
 * Rows are added from the top; the page knows its height only at the end, so a row is kept as script until page_draw(). */
#ifndef DAGCAST_PLOTS_PAGE_H
#define DAGCAST_PLOTS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "plots/picture.h"
#include "plots/style.h"

enum { PAGE_WIDTH = 1200, PAGE_RIGHT = 24 };            /* pixels */

struct page_row {
    int height, above, below;            /* pixels: of the plot, and the room left above (its title) and below it */
    struct str body;
};
struct page {
    const struct picture *picture;
    struct style_labels labels;          /* of the first panel's workflow */
    double span_s;                       /* the time axis: 0 .. span_s, the longest makespan */
    double unit_s;                       /* one unit of the axis: a second, an hour, a day */
    const char *unit;                    /* "s" "h" "d" */
    int left;                            /* pixels left of the plots: for names of nodes and of the y axis */
    char *title;
    struct str legend;                   /* gnuplot objects and labels in pixels from the top left */
    int n_entries, legend_rows;
    size_t n_rows, room;
    struct page_row *rows;
};

/* `what` opens the title where the picture has none of its own: "Gantt chart" gives "Gantt chart: ddmd on summit (16 nodes)".
 * `held`: the legend explains STYLE_HELD. -1: no task ever started. */
int page_begin(struct page *p, const struct picture *picture, const char *what, bool held, struct error *err);

/* A further row, `height` pixels high: axes, a title above it (NULL: none) and, when `time_numbers`, the time axis's numbers. The caller adds y axis
 * and plot commands to the returned script, valid until the next call. */
struct str *page_row(struct page *p, int height, const char *title, bool time_numbers);

/* Names the y axis of the row, along it and left of its numbers. */
void page_y_name(struct str *row, const char *name);
int page_width(const struct page *p);                                            /* of the plots, pixels */
double page_time(const struct page *p, const struct timeline *t, double time_s);         /* in the axis's unit, from its first start */
/* A dashed line where the panel's last task stopped: call it before the row's plot command. */
void page_mark_end(const struct page *p, struct str *row, const struct timeline *t);

int page_draw(struct page *p, const char *path, struct error *err);
void page_clear(struct page *p);

/* "asynchronous: makespan 1234 s": a panel's title; `more` (NULL allowed) is put behind. New string. */
char *page_panel_title(const struct picture_panel *panel, const char *more);

#endif
