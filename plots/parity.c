#include "plots/series.h"

#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/sheet.h"
#include "plots/style.h"

/* pixels; characters */
enum {
    LEFT = 92, SQUARE = 400, BETWEEN = 60, LEAST_HEIGHT = 400, LINE_HEIGHT = 28, NAME_MOST = 44,
};
static const double margin = 1.1;
static const double decade = 10;

static void add_data(struct str *row, const struct parity_point *points, size_t n)
{
    str_add(row, "$points << END\n");
    for (size_t i = 0; i < n; i++) {
        const struct parity_point *p = &points[i];
        double percent = 100 / p->measured_s;
        str_addf(row, "%zu %.9g %.9g %.9g %.9g %.6g %.6g %.6g\n", i, p->measured_s, p->predicted_s,
                 p->low_s, p->high_s, percent * (p->predicted_s - p->measured_s),
                 percent * (p->low_s - p->measured_s), percent * (p->high_s - p->measured_s));
    }
    str_add(row, "END\n");
}

/* Predicted over measured. */
static void add_square(struct str *row, const struct parity_point *points, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, fmin(points[i].measured_s, points[i].low_s));
        most = fmax(most, fmax(points[i].measured_s, points[i].high_s));
    }
    sheet_y_name(row, "predicted makespan [s]");
    str_addf(row,
             "set rmargin at screen PX(%d)\n%sset xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n",
             LEFT + SQUARE, most > decade * least ? "set logscale xy\n" : "", least / margin,
             most * margin, least / margin, most * margin);
    str_addf(row,
             "plot x with lines dashtype '-' linecolor rgb '#808080' linewidth 1.2, $points using "
             "2:3:4:5 with yerrorbars pointtype 7 pointsize 0.7 linewidth 1.4 linecolor rgb '%s'\n",
             style_colour(0));
}

/* The error of each run, with its interval. */
static void add_errors(struct str *row, const struct parity_point *points, size_t n)
{
    int longest = 0;
    for (size_t i = 0; i < n; i++) {
        int length = (int)str_characters(points[i].name);
        longest = length > longest ? length : longest;
    }
    longest = longest < NAME_MOST ? longest : NAME_MOST;
    str_addf(row,
             "unset logscale\nunset label\nunset object\nunset arrow\nset lmargin at screen "
             "PX(%d)\nset rmargin at screen PX(%d)\n",
             LEFT + SQUARE + BETWEEN + longest * SHEET_GLYPH, SHEET_WIDTH - SHEET_RIGHT);
    str_addf(row,
             "set xrange [*:*]\nset xlabel 'error and 95 %% interval [%% of measured]'\nset yrange "
             "[%zu.5:-0.5]\nset ytics scale 0 (",
             n - 1);
    for (size_t i = 0; i < n; i++) {
        str_add(row, i ? ", " : "");
        sheet_add_quoted(row, points[i].name, NAME_MOST);
        str_addf(row, " %zu", i);
    }
    str_addf(row,
             ")\nset arrow from 0, graph 0 to 0, graph 1 nohead dashtype '-' linecolor rgb "
             "'#808080' linewidth 1.2\n"
             "plot $points using 6:1:7:8 with xerrorbars pointtype 7 pointsize 0.7 linewidth 1.4 "
             "linecolor rgb '%s'\n",
             style_colour(0));
}

int plot_parity_points(const struct parity_point *points, size_t n, const char *title,
                       const char *path, struct error *err)
{
    int height = (int)n * LINE_HEIGHT;
    struct sheet sheet;
    sheet_init(&sheet, xstrdup(title), LEFT);
    struct str *row = sheet_row(&sheet, height > LEAST_HEIGHT ? height : LEAST_HEIGHT, NULL,
                                "measured makespan [s]");

    add_data(row, points, n);
    add_square(row, points, n);
    add_errors(row, points, n);
    int status = sheet_draw(&sheet, "", path, err);

    sheet_clear(&sheet);
    return status;
}
