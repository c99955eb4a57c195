#include "cli/campaign_picture.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/interrupt.h"
#include "plots/series.h"
#include "study/campaign_runs.h"

enum { POINTS = 240 };

struct curve {
    double x[POINTS], y[POINTS], low[POINTS], high[POINTS];
};

static void fill(struct curve *c, const struct campaign_runs *runs, double end_s, bool hits)
{
    for (size_t i = 0; i < POINTS; i++) {
        c->x[i] = end_s * (double)i / (POINTS - 1);
        struct campaign_count by = campaign_runs_by(runs, c->x[i], hits);
        c->y[i] = by.mean;
        c->low[i] = by.low;
        c->high[i] = by.high;
    }
}

struct shown {
    struct curve *curves;
    struct series series[MODES];
};

static struct shown shown_of(const struct campaign_runs *runs, const enum mode *modes, size_t n,
                             double end_s, bool hits)
{
    struct shown s = { .curves = xcalloc(n, sizeof *s.curves) };
    for (size_t m = 0; m < n; m++) {
        struct curve *c = &s.curves[m];
        fill(c, &runs[m], end_s, hits);
        s.series[m] = (struct series){ .name = mode_name(modes[m]),
                                       .n = POINTS,
                                       .x = c->x,
                                       .y = c->y,
                                       .low = c->low,
                                       .high = c->high };
    }
    return s;
}

static int draw(const struct campaign_runs *runs, const enum mode *modes, size_t n,
                const char *title, const char *path, struct error *err)
{
    double end_s = 0;
    bool any_hit = false;
    for (size_t m = 0; m < n; m++) {
        end_s = fmax(end_s, campaign_runs_end_s(&runs[m]));
        any_hit |= campaign_runs_hit(&runs[m]);
    }
    struct shown results = shown_of(runs, modes, n, end_s, false),
                 hits = shown_of(runs, modes, n, end_s, true);
    const struct series_picture above = { .title = title,
                                          .x_name = "time since the session's start [s]",
                                          .y_name = "results",
                                          .series = results.series,
                                          .n_series = n };
    struct series_picture below = above;
    below.y_name = "hits";
    below.series = hits.series;
    int status = plot_campaign(&above, any_hit ? &below : NULL, path, err);
    free(results.curves);
    free(hits.curves);
    return status;
}

int campaign_draw(const struct scenario *s, const enum mode *modes, size_t n, const char *title,
                  const char *path, struct error *err)
{
    struct campaign_runs runs[MODES] = { { 0 } };
    int status = 0;
    for (size_t m = 0; m < n && status == 0; m++) {
        struct scenario one = *s;
        one.mode = modes[m];
        status = campaign_runs(&one, CAMPAIGN_REPLICAS, interrupt_flag(), &runs[m], err);
    }
    if (status == 0) {
        char *own = title
                        ? xstrdup(title)
                        : str_format("Campaign: %s on %s (%zu node%s), %s, %d replicas, seed %llu",
                                     s->workflow->name, s->platform->name, s->platform->n_nodes,
                                     s->platform->n_nodes == 1 ? "" : "s", s->middleware->name,
                                     CAMPAIGN_REPLICAS, (unsigned long long)s->seed);
        status = draw(runs, modes, n, own, path, err);
        free(own);
    }
    for (size_t m = 0; m < n; m++)
        campaign_runs_clear(&runs[m]);
    return status;
}
