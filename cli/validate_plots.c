#include "cli/validate_plots.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/show.h"
#include "plots/parity.h"
#include "plots/picture.h"

static int draw_session(const void *what, const char *path, struct error *err)
{
    const struct validation *v = what;
    const struct picture_panel panels[] = {
        { .name = "measured", .timeline = v->session->timeline },
        { .name = "predicted (median replica)", .timeline = v->forecast.typical },
    };
    const struct picture picture = { .title = v->session->name,
                                     .panels = panels,
                                     .n_panels = sizeof panels / sizeof *panels };
    return plot_comparison(&picture, path, err);
}

static int draw_parity(const void *what, const char *path, struct error *err)
{
    const struct leave_one_out *all = what;
    struct parity_point *points = xcalloc(all->n, sizeof *points);
    for (size_t i = 0; i < all->n; i++) {
        const struct validation *v = &all->of[i];
        double mean_s = v->forecast.makespan.mean;
        bool bar = validation_has_interval(v);
        points[i] = (struct parity_point){ v->session->name, v->measured_s, mean_s,
                                           bar ? v->forecast.pi95.low : mean_s,
                                           bar ? v->forecast.pi95.high : mean_s };
    }
    char *title =
        str_format("Predicted against measured, level %s", information_name(all->of[0].level));
    int status = plot_parity_points(points, all->n, title, path, err);
    free(title);
    free(points);
    return status;
}

int validate_plots(const struct leave_one_out *all, const char *folder, struct error *err)
{
    if (file_make_dirs(folder, err) || show_picture_files(draw_parity, all, folder, "parity", err))
        return -1;
    for (size_t i = 0; i < all->n; i++)
        if (show_picture_files(draw_session, &all->of[i], folder, all->of[i].session->name, err))
            return -1;
    return 0;
}

void validate_plots_add_parity(struct doc *d, const struct leave_one_out *all)
{
    doc_picture(d, "Predicted against measured, with 95 % intervals", draw_parity, all);
}

void validate_plots_add_sessions(struct doc *d, const struct leave_one_out *all)
{
    for (size_t i = 0; i < all->n; i++) {
        char *caption = str_format("%s: measured above predicted (the median replica)",
                                   all->of[i].session->name);
        doc_picture(d, caption, draw_session, &all->of[i]);
        free(caption);
    }
}
