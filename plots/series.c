#include "plots/series_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

bool series_point_known(const struct series *s, size_t i)
{
    return isfinite(s->x[i]) && (!s->y || isfinite(s->y[i]));
}

static void widen(struct series_range *r, double x)
{
    if (!isfinite(x))
        return;
    r->low = fmin(r->low, x);
    r->high = fmax(r->high, x);
}

static struct series_range not_empty(struct series_range r)
{
    if (r.high > r.low)
        return r;
    double apart = r.low == 0 ? 1 : 0.1 * fabs(r.low);

    return (struct series_range){ r.low - apart, r.low + apart };
}

struct series_range series_range_x(const struct series_picture *p)
{
    struct series_range r = { INFINITY, -INFINITY };
    for (size_t k = 0; k < p->n_series; k++)
        for (size_t i = 0; i < p->series[k].n; i++)
            if (series_point_known(&p->series[k], i))
                widen(&r, p->series[k].x[i]);
    return not_empty(r);
}

struct series_range series_range_y(const struct series_picture *p)
{
    struct series_range r = { INFINITY, -INFINITY };
    for (size_t k = 0; k < p->n_series; k++) {
        const struct series *s = &p->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (!series_point_known(s, i))
                continue;
            widen(&r, s->y[i]);
            if (s->low && s->high) {
                widen(&r, s->low[i]);
                widen(&r, s->high[i]);
            }
        }
    }
    return not_empty(r);
}

int series_begin(struct sheet *s, const struct series_picture *p, struct error *err)
{
    bool any = false;
    for (size_t k = 0; k < p->n_series; k++)
        for (size_t i = 0; i < p->series[k].n && !any; i++)
            any = series_point_known(&p->series[k], i);
    if (!any)
        return error_set(err, "nothing to draw: no point has finite numbers");
    sheet_init(s, xstrdup(p->title), SERIES_LEFT);
    return 0;
}

struct place { double x; size_t i; };

SORT_BY_2(by_x, struct place, x, i)

/* Where the known points are, in order of x. Returns how many; free() them. */
static size_t places_of(const struct series *s, struct place **places)
{
    size_t n = 0;
    *places = xcalloc(s->n + 1, sizeof **places);
    for (size_t i = 0; i < s->n; i++)
        if (series_point_known(s, i))
            (*places)[n++] = (struct place){ s->x[i], i };
    qsort(*places, n, sizeof **places, by_x);
    return n;
}

void series_add_data(struct str *row, const struct series *s, size_t k)
{
    struct place *places;
    size_t n = places_of(s, &places);
    str_addf(row, "$series%zu << END\n", k);
    for (size_t p = 0; p < n; p++) {
        size_t i = places[p].i;
        double y = s->y ? s->y[i] : 0;
        bool interval = s->low && s->high && isfinite(s->low[i]) && isfinite(s->high[i]);
        str_addf(row, "%.9g %.9g %.9g %.9g\n", s->x[i], y, interval ? s->low[i] : y,
                 interval ? s->high[i] : y);
    }
    str_add(row, "END\n");
    free(places);
}

int series_draw(struct sheet *s, const char *path, struct error *err)
{
    int status = sheet_draw(s, "", path, err);
    sheet_clear(s);
    return status;
}
