#include "plots/gantt_boxes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* The grid: per cell, how much of it is covered, and by the label that covers most of it. */
struct grid {
    size_t columns, rows;
    double column_s, row;                /* extent of a cell */
    float *current, *best, *total;       /* 0..1; `current` is of the label being drawn */
    int *label;                          /* of `best`; -1: none */
};

/* Less than half covered, cells are shown only where many follow each other: the thin line of a
 * task that outlasts its neighbours. */
enum { THIN_LEAST = 8 };
static const double thin = 0.4;          /* of a cell's height */

static struct grid grid_new(double span_s, double height, size_t columns, size_t rows)
{
    size_t n = columns * rows;
    struct grid g = { .columns = columns, .rows = rows, .column_s = span_s / (double)columns,
                      .row = height / (double)rows,
                      .current = xcalloc(n, sizeof *g.current), .best = xcalloc(n, sizeof *g.best),
                      .total = xcalloc(n, sizeof *g.total), .label = xcalloc(n, sizeof *g.label) };
    for (size_t i = 0; i < n; i++)
        g.label[i] = -1;
    return g;
}

static void grid_clear(struct grid *g)
{
    xfree(g->current, g->best, g->total, g->label);
}

/* How much of cell i (0..1) the range [from, to] covers, all in cells. */
static double covered(double from, double to, size_t i)
{
    return fmax(0, fmin(to, (double)(i + 1)) - fmax(from, (double)i));
}

static size_t last_cell(double to, size_t n)
{
    double cells = ceil(to);
    return cells < (double)n ? (size_t)cells : n;
}

static void cover(struct grid *g, const struct gantt_box *box)
{
    double x0 = fmax(0, box->from_s / g->column_s), x1 = box->to_s / g->column_s,
           y0 = box->top / g->row, y1 = box->bottom / g->row;
    size_t column_end = last_cell(x1, g->columns), row_end = last_cell(y1, g->rows);
    for (size_t r = (size_t)y0; r < row_end; r++)
        for (size_t c = (size_t)x0; c < column_end; c++)
            g->current[r * g->columns + c] += (float)(covered(x0, x1, c) * covered(y0, y1, r));
}

/* Ends a label: where it covers more than those before it, the cell is its own. */
static void settle(struct grid *g, size_t label)
{
    for (size_t i = 0; i < g->columns * g->rows; i++) {
        g->total[i] += g->current[i];
        if (g->current[i] > g->best[i]) {
            g->best[i] = g->current[i];
            g->label[i] = (int)label;
        }
        g->current[i] = 0;
    }
}

SORT_BY(by_label, struct gantt_box, label)

static struct grid paint(struct gantt_boxes *b, size_t n_labels, double span_s, size_t columns,
                         size_t rows)
{
    struct grid g = grid_new(span_s, b->height, columns, rows);
    size_t i = 0;
    qsort(b->boxes, b->n, sizeof *b->boxes, by_label);
    for (size_t label = 0; label < n_labels; label++) {
        for (; i < b->n && b->boxes[i].label == label; i++)
            cover(&g, &b->boxes[i]);
        settle(&g, label);
    }
    return g;
}

static bool is_thin(const struct grid *g, size_t cell)
{
    return g->total[cell] < 0.5F;
}

/* Cells [c0, c1) of row r as a box; it lengthens the box that ends just above it if that has the
 * same columns and label. `above`: per column, the box that begins there in the row above, +1. */
static void emit(struct gantt_boxes *out, const struct grid *g, size_t r, size_t c0, size_t c1,
                 size_t *above)
{
    struct gantt_box box = { .from_s = (double)c0 * g->column_s, .to_s = (double)c1 * g->column_s,
                             .top = (double)r * g->row,
                             .bottom = (double)(r + 1) * g->row,
                             .label = (size_t)g->label[r * g->columns + c0] };
    struct gantt_box *upper = above[c0] ? &out->boxes[above[c0] - 1] : NULL;
    bool is_line = is_thin(g, r * g->columns + c0);
    if (is_line && c1 - c0 < THIN_LEAST)
        return;
    if (is_line) {
        box.top += (1 - thin) / 2 * g->row;
        box.bottom -= (1 - thin) / 2 * g->row;
    } else if (upper && upper->bottom == box.top && upper->to_s == box.to_s &&
               upper->label == box.label) {
        upper->bottom = box.bottom;
        return;
    }
    xgrow(&out->boxes, &out->room, out->n + 1, sizeof *out->boxes);
    out->boxes[out->n++] = box;
    above[c0] = is_line ? 0 : out->n;
}

void gantt_boxes_merge(struct gantt_boxes *b, size_t n_labels, double span_s, size_t columns,
                       size_t rows)
{
    struct grid g = paint(b, n_labels, span_s, columns, rows);
    size_t *above = xcalloc(columns, sizeof *above);
    b->n = 0;
    b->merged = true;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0, end; c < columns; c = end) {
            const int *label = g.label + r * columns;
            bool is_line = is_thin(&g, r * columns + c);
            for (end = c + 1; end < columns && label[end] == label[c] &&
                              is_thin(&g, r * columns + end) == is_line;
                 end++)
                ;
            if (label[c] >= 0)
                emit(b, &g, r, c, end, above);
        }
    free(above);
    grid_clear(&g);
}
