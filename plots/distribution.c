#include "plots/series_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "num/stats.h"
#include "plots/style.h"

enum { BOX_ROW = 30, STEPS_MOST = 2000 };

/* The finite values in sort_by_double order. free() them. */
static double *sorted_of(const struct series *s, size_t *n)
{
    double *x = xcalloc(s->n + 1, sizeof *x);
    *n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(s->x[i]))
            x[(*n)++] = s->x[i];
    qsort(x, *n, sizeof *x, sort_by_double);
    return x;
}

/* "$ecdf<k>": the share of values not larger than x, from the left edge to the right one; thinned
 * to STEPS_MOST steps. */
static void add_ecdf_data(struct str *row, const struct series *s, size_t k,
                          struct series_range range)
{
    size_t n;
    double *x = sorted_of(s, &n);
    size_t stride = n / STEPS_MOST + 1;
    str_addf(row, "$ecdf%zu << END\n%.9g 0\n", k, range.low);
    for (size_t i = 0; i < n; i++)
        if (i % stride == 0 || i + 1 == n)
            str_addf(row, "%.9g %.9g\n", x[i], (double)(i + 1) / (double)(n + s->n_never));
    str_addf(row, "%.9g %.9g\nEND\n", range.high,
             n > 0 ? (double)n / (double)(n + s->n_never) : 0);
    free(x);
}

static struct series_range shown_range(const struct series_picture *p, double limit)
{
    struct series_range r = series_range_x(p);
    if (!isnan(limit)) {
        r.low = fmin(r.low, limit);
        r.high = fmax(r.high, limit);
    }
    double margin = 0.04 * (r.high - r.low);

    return (struct series_range){ fmax(r.low - margin, r.low >= 0 ? 0 : -INFINITY),
                                  r.high + margin };
}

static void add_limit(struct str *row, double limit)
{
    if (!isnan(limit))
        str_addf(row,
                 "set arrow 2 from first %.9g, graph 0 to first %.9g, graph 1 nohead front "
                 "linecolor rgb '#C00000' dashtype '-' linewidth 1.6\n",
                 limit, limit);
}

/* `in_time`: of each series; NULL: "asynchronous", else "asynchronous: 97.3 % in time"; and how
 * many never ended. */
static void add_legend(struct sheet *sheet, const struct series_picture *p, const double *in_time)
{
    for (size_t k = 0; k < p->n_series; k++) {
        const struct series *s = &p->series[k];
        struct str name = { 0 };
        str_add(&name, s->name ? s->name : "");
        if (in_time)
            str_addf(&name, ": %.1f %% in time", 100 * in_time[k]);
        if (s->n_never)
            str_addf(&name, "; %zu of %zu did not end", s->n_never, s->n + s->n_never);
        sheet_add_line_entry(sheet, k, name.text);
        str_clear(&name);
    }
}

static void add_ecdf_row(struct sheet *sheet, const struct series_picture *p, double limit)
{
    struct str *row = sheet_row(sheet, 300, NULL, p->x_name);
    struct series_range range = shown_range(p, limit);
    sheet_y_name(row, p->y_name);
    str_addf(row, "set xrange [%.9g:%.9g]\nset yrange [0:1.04]\nset ytics 0.25\n", range.low,
             range.high);
    add_limit(row, limit);
    for (size_t k = 0; k < p->n_series; k++)
        add_ecdf_data(row, &p->series[k], k, range);
    str_add(row, "plot ");
    for (size_t k = 0; k < p->n_series; k++) {
        str_addf(row, "%s$ecdf%zu using 1:2 with steps ", k ? ", \\\n     " : "", k);
        style_add_line(row, k);
    }
    str_add(row, "\nset ytics auto\n");
}

int plot_ecdf(const struct series_picture *p, const char *path, struct error *err)
{
    struct sheet sheet;
    if (series_begin(&sheet, p, err))
        return -1;
    add_legend(&sheet, p, NULL);
    add_ecdf_row(&sheet, p, NAN);
    return series_draw(&sheet, path, err);
}

/* "$box<k>": 5, 25, 50, 75 and 95 % quantiles, mean, and the row's place. */
static void add_box_data(struct str *row, const struct series *s, size_t k)
{
    size_t n;
    double *x = sorted_of(s, &n);
    str_addf(row, "$box%zu << END\n", k);
    if (n > 0) {
        double q[] = { 0.05, 0.25, 0.5, 0.75, 0.95 };
        for (size_t i = 0; i < 5; i++)
            q[i] = stats_quantile(x, n, q[i]);
        str_addf(row, "%.9g %.9g %.9g %.9g %.9g %.9g %zu\n", q[0], q[1], q[2], q[3], q[4],
                 stats_summarise(x, n).mean, k);
    }
    str_add(row, "END\n");
    free(x);
}

static void add_box_row(struct sheet *sheet, const struct series_picture *p,
                        const char *const *names, double limit)
{
    size_t never = 0;
    for (size_t k = 0; k < p->n_series; k++)
        never += p->series[k].n_never;
    struct str *row = sheet_row(
        sheet, BOX_ROW * (int)p->n_series,
        never ? "of those that ended: bars: 25 to 75 %; lines: 5 to 95 %; stroke: median; dot: mean"
              : "bars: 25 to 75 % of the values; lines: 5 to 95 %; stroke: median; dot: mean",
        NULL);
    struct series_range range = shown_range(p, limit);
    str_addf(row, "set xrange [%.9g:%.9g]\n", range.low, range.high);
    sheet_rows_axis(row, names, p->n_series);
    add_limit(row, limit);
    for (size_t k = 0; k < p->n_series; k++)
        add_box_data(row, &p->series[k], k);
    for (size_t k = 0; k < p->n_series; k++) {
        str_addf(row, "%s$box%zu using (($2+$4)/2):7:2:4:($7-0.28):($7+0.28) with boxxyerror ",
                 k ? ", \\\n     " : "plot ", k);
        style_add_fill(row, k);
        str_addf(
            row,
            ", \\\n     $box%zu using 3:7:1:5 with xerrorbars pointtype 0 linecolor rgb '#303030' "
            "linewidth 1.2, \\\n"
            "     $box%zu using 3:($7-0.28):(0):(0.56) with vectors nohead linecolor rgb '#000000' "
            "linewidth 2, \\\n"
            "     $box%zu using 6:7 with points pointtype 7 pointsize 0.5 linecolor rgb '#000000'",
            k, k, k);
    }
    str_add(row, "\nset ytics auto scale 0.6\n");
}

int plot_distribution(const struct series_picture *p, double limit, const double *in_time,
                      const char *path, struct error *err)
{
    struct sheet sheet;
    if (series_begin(&sheet, p, err))
        return -1;
    const char **names = xcalloc(p->n_series, sizeof *names);

    for (size_t k = 0; k < p->n_series; k++)
        names[k] = p->series[k].name ? p->series[k].name : "";
    sheet_name_rows(&sheet, names, p->n_series);
    add_legend(&sheet, p, in_time);
    add_box_row(&sheet, p, names, limit);
    add_ecdf_row(&sheet, p, limit);
    free(names);
    return series_draw(&sheet, path, err);
}
