/* plots/gantt_boxes.h - a timeline as boxes of time and lane, few enough to draw: exact while they
 * are few, else merged.
 *
 * The y axis counts nodes from 0 (top) on. A node's band holds a lane a slot, below them, where it
 * has GPUs, a lane a GPU. A timeline without slots has no nodes to show: its tasks lie side by side
 * on as many lanes as run at once. */
#ifndef DAGCAST_PLOTS_GANTT_BOXES_H
#define DAGCAST_PLOTS_GANTT_BOXES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/timeline.h"
#include "plots/page.h"
#include "plots/style.h"

struct gantt_box {
    double from_s, to_s;                 /* since the first start */
    double top, bottom;                  /* on the y axis */
    size_t label, doing;                 /* doing: enum gantt_doing */
};
/* What a box's task does: boxes end where it changes. */
enum gantt_doing {
    GANTT_COMPUTES,
    /* it moves data, or asks a service and waits for the answer */
    GANTT_MOVES,
    GANTT_LOADS,                         /* a service, which does not serve yet */
    GANTT_LOST,                          /* failed, killed or cut: the whole attempt */
    GANTT_DOINGS
};
struct gantt_mark { double at_s, y; };
struct gantt_boxes {
    size_t n, room;
    struct gantt_box *boxes;
    size_t n_lost, lost_room;
    /* ends of attempts that failed, were killed or cut off, in the middle of their first box */
    struct gantt_mark *lost;
    double height;                       /* of the y axis: nodes, or lanes */
    bool by_node;
    bool merged;                         /* at the resolution asked for */
    bool does[GANTT_DOINGS];             /* what any of them does */
};

/* At most `limit` exact boxes; if there are more, what fills most of each cell of a grid of columns
 * x rows, cells merged. `span_s`: how long the columns are together. O(n log n + boxes' cells). */
struct gantt_boxes gantt_boxes_of(const struct timeline *t, const struct style_labels *labels,
                                  double span_s, size_t limit, size_t columns, size_t rows);
void gantt_boxes_clear(struct gantt_boxes *b);
/* Replaces the boxes by those of a grid of columns x rows: a cell at least half covered shows the
 * label that covers most of it; equal neighbours become one box. Cells less covered are shown as
 * thin lines where eight or more in a row have one label. */
void gantt_boxes_merge(struct gantt_boxes *b, size_t n_labels, double span_s, size_t columns,
                       size_t rows);

/* Where the lanes of node `shape` lie within its band, 0..1 from the top: cores, then GPUs. */
struct gantt_band { double core_top, core_bottom, gpu_top, gpu_bottom; };
struct gantt_band gantt_band_of(const struct node_shape *shape);

/* ---- iterations behind the boxes ---- */

/* Two iterations or more, and not too many to be told apart: gantt_add_iterations() shades every
 * second one. */
bool gantt_has_iterations(const struct timeline *t);
/* Those, in order; returns how many (0: none are shaded). free() the array. */
struct gantt_stretch { int iteration; double from_s, to_s; };
size_t gantt_iterations(const struct timeline *t, struct gantt_stretch **out);
void gantt_add_iterations(const struct page *p, struct str *row, const struct timeline *t);

#endif
