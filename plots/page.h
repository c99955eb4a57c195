/* plots/page.h - a sheet whose rows are timelines on a common time axis, with task sets in its
 * legend. */
#ifndef DAGCAST_PLOTS_PAGE_H
#define DAGCAST_PLOTS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "plots/picture.h"
#include "plots/sheet.h"
#include "plots/style.h"

enum { PAGE_NODE_NAME = 18 };            /* characters of a node's name that have room */

struct page {
    const struct picture *picture;
    struct style_labels labels;          /* of the first panel's workflow */
    double span_s;                       /* the time axis: 0 .. span_s, the longest makespan */
    double unit_s;                       /* one unit of the axis: a second, an hour, a day */
    const char *unit;                    /* "s" "h" "d" */
    struct sheet sheet;
};

/* `what` opens the title where the picture has none of its own: "Gantt chart" gives "Gantt chart:
 * ddmd on summit (16 nodes)". `held`: the legend explains STYLE_HELD. -1: no task ever started. */
int page_begin(struct page *p, const struct picture *picture, const char *what, bool held,
               struct error *err);
/* The same for pictures whose colours do not mean sets: labels have these names, and labels.of_set
 * is NULL. */
int page_begin_named(struct page *p, const struct picture *picture, const char *what,
                     const char *const *names, size_t n, struct error *err);

/* A further row, `height` pixels high: axes, a title above it (NULL: none) and, when
 * `time_numbers`, the time axis's numbers. The caller adds y axis and plot commands to the returned
 * script, valid until the next call. */
struct str *page_row(struct page *p, int height, const char *title, bool time_numbers);

/* of the plots, pixels */
int page_width(const struct page *p);
/* in the axis's unit, from its first start */
double page_time(const struct page *p, const struct timeline *t, double time_s);
/* A dashed line where the panel's last task stopped: call it before the row's plot command. */
void page_mark_end(const struct page *p, struct str *row, const struct timeline *t);

/* A y axis of counts from 0 to `most`: no halves. */
void page_count_axis(struct str *row, double most);

int page_draw(struct page *p, const char *path, struct error *err);      /* and clears the page */

/* "asynchronous: makespan 1234 s, ..., 3 failed": a panel's title; `more` (NULL allowed) stands
 * before what was lost. New string. */
char *page_panel_title(const struct picture_panel *panel, const char *more);

#endif
