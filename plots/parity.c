#include "plots/parity.h"

#include <math.h>

#include "base/str.h"
#include "plots/gnuplot.h"
#include "plots/style.h"

enum { WIDTH = 1200, LEAST_HEIGHT = 480, HEAD = 120, LINE_HEIGHT = 28 };
static const double margin = 1.1;
static const double decade = 10;

static void add_data(struct str *script, const struct parity_point *points, size_t n)
{
    str_add(script, "$points << END\n");
    for (size_t i = 0; i < n; i++) {
        const struct parity_point *p = &points[i];
        double percent = 100 / p->measured_s;
        str_addf(script, "%zu %.9g %.9g %.9g %.9g %.6g %.6g %.6g\n", i, p->measured_s, p->predicted_s, p->low_s, p->high_s,
                 percent * (p->predicted_s - p->measured_s), percent * (p->low_s - p->measured_s),
                 percent * (p->high_s - p->measured_s));
    }
    str_add(script, "END\n");
}

/* Predicted over measured. */
static void add_square(struct str *script, const struct parity_point *points, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, fmin(points[i].measured_s, points[i].low_s));
        most = fmax(most, fmax(points[i].measured_s, points[i].high_s));
    }
    str_addf(script, "set lmargin at screen 0.08\nset rmargin at screen 0.42\n%sset xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n",
             most > decade * least ? "set logscale xy\n" : "", least / margin, most * margin, least / margin, most * margin);
    str_add(script, "set xlabel 'measured makespan, s'\nset ylabel 'predicted makespan, s'\n"
                    "plot x with lines dashtype 2 linecolor rgb '#888888' notitle, "
                    "$points using 2:3:4:5 with yerrorbars pointtype 7 linecolor rgb '");
    str_addf(script, "%s' notitle\n", style_colour(0));
}

/* The error of each run, with its interval. */
static void add_errors(struct str *script, const struct parity_point *points, size_t n)
{
    str_add(script, "unset logscale\nset lmargin at screen 0.72\nset rmargin at screen 0.98\nset xrange [*:*]\nset ylabel\n"
                    "set xlabel 'error and 95 % interval, % of measured'\n");
    str_addf(script, "set yrange [%zu - 0.5:-0.5]\nset ytics (", n);
    for (size_t i = 0; i < n; i++) {
        str_add(script, i ? ", " : "");
        gnuplot_add_quoted(script, points[i].name);
        str_addf(script, " %zu", i);
    }
    str_addf(script, ")\nset arrow from 0, graph 0 to 0, graph 1 nohead dashtype 2 linecolor rgb '#888888'\n"
             "plot $points using 6:1:7:8 with xerrorbars pointtype 7 linecolor rgb '%s' notitle\nunset multiplot\n", style_colour(0));
}

int plot_parity_points(const struct parity_point *points, size_t n, const char *title, const char *path, struct error *err)
{
    struct str script = { 0 };
    int height = HEAD + (int)n * LINE_HEIGHT;
    add_data(&script, points, n);
    str_add(&script, "set multiplot\nset label 1 ");
    gnuplot_add_quoted(&script, title);
    str_add(&script, " at screen 0.08,0.95 left font FONT(15)\nset tmargin at screen 0.88\nset bmargin at screen 0.14\n");
    add_square(&script, points, n);
    str_add(&script, "unset label 1\n");
    add_errors(&script, points, n);
    int status = gnuplot_draw(script.text, WIDTH, height > LEAST_HEIGHT ? height : LEAST_HEIGHT, path, err);
    str_clear(&script);
    return status;
}
