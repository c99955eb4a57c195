#include "cli/run_doc.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/words.h"
#include "num/stats.h"

bool run_has_jobs(const struct doc_record *r)
{
    return ((const struct run *)r->item)->summary.jobs.chain;
}

/* ---- what a page begins with ---- */

void run_doc_add_question(struct doc *d, const struct scenario_set *set, const char *end)
{
    const struct scenario *s = &set->scenario;
    struct str words = { 0 };
    if (workflow_decides(s->workflow))
        str_add(&words, "How long do the tasks of ");
    else if (s->workflow->n_tasks == 1)
        str_add(&words, "How long does the one task of ");
    else
        str_addf(&words, "How long do the %u tasks of ", (unsigned)s->workflow->n_tasks);
    str_addf(&words, "%s take on %zu node%s of %s", s->workflow->name, s->platform->n_nodes,
             s->platform->n_nodes == 1 ? "" : "s", s->platform->name);
    if (!middleware_is_ideal(s->middleware))
        str_addf(&words, ", through %s", s->middleware->name);
    str_add(&words, end);
    doc_say_str(d, DOC_LEAD, NULL, &words);
}

void run_doc_add_figure(struct doc *d, const struct run *r, double gain)
{
    const struct summary *s = &r->summary;
    struct str figure = { 0 }, note = { 0 };
    const struct doc_value mean = doc_number(s->makespan.mean);
    doc_value_add(&figure, &mean, (struct doc_format){ .unit = DOC_LONG_SECONDS }, false);
    if (!isnan(gain))
        str_addf(&note, "%.1f %% %s time; ", 100 * fabs(gain), gain >= 0 ? "less" : "more");
    str_addf(&note, "%.2f node-hours", s->node_hours);
    if (s->share_complete < 1)
        str_addf(&note, "; %.1f %% do all tasks", 100 * s->share_complete);
    if (s->share_in_time < 1)
        str_addf(&note, "; %.1f %% end in time", 100 * s->share_in_time);
    doc_figure(d, mode_name(r->mode), figure.text, note.text);
    str_clear(&figure);
    str_clear(&note);
}

/* ---- for programs ---- */

static const struct doc_field members[] = {
    { .key = "replicas", DOC_MEMBER(struct run, summary.n) },
    { .key = "makespan/min", DOC_MEMBER(struct run, summary.makespan.min) },
    { .key = "makespan/max", DOC_MEMBER(struct run, summary.makespan.max) },
    { .key = "session/mean", DOC_MEMBER(struct run, summary.session.mean) },
    { .key = "session/sd", DOC_MEMBER(struct run, summary.session.sd) },
    { .key = "session/ci95", DOC_MEMBER_INTERVAL(struct run, summary.session.ci95) },
    { .key = "session/quantiles/0.05|0.5|0.95",
      DOC_MEMBER_TRIPLE(struct run, summary.session.q05) },
    { .key = "session/min", DOC_MEMBER(struct run, summary.session.min) },
    { .key = "session/max", DOC_MEMBER(struct run, summary.session.max) },
    { .key = "span/mean", DOC_MEMBER(struct run, summary.span.mean) },
    { .key = "span/sd", DOC_MEMBER(struct run, summary.span.sd) },
    { .key = "span/ci95", DOC_MEMBER_INTERVAL(struct run, summary.span.ci95) },
    { .key = "span/quantiles/0.05|0.5|0.95", DOC_MEMBER_TRIPLE(struct run, summary.span.q05) },
    { .key = "held/cores", DOC_MEMBER(struct run, summary.held_slots) },
    { .key = "held/gpus", DOC_MEMBER(struct run, summary.held_gpus) },
    { .key = "share_complete", DOC_MEMBER(struct run, summary.share_complete) },
    { .key = "share_in_time", DOC_MEMBER(struct run, summary.share_in_time) },
    { .key = "failed", DOC_MEMBER(struct run, summary.failed) },
    { .key = "killed", DOC_MEMBER(struct run, summary.killed) },
    { .key = "cancelled", DOC_MEMBER(struct run, summary.cancelled) },
    { .key = "retries", DOC_MEMBER(struct run, summary.retries) },
    { .key = "lost_slot_seconds", DOC_MEMBER(struct run, summary.lost_slot_s) },
    { .key = "time_to_solution/mean", DOC_MEMBER(struct run, summary.jobs.solution.mean) },
    { .key = "time_to_solution/quantiles/0.05|0.5|0.95",
      DOC_MEMBER_TRIPLE(struct run, summary.jobs.solution.q05) },
    { .key = "queue_wait", DOC_MEMBER(struct run, summary.jobs.queue_s) },
    { .key = "jobs", DOC_MEMBER(struct run, summary.jobs.n) },
    { .key = "tasks_cut", DOC_MEMBER(struct run, summary.jobs.n_cut) },
    DOC_FIELDS_END,
};

