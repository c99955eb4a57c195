#include "cli/picture_data.h"

#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

enum { POINTS = 240 };

/* ---- as results store them ---- */

#define COUNTS(member) SCHEMA_AT(struct campaign_counts, member)
static const struct schema_field count_fields[] = {
    { "mean", &schema_numbers, COUNTS(mean), .help = "over the replicas" },
    { "low", &schema_numbers, COUNTS(low), .help = "5 % quantile" },
    { "high", &schema_numbers, COUNTS(high), .help = "95 % quantile" },
};
static const struct schema counts = { "counts", SCHEMA_FIELDS(count_fields),
                                      .size = sizeof(struct campaign_counts) };
#define LINE(member) SCHEMA_AT(struct campaign_line, member)
static const struct schema_field line_fields[] = {
    { "name", &schema_text, LINE(name), .required = true, .help = "the mode" },
    { "results", &schema_object, LINE(results), .of = &counts, .help = "results by then" },
    { "hits", &schema_object, LINE(hits), .of = &counts, .help = "hits by then" },
};
static const struct schema line = { "line", SCHEMA_FIELDS(line_fields),
                                    .size = sizeof(struct campaign_line) };
#define CURVES(member) SCHEMA_AT(struct campaign_curves, member)

static bool is_short(const struct number_list *l, size_t n)
{
    return l->n > 0 && l->n < n;
}

static int check(const struct json *at, void *object, struct error *err)
{
    const struct campaign_curves *c = object;
    for (size_t i = 0; i < c->n; i++) {
        const struct campaign_counts *r = &c->lines[i].results, *h = &c->lines[i].hits;
        if (r->mean.n < c->times.n || r->low.n < c->times.n || r->high.n < c->times.n ||
            is_short(&h->mean, c->times.n) || h->low.n != h->mean.n || h->high.n != h->mean.n)
            return json_error(at, err, "a curve has fewer points than there are times");
    }
    return 0;
}

static const struct schema_field fields[] = {
    { "title", &schema_text, CURVES(title), .required = true, .help = "of the picture" },
    { "times", &schema_numbers, CURVES(times), .required = true,
      .help = "seconds since the session's start" },
    { "lines", &schema_list, CURVES(lines), .count = offsetof(struct campaign_curves, n),
      .of = &line, .required = true, .help = "the modes, of each campaign" },
};
const struct schema campaign_curves_schema = { "campaign", SCHEMA_FIELDS(fields),
                                        .size = sizeof(struct campaign_curves), .check = check };

/* ---- from runs ---- */

static struct number_list points(void)
{
    return (struct number_list){ xcalloc(POINTS, sizeof(double)), POINTS };
}

static struct campaign_counts counts_of(const struct campaign_runs *runs,
                                        const struct number_list *times, bool hits)
{
    struct campaign_counts c = { points(), points(), points() };
    for (size_t i = 0; i < times->n; i++) {
        struct campaign_count by = campaign_runs_by(runs, times->at[i], hits);
        c.mean.at[i] = by.mean;
        c.low.at[i] = by.low;
        c.high.at[i] = by.high;
    }
    return c;
}

static char *title_of(const struct scenario *s, size_t replicas)
{
    return str_format("Campaign: %s on %s (%zu node%s), %s, %zu replica%s, seed %llu",
                      s->workflow->name, s->platform->name, s->platform->n_nodes,
                      s->platform->n_nodes == 1 ? "" : "s", s->middleware->name, replicas,
                      replicas == 1 ? "" : "s", (unsigned long long)s->seed);
}

static struct campaign_line line_of(const struct scenario *s, const struct mode_runs *of,
                                    size_t campaign, const struct number_list *times, bool hits)
{
    const struct campaign_runs *runs = &of->runs->campaigns[campaign];
    const struct campaign *c = &s->workflow->decisions.campaigns[campaign];
    struct campaign_line out = { .results = counts_of(runs, times, false) };
    out.name = of->runs->n_campaigns > 1 ? str_format("%s, %s", c->name, mode_name(of->mode))
                                         : xstrdup(mode_name(of->mode));
    if (hits)
        out.hits = counts_of(runs, times, true);
    return out;
}

struct campaign_curves campaign_curves_of(const struct scenario *s, const struct mode_runs *of,
                                          size_t n)
{
    struct campaign_curves c = { .n = 0 };
    size_t campaigns = n > 0 ? of[0].runs->n_campaigns : 0;
    double end_s = 0;
    bool any_hit = false;
    if (campaigns == 0 || of[0].runs->campaigns[0].n == 0)
        return c;
    for (size_t i = 0; i < n * campaigns; i++) {
        const struct campaign_runs *runs = &of[i % n].runs->campaigns[i / n];
        end_s = fmax(end_s, campaign_runs_end_s(runs));
        any_hit |= campaign_runs_hit(runs);
    }
    c = (struct campaign_curves){ title_of(s, of[0].runs->campaigns[0].n), points(), n * campaigns,
                                  xcalloc(n * campaigns, sizeof *c.lines) };
    for (size_t i = 0; i < POINTS; i++)
        c.times.at[i] = end_s * (double)i / (POINTS - 1);
    for (size_t i = 0; i < n * campaigns; i++)
        c.lines[i] = line_of(s, &of[i % n], i / n, &c.times, any_hit);
    return c;
}

/* ---- drawn ---- */

static struct series *series_of(const struct campaign_curves *c, bool hits)
{
    struct series *series = xcalloc(c->n, sizeof *series);
    for (size_t m = 0; m < c->n; m++) {
        const struct campaign_counts *of = hits ? &c->lines[m].hits : &c->lines[m].results;
        series[m] = (struct series){ .name = c->lines[m].name, .n = c->times.n, .x = c->times.at,
                                     .y = of->mean.at, .low = of->low.at, .high = of->high.at };
    }
    return series;
}

int campaign_draw(const struct campaign_curves *c, const char *title, const char *path,
                  struct error *err)
{
    if (c->n == 0)
        return error_set(err, "the workflow has no campaign; `campaigns` of it names one "
                              "(docs/decisions.md)");
    struct series *results = series_of(c, false), *hits = series_of(c, true);
    const struct series_picture above = { .title = title ? title : c->title,
                                          .x_name = "time since the session's start [s]",
                                          .y_name = "results",
                                          .series = results,
                                          .n_series = c->n };
    struct series_picture below = above;
    below.y_name = "hits";
    below.series = hits;
    int status = plot_campaign(&above, c->lines[0].hits.mean.n > 0 ? &below : NULL, path, err);
    xfree(results, hits);
    return status;
}
