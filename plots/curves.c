#include "plots/series_impl.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "plots/style.h"

/* filled circle, square, triangles, diamond */
static const int point_types[] = { 7, 5, 9, 13, 11 };

static int point_type(size_t k)
{
    return point_types[k % (sizeof point_types / sizeof *point_types)];
}

static void add_points(struct str *row, size_t k)
{
    str_addf(row, ", \\\n     $series%zu using 1:2 with points linecolor rgb '%s' pointtype %d "
                  "pointsize 0.9 notitle", k, style_colour(k), point_type(k));
}

static void add_point_type(struct str *row, size_t k)
{
    str_addf(row, " pointtype %d pointsize 0.9 notitle", point_type(k));
}

static void add_legend(struct sheet *sheet, const struct series_picture *p, bool lines)
{
    for (size_t k = 0; k < p->n_series; k++)
        if (p->series[k].name && p->series[k].n > 0)
            sheet_add_symbol_entry(sheet, k, point_type(k), lines, p->series[k].name);
}

/* --- sweeps ----------------------------------------------------------------------------------- */

static bool any_interval(const struct series *s)
{
    for (size_t i = 0; s->low && s->high && i < s->n; i++)
        if (isfinite(s->low[i]) && isfinite(s->high[i]))
            return true;
    return false;
}

/* Lines this close to each other, in parts of the range of y, look like one: two pixels. */
static const double coincide = 0.005;

static bool coincides(const struct series *a, const struct series *b, double tolerance)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->x[i] != b->x[i] || !(fabs(a->y[i] - b->y[i]) <= tolerance))
            return false;
    return a->n > 0;
}

/* Adds a name of the same thing, of which `first` was added first, without the words that both
 * begin with: "sequential, arrival" and "sequential, longest" become "sequential, arrival =
 * longest". */
static void add_equal(struct str *names, const char *first, const char *other)
{
    size_t shared = 0;
    for (size_t i = 0; names->length && first[i] && first[i] == other[i]; i++)
        if (i > 0 && other[i] == ' ' && other[i - 1] == ',')
            shared = i + 1;
    str_addf(names, "%s%s", names->length ? " = " : "", other + shared);
}

/* Of series that coincide the first stays, with all their names; the others lose their points.
 * Free the series and, for each, the name. */
static struct series *merge_coinciding(const struct series_picture *p)
{
    struct series_range y = series_range_y(p);
    struct series *merged = xmemdup(p->series, p->n_series * sizeof *merged);
    for (size_t k = 0; k < p->n_series; k++) {
        struct str name = { 0 };
        str_add(&name, merged[k].name ? merged[k].name : "");
        for (size_t i = k + 1; i < p->n_series && merged[k].n > 0; i++)
            if (merged[i].name && coincides(&merged[k], &merged[i], coincide * (y.high - y.low))) {
                add_equal(&name, merged[k].name ? merged[k].name : "", merged[i].name);
                merged[i].n = 0;
            }
        merged[k].name = name.length ? str_take(&name) : NULL;
        str_clear(&name);
    }
    return merged;
}

static int draw_sweep(const struct series_picture *p, const char *path, struct error *err);

int plot_sweep(const struct series_picture *p, const char *path, struct error *err)
{
    struct series_picture merged = *p;
    struct series *series = merge_coinciding(p);
    merged.series = series;
    int status = draw_sweep(&merged, path, err);
    for (size_t k = 0; k < p->n_series; k++)
        free((char *)(uintptr_t)series[k].name);
    free(series);
    return status;
}

static int draw_sweep(const struct series_picture *p, const char *path, struct error *err)
{
    struct sheet sheet;
    if (series_begin(&sheet, p, err))
        return -1;
    add_legend(&sheet, p, true);
    struct str *row = sheet_row(&sheet, SERIES_HEIGHT, NULL, p->x_name);
    struct series_range x = series_range_x(p), y = series_range_y(p);
    double margin = 0.03 * (x.high - x.low);

    sheet_y_name(row, p->y_name);
    str_addf(row, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", x.low - margin,
             x.high + margin, fmin(0, y.low), fmax(0, y.high) * 1.08);
    for (size_t k = 0; k < p->n_series; k++)
        series_add_data(row, &p->series[k], k);
    str_add(row, "plot ");
    for (size_t k = 0; k < p->n_series; k++)
        if (any_interval(&p->series[k]))
            str_addf(row,
                     "$series%zu using 1:3:4 with filledcurves fillstyle transparent solid 0.2 "
                     "noborder fillcolor rgb '%s' notitle, \\\n"
                     "     ",
                     k, style_colour(k));
    for (size_t k = 0; k < p->n_series; k++) {
        str_addf(row, "%s$series%zu using 1:2 with linespoints ", k ? ", \\\n     " : "", k);
        style_add_line(row, k);
        add_point_type(row, k);
    }
    str_add(row, "\n");
    return series_draw(&sheet, path, err);
}

/* --- Pareto fronts ---------------------------------------------------------------------------- */

bool series_on_front(const double *x, const double *y, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (x[k] <= x[i] && y[k] <= y[i] && (x[k] < x[i] || y[k] < y[i]))
            return false;
    return true;
}