static const struct doc_field bimodal_fields[] = {
    { .key = "low", DOC_MEMBER(struct two_modes, low) },
    { .key = "share_low", DOC_MEMBER(struct two_modes, share_low) },
    { .key = "high", DOC_MEMBER(struct two_modes, high) },
    { .key = "share_high", DOC_MEMBER(struct two_modes, share_high) },
    { .key = "gap", DOC_MEMBER(struct two_modes, gap) },
    DOC_FIELDS_END,
};

static struct doc_value matters(const struct doc_record *r)
{
    return doc_flag(pipeline_orders_matter(r->item));
}

static const struct doc_field order_fields[] = {
    { .key = "submitters", DOC_MEMBER(struct pipeline_orders, n_pipelines) },
    { .key = "tried", DOC_MEMBER(struct pipeline_orders, n_orders) },
    { DOC_COLUMN("all", NULL, DOC_FLAG, struct pipeline_orders, all) },
    { .key = "file", DOC_MEMBER(struct pipeline_orders, file_s) },
    { .key = "best", DOC_MEMBER(struct pipeline_orders, best_s) },
    { .key = "worst", DOC_MEMBER(struct pipeline_orders, worst_s) },
    { .key = "matters", .format = { .unit = DOC_FLAG }, .get = matters },
    DOC_FIELDS_END,
};

/* null unless `known`. */
static void add_object(struct doc *d, const char *key, bool known, const struct doc_field *fields,
                       const void *item)
{
    if (!known) {
        doc_data(d, key, cJSON_CreateNull());
        return;
    }
    doc_open(d, key);
    doc_facts(d, fields, item, NULL);
    doc_close(d);
}

void run_doc_add_members(struct doc *d, const struct run *r)
{
    doc_facts(d, members, r, NULL);
    doc_open(d, "stations");
    for (int i = 0; i < WAITS; i++)
        doc_fact(d, wait_key((enum wait)i), NULL, DOC_SECONDS, doc_number(r->summary.wait_s[i]));
    doc_close(d);
    add_object(d, "bimodal", r->summary.modes.found, bimodal_fields, &r->summary.modes);
    add_object(d, "order", r->order.n_orders > 0, order_fields, &r->order);
}

void run_doc_add_two_values(struct str *words, const struct run *r)
{
    words_add_modes(words, mode_name(r->mode), &r->summary.modes);
    words_add_order(words, mode_name(r->mode), &r->order);
}

/* ---- what was decided in the replicas of a workflow that decides at run time ---- */

DOC_GETTER(results_an_hour, const struct campaign_result *c = r->item,
           c->last_s > c->first_s
               ? doc_number((double)c->n_results / (c->last_s - c->first_s) * 3600)
               : doc_none())
DOC_GETTER(stale_mean, const struct campaign_result *c = r->item,
           doc_number(c->n_submitted > 0 ? c->stale_sum / (double)c->n_submitted : 0))

