#include "cli/decided_doc.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/stats.h"

/* Of one replica, and, where it is a campaign's figure, of that campaign. */
typedef double figure_fn(const struct adaptive_figures *f, size_t campaign);

static double tasks(const struct adaptive_figures *f, size_t c)
{
    return (void)c, (double)f->n_tasks;
}
static double iterations(const struct adaptive_figures *f, size_t c)
{
    return (void)c, f->iterations;
}
static double doa_dep(const struct adaptive_figures *f, size_t c)
{
    return (void)c, f->doa_dep;
}
static double wla(const struct adaptive_figures *f, size_t c)
{
    return (void)c, f->wla;
}
static double hits(const struct adaptive_figures *f, size_t c)
{
    return (double)f->campaigns[c].n_hits;
}
static double learnings(const struct adaptive_figures *f, size_t c)
{
    return (double)f->campaigns[c].n_learnings;
}
static double stale_most(const struct adaptive_figures *f, size_t c)
{
    return f->campaigns[c].stale_most;
}
static double hits_s(const struct adaptive_figures *f, size_t c)
{
    return f->campaigns[c].hits_s;
}

static double results_an_hour(const struct adaptive_figures *f, size_t campaign)
{
    const struct campaign_result *c = &f->campaigns[campaign];
    double took_s = c->last_s - c->first_s;
    return took_s > 0 ? (double)c->n_results / took_s * 3600 : NAN;
}

static double stale_mean(const struct adaptive_figures *f, size_t campaign)
{
    const struct campaign_result *c = &f->campaigns[campaign];
    return c->n_submitted > 0 ? c->stale_sum / (double)c->n_submitted : 0;
}

/* Of the replicas in which the figure is known. */
static struct stats_summary summary_of_figure(const struct replicas *r, figure_fn *of,
                                              size_t campaign)
{
    double *x = xcalloc(r->n + 1, sizeof *x);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        double value = of(&r->decided[i], campaign);
        if (!isnan(value))
            x[n++] = value;
    }
    struct stats_summary s =
        n > 0 ? stats_summarise(x, n)
              : (struct stats_summary){ .mean = NAN, .q05 = NAN, .q50 = NAN, .q95 = NAN };
    s.n = n;
    free(x);
    return s;
}

struct decided { /* what was decided in n runs */
    const struct workflow *w;
    const char *const *names;
    const struct replicas *const *runs;
    size_t n;
};
struct row { const char *mode; char *figure; struct stats_summary of; };          /* in one mode */

#define SUMMARY(member, label_)                                                                    \
    { .key = #member, .label = (label_), .format = { .unit = DOC_NUMBER, .decimals = 2 },          \
      DOC_MEMBER(struct row, of.member) }
static const struct doc_field fields[] = {
    { .key = "mode", .label = "mode", DOC_MEMBER(struct row, mode) },
    { .key = "figure", .label = "decided", DOC_MEMBER(struct row, figure) },
    SUMMARY(mean, "mean"),
    SUMMARY(q05, "5 %"),
    SUMMARY(q50, "50 %"),
    SUMMARY(q95, "95 %"),
    DOC_FIELDS_END,
};

static const struct {
    const char *name;
    figure_fn *of;
    bool of_loop, of_campaign;
} known[] = {
    { "tasks", tasks, false, false },
    { "iterations", iterations, true, false },
    { "DOA_dep", doa_dep, false, false },
    { "WLA", wla, false, false },
    { "results an hour", results_an_hour, false, true },
    { "hits", hits, false, true },
    { "time to the hits [s]", hits_s, false, true },
    { "learnings", learnings, false, true },
    { "staleness, mean", stale_mean, false, true },
    { "staleness, most", stale_most, false, true },
};
enum { KNOWN = sizeof known / sizeof *known };

