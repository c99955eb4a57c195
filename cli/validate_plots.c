#include "cli/validate_doc.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "cli/plot_kinds.h"
#include "cli/show.h"
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

static const struct doc_plot parity = { "parity", "sessions" };

static int draw_parity(const void *what, const char *path, struct error *err)
{
    return plot_of_doc(what, &parity, path, err);
}

int validate_plots(const struct doc *d, const struct leave_one_out *all, const char *folder,
                   struct error *err)
{
    if (file_make_dirs(folder, err) || show_picture_files(draw_parity, d, folder, "parity", err))
        return -1;
    for (size_t i = 0; i < all->n; i++)
        if (show_picture_files(draw_session, &all->of[i], folder, all->of[i].session->name, err))
            return -1;
    return 0;
}

void validate_plots_add_parity(struct doc *d)
{
    doc_plot(d, "Predicted against measured, with 95 % intervals", plot_of_result, &parity);
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
