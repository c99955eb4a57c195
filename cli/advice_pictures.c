#include "cli/plot_kinds.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

/* ---- what to ask for against what it costs ---- */

/* Points by mode, MODES x rows. */
struct front {
    size_t rows, n;
    double *charge, *walltime_min;
    char **labels;
    struct series series[MODES];
};

/* A queue accepts it, and enough runs do all tasks. */
static bool accepted(const struct columns *c, size_t row)
{
    return str_equal(columns_text(c, row, columns_find(c, "accepted")), "true") &&
           !str_equal(columns_text(c, row, columns_find(c, "enough")), "false");
}

static void add_row(struct front *f, const struct columns *c, size_t row)
{
    int mode = mode_find(columns_text(c, row, columns_find(c, "mode")));
    double nodes = columns_number(c, row, columns_find(c, "nodes"));
    if (mode < 0 || !accepted(c, row))
        return;
    size_t i = (size_t)mode * f->rows + f->series[mode].n++;
    f->n++;
    f->charge[i] = columns_number(c, row, columns_find(c, "charge"));
    f->walltime_min[i] = columns_number(c, row, columns_find(c, "walltime")) / 60;
    f->labels[i] =
        str_format("%.0f node%s, %s", nodes, nodes == 1 ? "" : "s", mode_name((enum mode)mode));
}

static struct front front_of(const struct columns *c)
{
    struct front f = { .rows = c->n_rows };
    f.charge = xcalloc(MODES * f.rows + 1, sizeof *f.charge);
    f.walltime_min = xcalloc(MODES * f.rows + 1, sizeof *f.walltime_min);
    f.labels = xcalloc(MODES * f.rows + 1, sizeof *f.labels);
    for (size_t m = 0; m < MODES; m++)
        f.series[m] = (struct series){ .name = mode_name((enum mode)m),
                                       .x = f.charge + m * f.rows,
                                       .y = f.walltime_min + m * f.rows,
                                       .labels = (const char *const *)f.labels + m * f.rows };
    for (size_t row = 0; row < c->n_rows; row++)
        add_row(&f, c, row);
    return f;
}

static void front_clear(struct front *f)
{
    for (size_t i = 0; i < MODES * f->rows; i++)
        free(f->labels[i]);
    xfree(f->labels, f->charge, f->walltime_min);
}

int advice_draw_front(const struct plot_call *call, const struct columns *c, struct error *err)
{
    const char *given = call->options->title, *what = plot_stored_title(call);
    struct front f = front_of(c);
    char *title = given  ? xstrdup(given)
                  : what ? str_format("Time against cost: %s, by number of nodes", what)
                         : xstrdup("Time against cost, by number of nodes");
    const struct series_picture p = { .title = title, .x_name = "cost [node-hours, mean]",
                                      .y_name = "walltime to ask for [min]", .series = f.series,
                                      .n_series = MODES };
    int status = f.n > 0 ? plot_pareto(&p, call->output, err)
                         : error_set(err, "%s: no queue accepts any of its rows", call->name);
    free(title);
    front_clear(&f);
    return status;
}

/* ---- sessions over nodes ---- */

static bool session_point(const struct columns *c, size_t row, enum mode m, double *point)
{
    static const char *const at[] = { "nodes", "session.mean", "session.quantiles.0.05",
                                      "quantile" };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        point[i] = columns_number(c, row, columns_find(c, at[i]));
    return mode_find(columns_text(c, row, columns_find(c, "mode"))) == (int)m && !isnan(point[1]);
}

static int draw_session_lines(const struct plot_call *call, const struct series *lines,
                              struct error *err)
{
    const char *what = plot_stored_title(call);
    char *title = call->options->title
                      ? xstrdup(call->options->title)
                      : str_format("%s%smean session, from its 5 %% quantile to the one asked for",
                                   what ? what : "", what ? ": " : "");
    const struct series_picture p = { .title = title, .x_name = "nodes", .y_name = "session [s]",
                                      .series = lines, .n_series = MODES };
    int status = plot_sweep(&p, call->output, err);
    free(title);
    return status;
}

int advice_draw_sessions(const struct plot_call *call, const struct columns *c,
                         struct error *err)
{
    struct series lines[MODES];
    double *numbers = xcalloc(4 * MODES * c->n_rows + 1, sizeof *numbers);
    for (size_t m = 0; m < MODES; m++) {
        double *x = numbers + 4 * m * c->n_rows, *y = x + c->n_rows, *low = y + c->n_rows,
               *high = low + c->n_rows, point[4];
        lines[m] = (struct series){ .name = mode_name((enum mode)m), .x = x, .y = y, .low = low,
                                    .high = high };
        for (size_t row = 0; row < c->n_rows; row++) {
            if (!session_point(c, row, (enum mode)m, point))
                continue;
            size_t k = lines[m].n++;
            x[k] = point[0], y[k] = point[1], low[k] = point[2], high[k] = point[3];
        }
    }
    int status = draw_session_lines(call, lines, err);
    free(numbers);
    return status;
}