static bool applies(const struct workflow *w, size_t figure, size_t campaign)
{
    const struct decisions *d = &w->decisions;
    if (!known[figure].of_campaign)
        return campaign == 0 && (!known[figure].of_loop || d->n_loops > 0);
    if (campaign >= d->n_campaigns)
        return false;
    const struct campaign *c = &d->campaigns[campaign];
    bool hit = (known[figure].of != hits_s && known[figure].of != hits) || c->hit_probability > 0;
    return hit && (known[figure].of != hits_s || c->hits > 0);
}

static double relative(const struct replicas *from, const struct replicas *to, figure_fn *of,
                       size_t campaign)
{
    double a = summary_of_figure(from, of, campaign).mean,
           b = summary_of_figure(to, of, campaign).mean;
    return a > 0 ? b / a - 1 : NAN;
}

/* What the last mode wins over the first in throughput, and loses in freshness. */
static void add_trade(struct doc *d, const struct decided *of, size_t campaign)
{
    const char *first = of->names[0], *last = of->names[of->n - 1];
    const struct replicas *from = of->runs[0], *to = of->runs[of->n - 1];
    double wins = relative(from, to, results_an_hour, campaign),
           sooner = relative(from, to, hits_s, campaign);
    double fresh = summary_of_figure(from, stale_mean, campaign).mean,
           stale = summary_of_figure(to, stale_mean, campaign).mean;
    struct str words = { 0 };
    if (isnan(wins))
        return;
    str_addf(&words, "Against %s, the %s campaign ", first, last);
    if (of->w->decisions.n_campaigns > 1)
        str_addf(&words, "'%s' ", of->w->decisions.campaigns[campaign].name);
    str_addf(&words,
             "gives %.1f %% %s results an hour, and proposes with %.1f results not yet learned "
             "from instead of %.1f",
             100 * fabs(wins), wins >= 0 ? "more" : "fewer", stale, fresh);
    if (!isnan(sooner))
        str_addf(&words, "; the hits come %.1f %% %s", 100 * fabs(sooner),
                 sooner <= 0 ? "sooner" : "later");
    str_add(&words, ".");
    doc_say_str(d, DOC_ANSWER, campaign == 0 ? "trade" : NULL, &words);
}

/* Rows of one campaign, and, with the first, of what is no campaign's. */
static size_t add_rows(struct row *rows, const struct decided *of, size_t campaign)
{
    size_t n = 0;
    for (size_t f = 0; f < KNOWN; f++)
        for (size_t m = 0; m < of->n && applies(of->w, f, campaign); m++) {
            bool named = known[f].of_campaign && of->w->decisions.n_campaigns > 1;
            char *figure = named ? str_format("%s of %s", known[f].name,
                                              of->w->decisions.campaigns[campaign].name)
                                 : xstrdup(known[f].name);
            rows[n++] = (struct row){ of->names[m], figure,
                                      summary_of_figure(of->runs[m], known[f].of, campaign) };
        }
    return n;
}

void decided_doc_add(struct doc *d, const struct workflow *w, const char *const *names,
                     const struct replicas *const *runs, size_t n)
{
    const struct decided of = { w, names, runs, n };
    size_t n_rows = 0, most = w->decisions.n_campaigns < ADAPTIVE_CAMPAIGNS
                                  ? w->decisions.n_campaigns
                                  : ADAPTIVE_CAMPAIGNS;
    if (!runs[0]->decided)
        return;
    struct row *rows = xcalloc((most + 1) * KNOWN * n, sizeof *rows);
    for (size_t c = 0; c == 0 || c < most; c++)
        n_rows += add_rows(rows + n_rows, &of, c);
    doc_section(d, "Decided at run time");
    doc_table(d, &(struct doc_table){ .key = "decided", .fields = fields, .items = rows,
                                      .n = n_rows, .size = sizeof *rows });
    for (size_t c = 0; n > 1 && c < most; c++)
        add_trade(d, &of, c);
    for (size_t i = 0; i < n_rows; i++)
        free(rows[i].figure);
    free(rows);
}
