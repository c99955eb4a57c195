#include "traces/calibration_curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* multiples of it fill (0, 1) evenly, whatever their order */
#define GOLDEN 0.6180339887498949

static void add_session(struct calibration_curve *out, const struct sample_list *list, double own,
                        double mean, double period_s)
{
    for (size_t i = 0; i < list->n; i++) {
        struct fit_sample x = list->at[i];
        if (period_s <= 0 && x.low < x.high)
            continue;                    /* between limits: not seen */
        out->seen[out->n++] = period_s > 0 ? x.high + mean - own : x.high * mean / own;
    }
}

/* The quantiles of the base, each with a wait of its own. */
static void expect(struct calibration_curve *out, const struct dist *d, double period_s)
{
    for (int i = 0; i < CURVE_POINTS; i++) {
        double wait = period_s * fmod((i + 1) * GOLDEN, 1);
        out->expected[i] = wait + (d ? dist_quantile(d, (i + 0.5) / CURVE_POINTS) : 0);
    }
}

void calibration_curve_init(struct calibration_curve *out, const struct calibration *c,
                            enum station_parameter p)
{
    const struct calibration_station *row = &c->station[p];
    const struct middleware *m = c->profile;
    double period_s = calibration_period(m, p);
    *out = (struct calibration_curve){ .n = 0 };
    if (row->n_samples <= row->n_sessions || (row->mean_s <= 0 && period_s <= 0))
        return;
    out->seen = xcalloc(row->n_samples, sizeof *out->seen);
    for (size_t s = 0; s < m->n_sessions; s++) {
        double own = m->sessions[s].mean[p];
        if (c->lists.of[p][s].n > 0 && (own > 0 || period_s > 0))
            add_session(out, &c->lists.of[p][s], own, row->mean_s, period_s);
    }
    expect(out, m->parameter[p], period_s);
}

void calibration_curve_clear(struct calibration_curve *c)
{
    free(c->seen);
}
