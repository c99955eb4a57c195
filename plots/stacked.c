#include "plots/series_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "plots/style.h"

enum { BAR_ROW = 34 };

/* The range of all sums on either side of 0. */
static struct series_range range_of(const struct stacked_picture *p)
{
    struct series_range r = { 0, 0 };
    for (size_t i = 0; i < p->n_bars; i++) {
        double left = 0, right = 0;
        for (size_t k = 0; k < p->n_parts; k++) {
            double x = p->bars[i].parts[k];
            left += isfinite(x) && x < 0 ? x : 0;
            right += isfinite(x) && x > 0 ? x : 0;
        }
        r.low = fmin(r.low, left);
        r.high = fmax(r.high, right);
    }
    return r;
}

/* "$part<k>": from, to and the bar, what is positive to the right of what came before, what is
 * negative to the left. */
static void add_part_data(struct str *row, const struct stacked_picture *p, size_t part)
{
    str_addf(row, "$part%zu << END\n", part);
    for (size_t i = 0; i < p->n_bars; i++) {
        double x = p->bars[i].parts[part], from = 0;
        if (!isfinite(x) || x == 0)
            continue;
        for (size_t k = 0; k < part; k++)
            if (isfinite(p->bars[i].parts[k]) && (p->bars[i].parts[k] < 0) == (x < 0))
                from += p->bars[i].parts[k];
        str_addf(row, "%.9g %.9g %zu\n", from, from + x, i);
    }
    str_add(row, "END\n");
}

static size_t fill_of(const struct stacked_picture *p, size_t part)
{
    return p->fills ? p->fills[part] : part;
}

static void add_part_plot(struct str *row, size_t part, size_t fill)
{
    char *boxes = str_format("$part%zu using (($1+$2)/2):3:1:2:($3-0.32):($3+0.32)", part);
    style_add_boxes(row, boxes, fill);
    free(boxes);
}

static bool part_used(const struct stacked_picture *p, size_t part)
{
    for (size_t i = 0; i < p->n_bars; i++)
        if (isfinite(p->bars[i].parts[part]) && p->bars[i].parts[part] != 0)
            return true;
    return false;
}

int plot_stacked(const struct stacked_picture *p, const char *path, struct error *err)
{
    struct series_range r = range_of(p);
    struct sheet sheet;
    if (r.high <= r.low)
        return error_set(err, "nothing to draw: every part is 0");
    const char **names = xcalloc(p->n_bars, sizeof *names);

    for (size_t i = 0; i < p->n_bars; i++)
        names[i] = p->bars[i].name;
    sheet_init(&sheet, xstrdup(p->title), SERIES_LEFT);
    sheet_name_rows(&sheet, names, p->n_bars);
    for (size_t k = 0; k < p->n_parts; k++)
        if (part_used(p, k))
            sheet_add_fill_entry(&sheet, fill_of(p, k), p->part_names[k]);
    struct str *row = sheet_row(&sheet, BAR_ROW * (int)p->n_bars, NULL, p->x_name);

    str_addf(row, "set xrange [%.9g:%.9g]\n", r.low * 1.04, r.high * 1.04);
    sheet_rows_axis(row, names, p->n_bars);
    free(names);
    str_add(row, "set grid noytics\n");
    for (size_t k = 0; k < p->n_parts; k++)
        add_part_data(row, p, k);
    const char *separator = "plot ";

    for (size_t k = 0; k < p->n_parts; k++) {
        if (!part_used(p, k))
            continue;
        str_add(row, separator);
        add_part_plot(row, k, fill_of(p, k));
        separator = ", \\\n     ";
    }
    str_add(row, "\n");
    return series_draw(&sheet, path, err);
}
