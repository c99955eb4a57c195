#include "cli/decided_doc.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "num/stats.h"

typedef double figure_fn(const struct replicas *r, size_t i);

static const struct adaptive_figures *figures(const struct replicas *r, size_t i)
{
    return &r->decided[i];
}

static double tasks(const struct replicas *r, size_t i) { return (double)figures(r, i)->n_tasks; }
static double iterations(const struct replicas *r, size_t i) { return figures(r, i)->iterations; }
static double doa_dep(const struct replicas *r, size_t i) { return figures(r, i)->doa_dep; }
static double wla(const struct replicas *r, size_t i) { return figures(r, i)->wla; }
static double hits(const struct replicas *r, size_t i) { return (double)figures(r, i)->campaign.n_hits; }
static double learnings(const struct replicas *r, size_t i) { return (double)figures(r, i)->campaign.n_learnings; }
static double stale_most(const struct replicas *r, size_t i) { return figures(r, i)->campaign.stale_most; }

static double results_an_hour(const struct replicas *r, size_t i)
{
    const struct campaign_result *c = &figures(r, i)->campaign;
    double took_s = c->last_s - c->first_s;
    return took_s > 0 ? (double)c->n_results / took_s * 3600 : NAN;
}

static double hits_s(const struct replicas *r, size_t i)
{
    return figures(r, i)->campaign.hits_s;
}

static double stale_mean(const struct replicas *r, size_t i)
{
    const struct campaign_result *c = &figures(r, i)->campaign;
    return c->n_submitted > 0 ? c->stale_sum / (double)c->n_submitted : 0;
}

/* Of the replicas in which the figure is known. */
static struct stats_summary summary_of_figure(const struct replicas *r, figure_fn *of)
{
    double *x = xcalloc(r->n + 1, sizeof *x);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        double value = of(r, i);
        if (!isnan(value))
            x[n++] = value;
    }
    struct stats_summary s = n > 0 ? stats_summarise(x, n) : (struct stats_summary){ .mean = NAN, .q05 = NAN, .q50 = NAN, .q95 = NAN };
    s.n = n;
    free(x);
    return s;
}

struct row {                             /* one figure in one mode */
    const char *mode, *figure;
    double mean, q05, q50, q95;
};

static const struct doc_field fields[] = {
    { .key = "mode", .label = "mode", DOC_MEMBER(struct row, mode) },
    { .key = "figure", .label = "decided", DOC_MEMBER(struct row, figure) },
    { .key = "mean", .label = "mean", .format = { .unit = DOC_NUMBER, .decimals = 2 }, DOC_MEMBER(struct row, mean) },
    { .key = "q05", .label = "5 %", .format = { .unit = DOC_NUMBER, .decimals = 2 }, DOC_MEMBER(struct row, q05) },
    { .key = "q50", .label = "50 %", .format = { .unit = DOC_NUMBER, .decimals = 2 }, DOC_MEMBER(struct row, q50) },
    { .key = "q95", .label = "95 %", .format = { .unit = DOC_NUMBER, .decimals = 2 }, DOC_MEMBER(struct row, q95) },
    DOC_FIELDS_END,
};

static const struct { const char *name; figure_fn *of; bool of_loop, of_campaign; } known[] = {
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

static bool applies(const struct workflow *w, size_t figure)
{
    const struct decisions *d = &w->decisions;
    bool campaign = !known[figure].of_campaign || d->n_campaigns > 0;
    bool hit = (known[figure].of != hits_s && known[figure].of != hits) || (d->n_campaigns > 0 && d->campaigns[0].hit_probability > 0);
    bool wanted = known[figure].of != hits_s || (d->n_campaigns > 0 && d->campaigns[0].hits > 0);
    return campaign && hit && wanted && (!known[figure].of_loop || d->n_loops > 0);
}

static double relative(const struct replicas *from, const struct replicas *to, figure_fn *of)
{
    double a = summary_of_figure(from, of).mean, b = summary_of_figure(to, of).mean;
    return a > 0 ? b / a - 1 : NAN;
}

/* What the last mode wins over the first in throughput, and loses in freshness. */
static void add_trade(struct doc *d, const char *const *names, const struct replicas *const *runs, size_t n)
{
    double wins = relative(runs[0], runs[n - 1], results_an_hour);
    double fresh = summary_of_figure(runs[0], stale_mean).mean, stale = summary_of_figure(runs[n - 1], stale_mean).mean;
    double sooner = relative(runs[0], runs[n - 1], hits_s);
    struct str words = { 0 };
    if (isnan(wins))
        return;
    str_addf(&words, "Against %s, the %s campaign gives %.1f %% %s results an hour, and proposes with %.1f results not yet learned "
             "from instead of %.1f", names[0], names[n - 1], 100 * fabs(wins), wins >= 0 ? "more" : "fewer", stale, fresh);
    if (!isnan(sooner))
        str_addf(&words, "; the hits come %.1f %% %s", 100 * fabs(sooner), sooner <= 0 ? "sooner" : "later");
    str_add(&words, ".");
    doc_say(d, DOC_ANSWER, "trade", words.text);
    str_clear(&words);
}

void decided_doc_add(struct doc *d, const struct workflow *w, const char *const *names,
                     const struct replicas *const *runs, size_t n)
{
    struct row rows[KNOWN * MODES];
    size_t n_rows = 0;
    if (!runs[0]->decided)
        return;
    for (size_t f = 0; f < KNOWN; f++)
        for (size_t m = 0; m < n && applies(w, f); m++) {
            struct stats_summary s = summary_of_figure(runs[m], known[f].of);
            rows[n_rows++] = (struct row){ names[m], known[f].name, s.mean, s.q05, s.q50, s.q95 };
        }
    doc_section(d, "Decided at run time");
    doc_table(d, &(struct doc_table){ .key = "decided", .fields = fields, .items = rows, .n = n_rows, .size = sizeof *rows });
    if (n > 1 && w->decisions.n_campaigns > 0)
        add_trade(d, names, runs, n);
}
