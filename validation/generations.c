#include "validation/generations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/stats.h"

#define NORMAL_95 1.959963984540054
/* sd of a normal over the median of its absolute values */
#define SD_OF_MEDIAN 1.482602218505602

/* "EnTK 1.x, jsrun"; the tool or launcher where it is no RADICAL-Pilot. To be freed. */
static char *generation_label(const struct session *s)
{
    const struct likeness l = session_likeness(s);
    const char *generation = s->generation == GENERATION_NONE ? NULL : likeness_generation(&l);
    if (!generation)
        generation = s->executed                        ? "dagcast execute"
                     : s->generation == GENERATION_NONE ? "another tool"
                                                        : "RADICAL-Pilot, unknown";
    return l.launcher ? str_format("%s, %s", generation, l.launcher) : xstrdup(generation);
}

struct labelled { const struct validation *of; char *label; };

static int by_label(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;
    int order = strcmp(x->label, y->label);
    return order ? order : strcmp(x->of->session->path, y->of->session->path);
}

static double share(const struct validation *v, double seconds)
{
    return seconds / v->measured_s;
}

struct values { size_t n; double *at; };

static void add_value(struct values *v, double value)
{
    if (!isnan(value))
        v->at[v->n++] = value;
}

static double quantile_of(const struct values *v, double p)
{
    return v->n ? stats_quantile(v->at, v->n, p) : (double)NAN;
}

static double mean_of(const struct values *v)
{
    return v->n ? stats_summarise(v->at, v->n).mean : (double)NAN;
}

/* Half the width of a simpler prediction's interval, as a share of its makespan; NAN without any
 * other session. */
static double half_width(const struct labelled *all, size_t n, size_t of, int b)
{
    struct values own = { 0, xcalloc(n, sizeof(double)) }, any = { 0, xcalloc(n, sizeof(double)) };
    for (size_t i = 0; i < n; i++) {
        double error = fabs(share(all[i].of, all[i].of->simpler[b].error_s));
        if (i != of && str_equal(all[i].label, all[of].label))
            add_value(&own, error);
        if (i != of)
            add_value(&any, error);
    }
    double median = quantile_of(own.n >= GENERATION_ENOUGH ? &own : &any, 0.5);
    xfree(own.at, any.at);
    return NORMAL_95 * SD_OF_MEDIAN * median;
}

static double simpler_score(const struct labelled *all, size_t n, size_t i, int b)
{
    const struct validation *v = all[i].of;
    double half = half_width(all, n, i, b), makespan = v->simpler[b].makespan_s;
    struct stats_interval pi = { makespan * (1 - half), makespan * (1 + half) };
    return isnan(pi.low) ? (double)NAN : share(v, stats_interval_score(pi, 0.95, v->measured_s));
}

static void fill_simpler(struct generation_row *row, const struct labelled *all, size_t n,
                         size_t first, size_t end)
{
    for (int b = 0; b < BASELINES; b++) {
        struct values errors = { 0, xcalloc(end - first, sizeof(double)) },
                      scores = { 0, xcalloc(end - first, sizeof(double)) };
        for (size_t i = first; i < end; i++) {
            add_value(&errors, fabs(share(all[i].of, all[i].of->simpler[b].error_s)));
            add_value(&scores, simpler_score(all, n, i, b));
        }
        row->simpler_error[b] = quantile_of(&errors, 0.5);
        row->simpler_score[b] = mean_of(&scores);
        xfree(errors.at, scores.at);
    }
}

static struct generation_row row_of(const struct labelled *all, size_t n, size_t first, size_t end,
                                    const char *name)
{
    struct generation_row row = { .name = xstrdup(name), .n = end - first };
    struct values errors = { 0, xcalloc(row.n, sizeof(double)) },
                  widths = { 0, xcalloc(row.n, sizeof(double)) },
                  scores = { 0, xcalloc(row.n, sizeof(double)) };
    for (size_t i = first; i < end; i++) {
        const struct validation *v = all[i].of;
        add_value(&errors, fabs(share(v, v->error_s)));
        add_value(&widths, share(v, v->forecast.pi95.high - v->forecast.pi95.low));
        add_value(&scores, share(v, v->interval_score));
        row.n_intervals += validation_has_interval(v);
        row.n_held += v->in_interval;
    }
    row.error = quantile_of(&errors, 0.5);
    row.error_p90 = quantile_of(&errors, 0.9);
    row.width = quantile_of(&widths, 0.5);
    row.score = mean_of(&scores);
    fill_simpler(&row, all, n, first, end);
    xfree(errors.at, widths.at, scores.at);
    return row;
}

struct generations generations_of(const struct leave_one_out *all)
{
    struct labelled *list = xcalloc(all->n, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->of[i].session->n_interruptions == 0)
            list[n++] = (struct labelled){ &all->of[i], generation_label(all->of[i].session) };
    qsort(list, n, sizeof *list, by_label);
    struct generations g = { .rows = xcalloc(n + 1, sizeof *g.rows) };
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && str_equal(list[end].label, list[first].label);)
            end++;
        g.rows[g.n++] = row_of(list, n, first, end, list[first].label);
    }
    if (n > 0)
        g.rows[g.n++] = row_of(list, n, 0, n, "all");
    for (size_t i = 0; i < n; i++)
        free(list[i].label);
    free(list);
    return g;
}

void generations_clear(struct generations *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->rows[i].name);
    free(g->rows);
    *g = (struct generations){ 0 };
}
