#include "traces/slope_fit.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "base/xalloc.h"

double slope_mean_x(const struct slope_points *p)
{
    double mean = 0;
    for (size_t i = 0; i < p->n; i++)
        mean += p->at[i].x / (double)p->n;
    return mean;
}

/* means, and sums of squares about them, */
struct line { double x, y, xx, xy, yy; };

/* ... or about the origin */
static struct line line_of(const struct slope_points *p, bool through_origin)
{
    struct line l = { .x = through_origin ? 0 : slope_mean_x(p) };
    for (size_t i = 0; i < p->n && !through_origin; i++)
        l.y += p->at[i].y / (double)p->n;
    for (size_t i = 0; i < p->n; i++) {
        double dx = p->at[i].x - l.x, dy = p->at[i].y - l.y;
        l.xx += dx * dx;
        l.xy += dx * dy;
        l.yy += dy * dy;
    }
    return l;
}

/* Not by rounding alone: sums of equal sizes leave something, too. */
static bool sizes_differ(const struct slope_points *p, bool through_origin)
{
    for (size_t i = 0; i < p->n; i++)
        if (through_origin ? p->at[i].x != 0 : p->at[i].x != p->at[0].x)
            return true;
    return false;
}

struct slope slope_fit(const struct slope_points *p, size_t n, bool through_origin,
                       const double *scale)
{
    struct slope out = { .session = xcalloc(n + 1, sizeof(double)),
                         .level = { 0, 0, NAN, { NAN, NAN } }, .p = 1 };
    double *m = xcalloc(n + 1, sizeof *m), *v = xcalloc(n + 1, sizeof *v), xx = 0, xy = 0, yy = 0,
           freedom = -1;
    for (size_t s = 0; s < n; s++) {
        struct line l = line_of(&p[s], through_origin);
        bool differ = sizes_differ(&p[s], through_origin);
        double by = scale ? scale[s] : 1;
        out.session[s] = differ ? by * l.xy / l.xx : NAN;
        if (!differ)
            continue;
        xx += l.xx;
        xy += l.xy;
        yy += l.yy;
        freedom += (double)p[s].n - !through_origin;
        out.n_samples += p[s].n;
        m[out.n_sessions] = out.session[s];
        v[out.n_sessions++] = by * by / l.xx;
    }
    if (out.n_sessions > 0) {
        double variance = freedom > 0 ? fmax(0, yy - xy * xy / xx) / freedom : 0;
        for (size_t s = 0; s < out.n_sessions; s++)
            v[s] *= variance;
        if (freedom > 0 && xy > 0)
            out.p = variance > 0 ? gsl_cdf_tdist_Q(xy / sqrt(variance * xx), freedom) : 0;
        out.level = random_effects_fit(m, v, out.n_sessions);
        if (out.n_sessions == 1 && variance > 0)
            out.level.se = sqrt(variance / xx);
    }
    out.level.mean = fmax(0, out.level.mean);
    xfree(m, v);
    return out;
}
