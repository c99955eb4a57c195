#include "cli/front_picture.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

/* The points by mode: MODES x n. */
struct lines {
    double *charge, *walltime_min;
    char **labels;
    struct series series[MODES];
};

static void add_point(struct lines *l, const struct front *f, const struct front_point *p)
{
    size_t i = (size_t)p->mode * f->n + l->series[p->mode].n++;
    l->charge[i] = p->charge;
    l->walltime_min[i] = p->walltime_s / 60;
    l->labels[i] =
        str_format("%.0f node%s, %s", p->nodes, p->nodes == 1 ? "" : "s", mode_name(p->mode));
}

static struct lines lines_of(const struct front *f)
{
    struct lines l;
    l.charge = xcalloc(MODES * f->n + 1, sizeof *l.charge);
    l.walltime_min = xcalloc(MODES * f->n + 1, sizeof *l.walltime_min);
    l.labels = xcalloc(MODES * f->n + 1, sizeof *l.labels);
    for (size_t m = 0; m < MODES; m++)
        l.series[m] = (struct series){ .name = mode_name((enum mode)m),
                                       .x = l.charge + m * f->n,
                                       .y = l.walltime_min + m * f->n,
                                       .labels = (const char *const *)l.labels + m * f->n };
    for (size_t i = 0; i < f->n; i++)
        add_point(&l, f, &f->points[i]);
    return l;
}

static void lines_clear(struct lines *l, size_t n)
{
    for (size_t i = 0; i < MODES * n; i++)
        free(l->labels[i]);
    free(l->labels);
    free(l->charge);
    free(l->walltime_min);
}

int front_draw(const struct front *f, const char *path, struct error *err)
{
    if (f->n == 0)
        return error_set(err, "no queue accepts any of its rows");
    struct lines l = lines_of(f);
    char *title = f->title ? xstrdup(f->title)
                  : f->what ? str_format("Time against cost: %s, by number of nodes", f->what)
                            : xstrdup("Time against cost, by number of nodes");
    char *y_name = isnan(f->confidence)
                       ? xstrdup("walltime to ask for [min]")
                       : str_format("walltime for %g %% of sessions [min]", 100 * f->confidence);
    int status = plot_pareto(
        &(struct series_picture){
            .title = title, .x_name = "cost [node-hours, mean]", .y_name = y_name,
            .series = l.series, .n_series = MODES },
        path, err);
    free(title);
    free(y_name);
    lines_clear(&l, f->n);
    return status;
}
