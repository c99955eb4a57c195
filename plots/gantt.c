#include "plots/picture_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "plots/gantt_boxes.h"

/* more crosses hide what they mark */
enum { EXACT_BOXES = 4000, MOST_NAMES = 24, MOST_CROSSES = 400 };

/* --- boxes ------------------------------------------------------------------------------------ */

/* A visible seam between tasks that touch: exact boxes give half a pixel on each side, if they have
 * some to give. */
static double seam(double extent, double pixel)
{
    return extent > 4 * pixel ? 0.5 * pixel : 0;
}

/* A task of a second in a run of hours is a hairline that one sees: it reaches further right, and
 * down, than it is. */
static double visible(double to, double from, double pixel)
{
    enum { LEAST = 2 };
    return to - from < LEAST * pixel ? from + LEAST * pixel : to;
}

/* The boxes of label l that do d are block l + d x labels. */
static void add_boxes(const struct page *p, struct str *row, const struct gantt_boxes *b,
                      int height)
{
    double pixel_s = p->span_s / page_width(p), pixel = b->height / height;
    for (size_t block = 0; block < p->labels.n * GANTT_DOINGS; block++) {
        if (!b->does[block / p->labels.n])
            continue;
        str_addf(row, "$boxes%zu << END\n", block);
        for (size_t i = 0; i < b->n; i++) {
            const struct gantt_box *box = &b->boxes[i];
            double dx = b->merged ? 0 : seam(box->to_s - box->from_s, pixel_s);
            double dy = b->merged ? 0 : seam(box->bottom - box->top, pixel);
            if (box->label + box->doing * p->labels.n == block)
                str_addf(row, "%.7g %.7g %.7g %.7g\n", (box->from_s + dx) / p->unit_s,
                         visible(box->to_s - dx, box->from_s + dx, pixel_s) / p->unit_s,
                         box->top + dy, visible(box->bottom - dy, box->top + dy, pixel / 2));
        }
        str_add(row, "END\n");
    }
}

static void add_block(const struct page *p, struct str *row, size_t block)
{
    static const enum style_doing doings[GANTT_DOINGS] = { STYLE_COMPUTES, STYLE_MOVES_DATA,
                                                           STYLE_LOADS, STYLE_LOST_WORK };
    char *boxes = str_format("$boxes%zu using (($1+$2)/2):(($3+$4)/2):1:2:3:4", block);
    style_add_doing(row, boxes, block % p->labels.n, doings[block / p->labels.n]);
    free(boxes);
}

static bool has_crosses(const struct gantt_boxes *b)
{
    return b->n_lost > 0 && b->n_lost <= MOST_CROSSES;
}

static void add_cross_data(const struct page *p, struct str *row, const struct gantt_boxes *b)
{
    if (!has_crosses(b))
        return;
    str_add(row, "$lost << END\n");
    for (size_t i = 0; i < b->n_lost; i++)
        str_addf(row, "%.7g %.7g\n", b->lost[i].at_s / p->unit_s, b->lost[i].y);
    str_add(row, "END\n");
}

/* Dark on a light rim: seen on every colour. */
static void add_crosses(struct str *row, const struct gantt_boxes *b, const char *separator)
{
    if (has_crosses(b))
        str_addf(row,
                 "%s$lost using 1:2 with points pointtype 2 pointsize 0.8 linewidth 3.5 linecolor "
                 "rgb '#FFFFFF', \\\n"
                 "     $lost using 1:2 with points pointtype 2 pointsize 0.7 linewidth 1.6 "
                 "linecolor rgb '#C00000'",
                 separator);
}

static void add_plot(const struct page *p, struct str *row, const struct gantt_boxes *b)
{
    size_t n_blocks = p->labels.n * GANTT_DOINGS;
    bool *used = xcalloc(n_blocks, sizeof *used);
    const char *separator = "plot ";
    for (size_t i = 0; i < b->n; i++)
        used[b->boxes[i].label + b->boxes[i].doing * p->labels.n] = true;
    for (size_t block = 0; block < n_blocks; block++) {
        if (!used[block])
            continue;
        str_add(row, separator);
        add_block(p, row, block);
        separator = ", \\\n     ";
    }
    add_crosses(row, b, separator);
    str_add(row, "\n");
    free(used);
}

/* --- the y axis ------------------------------------------------------------------------------- */

static size_t names_apart(size_t n_nodes, int height)
{
    size_t room = (size_t)height / 13, most = room < MOST_NAMES ? room : MOST_NAMES;
    return most == 0 ? n_nodes : (n_nodes + most - 1) / most;
}

/* Fine lines between the nodes' bands; GPU lanes have a pale ground. */
static void add_node_bands(struct str *row, const struct platform *p)
{
    for (size_t k = 0; k < p->n_nodes; k++) {
        struct gantt_band band = gantt_band_of(platform_node(p, k));
        if (k > 0)
            str_addf(row,
                     "set arrow %zu from graph 0, first %zu to graph 1, first %zu nohead back "
                     "linecolor rgb '#D8D8D8' linewidth 0.5\n",
                     k + 1, k, k);
        if (band.gpu_top < band.gpu_bottom)
            str_addf(row,
                     "set object %zu rectangle from graph 0, first %.9g to graph 1, first %.9g "
                     "behind fillstyle solid 1.0 noborder fillcolor rgb '#F0F0F0'\n",
                     k + 1000, (double)k + band.gpu_top, (double)k + band.gpu_bottom);
    }
}

