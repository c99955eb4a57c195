#include "cli/validate_plots.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "plots/parity.h"
#include "plots/picture.h"

static const char *const endings[] = { "svg", "png" };
enum { N_ENDINGS = sizeof endings / sizeof *endings };

static int plot_session(const struct validation *v, const char *folder, struct error *err)
{
    struct picture_panel panels[] = {
        { .name = "measured", .timeline = v->session->timeline },
        { .name = "predicted (median replica)", .timeline = v->forecast.typical },
    };
    struct picture picture = { .title = v->session->name, .panels = panels, .n_panels = sizeof panels / sizeof *panels };
    int status = 0;
    for (size_t e = 0; e < N_ENDINGS && status == 0; e++) {
        char *path = str_format("%s/%s.%s", folder, v->session->name, endings[e]);
        status = plot_comparison(&picture, path, err);
        free(path);
    }
    return status;
}

static int plot_all_parity(const struct validation *v, size_t n, const char *folder, struct error *err)
{
    struct parity_point *points = xcalloc(n, sizeof *points);
    for (size_t i = 0; i < n; i++) {
        double mean_s = v[i].forecast.makespan.mean;
        bool bar = validation_has_interval(&v[i]);
        points[i] = (struct parity_point){ v[i].session->name, v[i].measured_s, mean_s, bar ? v[i].forecast.pi95.low : mean_s,
                                           bar ? v[i].forecast.pi95.high : mean_s };
    }
    char *title = str_format("Predicted against measured, level %s", information_name(v[0].level));
    int status = 0;
    for (size_t e = 0; e < N_ENDINGS && status == 0; e++) {
        char *path = str_format("%s/parity.%s", folder, endings[e]);
        status = plot_parity_points(points, n, title, path, err);
        free(path);
    }
    free(title);
    free(points);
    return status;
}

int validate_plots(const struct validation *v, size_t n, const char *folder, struct error *err)
{
    if (file_make_dirs(folder, err) || plot_all_parity(v, n, folder, err))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (plot_session(&v[i], folder, err))
            return -1;
    return 0;
}
