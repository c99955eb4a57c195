#include "plots/series_impl.h"

#include "plots/style.h"

/* Bands first, so that no line is below one. */
static void add_row(struct sheet *sheet, const struct series_picture *p, bool last)
{
    struct str *row = sheet_row(sheet, SERIES_HEIGHT * 3 / 4, NULL, last ? p->x_name : NULL);
    struct series_range x = series_range_x(p), y = series_range_y(p);
    sheet_y_name(row, p->y_name);
    str_addf(row, "set xrange [0:%.9g]\nset yrange [0:%.9g]\n", x.high, 1.04 * y.high);
    for (size_t k = 0; k < p->n_series; k++)
        series_add_data(row, &p->series[k], k);
    for (size_t k = 0; k < p->n_series; k++)
        str_addf(row, "%s$series%zu using 1:3:4 with filledcurves fillcolor rgb '%s' "
                      "fillstyle transparent solid 0.18 noborder notitle",
                 k ? ", \\\n     " : "plot ", k, style_colour(k));
    for (size_t k = 0; k < p->n_series; k++) {
        str_addf(row, ", \\\n     $series%zu using 1:2 with lines ", k);
        style_add_line(row, k);
        str_add(row, " notitle");
    }
    str_add(row, "\n");
}

int plot_campaign(const struct series_picture *results, const struct series_picture *hits,
                  const char *path, struct error *err)
{
    struct sheet sheet;
    if (series_begin(&sheet, results, err))
        return -1;
    for (size_t k = 0; k < results->n_series; k++)
        sheet_add_line_entry(&sheet, k, results->series[k].name);
    sheet_add_note(&sheet, "lines: mean; bands: 5 to 95 % of the replicas");
    add_row(&sheet, results, !hits);
    if (hits)
        add_row(&sheet, hits, true);
    return series_draw(&sheet, path, err);
}