/* Names of nodes at their bands, as many as have room. */
static void add_node_axis(struct str *row, const struct platform *p, int height)
{
    size_t apart = names_apart(p->n_nodes, height);
    str_add(row, "set ytics scale 0 (");
    for (size_t k = 0; k < p->n_nodes; k += apart) {
        char *name = platform_node_name(p, k);
        str_add(row, k ? ", " : "");
        sheet_add_tic(row, name, PAGE_NODE_NAME);
        str_addf(row, " %zu.5", k);
        free(name);
    }
    str_add(row, ")\n");
    if ((size_t)height >= 8 * p->n_nodes)
        add_node_bands(row, p);
    sheet_y_name(row, "nodes");
}

static void explain_lanes(struct page *p)
{
    for (size_t i = 0; i < p->picture->n_panels; i++) {
        const struct timeline *t = p->picture->panels[i].timeline;
        if (t->arena_length > 0 && platform_gpus(t->platform) > 0) {
            sheet_add_note(&p->sheet, "of each node: cores above, GPUs below");
            return;
        }
    }
}

static void explain_crosses(struct page *p)
{
    for (size_t i = 0; i < p->picture->n_panels; i++) {
        struct metrics m = metrics_of(p->picture->panels[i].timeline);
        size_t lost = m.n_failed + m.n_killed + m.n_cut;
        if (lost > 0 && lost <= MOST_CROSSES) {
            sheet_add_note(&p->sheet, "red cross: failed, killed or cut off");
            return;
        }
    }
}

static void explain_iterations(struct page *p)
{
    for (size_t i = 0; i < p->picture->n_panels; i++)
        if (gantt_has_iterations(p->picture->panels[i].timeline)) {
            sheet_add_note(&p->sheet, "shaded: every second iteration, from its first start");
            return;
        }
}

static bool does(const struct timeline *t, size_t i, enum phase_kind a, enum phase_kind b)
{
    struct timeline_phase *p;
    for (size_t k = 0, n = t->status[i] == TASK_DONE ? timeline_phases_of(t, i, &p) : 0; k < n; k++)
        if (p[k].kind == a || p[k].kind == b)
            return true;
    return false;
}

static bool is_lost(const struct timeline *t, size_t i)
{
    return t->status[i] != TASK_DONE && isfinite(t->records[i].started_s);
}

static void explain_hatches(struct page *p)
{
    bool moves = false, loads = false, lost = false;
    for (size_t i = 0; i < p->picture->n_panels; i++) {
        const struct timeline *t = p->picture->panels[i].timeline;
        for (size_t r = 0; r < t->n; r++) {
            moves |= does(t, r, PHASE_MOVES, PHASE_ASKS);
            loads |= does(t, r, PHASE_LOADS, PHASE_LOADS);
            lost |= is_lost(t, r);
        }
    }
    if (moves)
        sheet_add_fill_entry(&p->sheet, STYLE_MOVES_DATA, "moves data, or waits for a service");
    if (loads)
        sheet_add_fill_entry(&p->sheet, STYLE_LOADS, "a service loads");
    if (lost)
        sheet_add_fill_entry(&p->sheet, STYLE_LOST_WORK, "lost: failed, killed or cut off");
}

void gantt_explain(struct page *p)
{
    explain_iterations(p);
    explain_hatches(p);
    explain_lanes(p);
    explain_crosses(p);
}

void gantt_row(struct page *p, const struct timeline *t, struct row_look look)
{
    struct gantt_boxes b = gantt_boxes_of(t, &p->labels, p->span_s, EXACT_BOXES,
                                          (size_t)page_width(p), (size_t)look.height);
    struct str *row = page_row(p, look.height, look.title, look.time_numbers);
    if (b.by_node)
        add_node_axis(row, t->platform, look.height);
    else
        sheet_y_name(row, "tasks side by side");
    if (!b.by_node && b.height < 6)
        str_add(row, "set ytics 1\n");
    str_addf(row,
             "unset grid\nset grid xtics back linecolor rgb '#D8D8D8' linewidth 0.5\nset yrange "
             "[%.9g:0]\n",
             b.height);
    gantt_add_iterations(p, row, t);
    page_mark_end(p, row, t);
    add_boxes(p, row, &b, look.height);
    add_cross_data(p, row, &b);
    add_plot(p, row, &b);
    str_add(row, "set ytics auto scale 0.6\nset grid xtics ytics back linecolor rgb '#D8D8D8' "
                 "linewidth 0.5\n");
    gantt_boxes_clear(&b);
}

/* --- the picture ------------------------------------------------------------------------------ */

/* High enough for the nodes, within what a screen shows. */
static int fitting_height(const struct picture *picture)
{
    size_t nodes = picture->panels[0].timeline->platform->n_nodes;
    double wish = fmin(fmax(nodes * 26.0, 160), 620);
    return (int)(picture->n_panels > 1 ? fmin(wish, 320) : wish);
}

int plot_gantt(const struct picture *picture, const char *path, struct error *err)
{
    struct page p;
    int height = fitting_height(picture);
    if (page_begin(&p, picture, "Gantt chart", false, err))
        return -1;
    gantt_explain(&p);
    for (size_t i = 0; i < picture->n_panels; i++) {
        char *title = page_panel_title(&picture->panels[i], NULL);
        gantt_row(&p, picture->panels[i].timeline,
                  (struct row_look){ height, title, i + 1 == picture->n_panels });
        free(title);
    }
    return page_draw(&p, path, err);
}