enum decided_figure {
    TASKS, ITERATIONS, DOA_DEP, WLA, FIRST_OF_CAMPAIGN, RESULTS_AN_HOUR = FIRST_OF_CAMPAIGN, HITS,
    HITS_TIME, LEARNINGS, STALE_MEAN, STALE_MOST, FIGURES_KNOWN,
};
#define OF_REPLICA(member) DOC_MEMBER(struct adaptive_figures, member)
#define OF_CAMPAIGN(member) DOC_MEMBER(struct campaign_result, member)
static const struct doc_field known[FIGURES_KNOWN] = {
    [TASKS] = { .label = "tasks", OF_REPLICA(n_tasks) },
    [ITERATIONS] = { .label = "iterations", OF_REPLICA(iterations) },
    [DOA_DEP] = { .label = "DOA_dep", OF_REPLICA(doa_dep) },
    [WLA] = { .label = "WLA", OF_REPLICA(wla) },
    [RESULTS_AN_HOUR] = { .label = "results an hour", .get = results_an_hour },
    [HITS] = { .label = "hits", OF_CAMPAIGN(n_hits) },
    [HITS_TIME] = { .label = "time to the hits [s]", OF_CAMPAIGN(hits_s) },
    [LEARNINGS] = { .label = "learnings", OF_CAMPAIGN(n_learnings) },
    [STALE_MEAN] = { .label = "staleness, mean", .get = stale_mean },
    [STALE_MOST] = { .label = "staleness, most", OF_CAMPAIGN(stale_most) },
};

/* Of the replicas in which the figure is known; of a campaign's, those of this one. */
static struct stats_summary summary_of_figure(const struct replicas *r, enum decided_figure of,
                                              size_t campaign)
{
    double *x = xcalloc(r->n + 1, sizeof *x);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct adaptive_figures *f = &r->decided[i];
        const void *item = of < FIRST_OF_CAMPAIGN ? (const void *)f : &f->campaigns[campaign];
        struct doc_value v = doc_field_value(&known[of], item);
        if (v.n > 0)
            x[n++] = v.x[0];
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

static bool applies(const struct workflow *w, enum decided_figure figure, size_t campaign)
{
    const struct decisions *d = &w->decisions;
    if (figure < FIRST_OF_CAMPAIGN)
        return campaign == 0 && (figure != ITERATIONS || d->n_loops > 0);
    if (campaign >= d->n_campaigns)
        return false;
    const struct campaign *c = &d->campaigns[campaign];
    bool of_hits = figure == HITS || figure == HITS_TIME;
    return (!of_hits || c->hit_probability > 0) && (figure != HITS_TIME || c->hits > 0);
}

static double relative(const struct replicas *from, const struct replicas *to,
                       enum decided_figure of, size_t campaign)
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
    double wins = relative(from, to, RESULTS_AN_HOUR, campaign),
           sooner = relative(from, to, HITS_TIME, campaign);
    double fresh = summary_of_figure(from, STALE_MEAN, campaign).mean,
           stale = summary_of_figure(to, STALE_MEAN, campaign).mean;
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
    for (enum decided_figure f = 0; f < FIGURES_KNOWN; f++)
        for (size_t m = 0; m < of->n && applies(of->w, f, campaign); m++) {
            bool named = f >= FIRST_OF_CAMPAIGN && of->w->decisions.n_campaigns > 1;
            char *figure = named ? str_format("%s of %s", known[f].label,
                                              of->w->decisions.campaigns[campaign].name)
                                 : xstrdup(known[f].label);
            rows[n++] = (struct row){ of->names[m], figure,
                                      summary_of_figure(of->runs[m], f, campaign) };
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
    struct row *rows = xcalloc((most + 1) * FIGURES_KNOWN * n, sizeof *rows);
    for (size_t c = 0; c == 0 || c < most; c++)
        n_rows += add_rows(rows + n_rows, &of, c);
    doc_section(d, "Decided at run time");
    doc_table(d, &(struct doc_table){ .key = "decided", .fields = fields,
                                      DOC_ITEMS(rows, n_rows) });
    for (size_t c = 0; n > 1 && c < most; c++)
        add_trade(d, &of, c);
    for (size_t i = 0; i < n_rows; i++)
        free(rows[i].figure);
    free(rows);
}