/* label: the labels of all points that lie here, `first` one of them; empty if none has one */
struct front_point { double x, y; const char *first; struct str label; };

SORT_BY(by_x, struct front_point, x)

static void add_front_point(struct front_point *front, size_t *n_front, double x, double y,
                            const char *label)
{
    struct front_point *at = front;
    while (at < front + *n_front && !(at->x == x && at->y == y))
        at++;
    if (at == front + *n_front)
        front[(*n_front)++] = (struct front_point){ .x = x, .y = y };
    if (label && !at->first)
        at->first = label;
    if (label)
        add_equal(&at->label, at->first, label);
}

/* The points of all series that are on the front, in order of x; points of one place are one.
 * Returns how many there are; front_free() them. */
static size_t front_of(const struct series_picture *p, struct front_point **front)
{
    size_t n = 0, n_front = 0;
    for (size_t k = 0; k < p->n_series; k++)
        n += p->series[k].n;
    double *x = xcalloc(n + 1, sizeof *x), *y = xcalloc(n + 1, sizeof *y);
    const char **labels = xcalloc(n + 1, sizeof *labels);

    *front = xcalloc(n + 1, sizeof **front);
    n = 0;
    for (size_t k = 0; k < p->n_series; k++)
        for (size_t i = 0; i < p->series[k].n; i++)
            if (series_point_known(&p->series[k], i)) {
                x[n] = p->series[k].x[i];
                y[n] = p->series[k].y[i];
                labels[n++] = p->series[k].labels ? p->series[k].labels[i] : NULL;
            }
    for (size_t i = 0; i < n; i++)
        if (series_on_front(x, y, n, i))
            add_front_point(*front, &n_front, x[i], y[i], labels[i]);
    qsort(*front, n_front, sizeof **front, by_x);
    xfree(x, y, labels);
    return n_front;
}

static void front_free(struct front_point *front, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_clear(&front[i].label);
    free(front);
}

enum { FRONT_LABELS_MOST = 12 };

/* Too close to the point before it for two labels side by side, in parts of the ranges. */
static bool is_crowded(const struct front_point *a, const struct front_point *last,
                       struct series_range x, struct series_range y)
{
    return last && fabs(a->x - last->x) <= 0.25 * (x.high - x.low) &&
           fabs(a->y - last->y) <= 0.04 * (y.high - y.low);
}

/* Nothing lies below and left of a front, but a label must not run over the axis: false if it
 * would. */
static bool has_room_left(const struct front_point *point, struct series_range x)
{
    return point->x > fmin(0, x.low) + 0.25 * (x.high - fmin(0, x.low));
}

/* The labels of a crowd go above each other, right of their points. */
static void add_front(struct str *row, const struct front_point *front, size_t n,
                      struct series_range x, struct series_range y)
{
    size_t n_labels = 0, above = 0;
    str_add(row, "$front << END\n");
    for (size_t i = 0; i < n; i++)
        str_addf(row, "%.9g %.9g\n", front[i].x, front[i].y);
    str_add(row, "END\n");
    for (size_t i = 0; i < n && n_labels < FRONT_LABELS_MOST; i++) {
        if (!front[i].label.length)
            continue;
        bool crowded = is_crowded(&front[i], i > 0 ? &front[i - 1] : NULL, x, y);
        above = crowded ? above : 0;
        str_addf(row, "set label %zu ", 100 + n_labels++);
        escape_gnuplot(row, front[i].label.text);
        str_addf(row, " at first %.9g, first %.9g ", front[i].x, front[i].y);
        if (!crowded && has_room_left(&front[i], x))
            str_add(row, "right offset -1.2,-0.6");
        else
            str_addf(row, "left offset 1.2,%.1f", 0.8 + 1.1 * (double)above++);
        str_add(row, " font FONT(11) front\n");
    }
}

int plot_pareto(const struct series_picture *p, const char *path, struct error *err)
{
    struct sheet sheet;
    struct front_point *front;
    if (series_begin(&sheet, p, err))
        return -1;
    add_legend(&sheet, p, false);
    sheet_add_note(&sheet, "circles, joined: beaten by none in both");
    struct str *row = sheet_row(&sheet, SERIES_HEIGHT, NULL, p->x_name);
    struct series_range x = series_range_x(p), y = series_range_y(p);
    size_t n_front = front_of(p, &front);

    sheet_y_name(row, p->y_name);
    str_addf(row, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", fmin(0, x.low), x.high * 1.08,
             fmin(0, y.low), y.high * 1.08);
    for (size_t k = 0; k < p->n_series; k++)
        series_add_data(row, &p->series[k], k);
    add_front(row, front, n_front, x, y);
    str_add(row, "plot $front using 1:2 with lines linecolor rgb '#404040' dashtype 1 linewidth "
                 "1.2 notitle, \\\n"
                 "     $front using 1:2 with points pointtype 6 pointsize 1.8 linecolor rgb "
                 "'#000000' linewidth 1.4 notitle");
    for (size_t k = 0; k < p->n_series; k++)
        add_points(row, k);
    str_add(row, "\n");
    front_free(front, n_front);
    return series_draw(&sheet, path, err);
}
