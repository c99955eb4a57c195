#include "cli/compare_doc.h"

#include <math.h>

#include "cli/asynchrony_words.h"
#include "cli/explained.h"
#include "cli/picture_data.h"
#include "cli/run_doc.h"
#include "cli/scenario_doc.h"
#include "cli/show.h"
#include "cli/words.h"

/* ---- the table ---- */

struct situation { bool incomplete, walltime, ideal, no_pilot; };         /* which rows matter */

DOC_TEST(has_session, const struct situation *s = r->context, !s->ideal)
DOC_TEST(is_incomplete, const struct situation *s = r->context, s->incomplete)
DOC_TEST(has_walltime, const struct situation *s = r->context, s->walltime)

/* The pilot's span and what asynchronous execution gains of it: only through a middleware. */
DOC_TEST(has_span, const struct situation *s = r->context, !s->no_pilot)

static bool has_span_gain(const struct doc_record *r)
{
    return has_span(r) && ((const struct run *)r->item)->mode != MODE_SEQUENTIAL;
}

static const struct doc_field fields[] = {
    RUN_MAKESPAN_FIELDS,
    { .key = "closed_form", .label = "closed form", RUN_SECONDS(prediction.mean.makespan_s) },
    { .key = "closed_form_expected_max", .label = "  with expected maxima",
      RUN_SECONDS(prediction.expected_max.makespan_s) },
    { .key = "closed_form_overhead", RUN_SECONDS(prediction.mean.overhead_s) },
    { .key = "critical_path", .label = "critical path", RUN_SECONDS(prediction.critical_path_s) },
    RUN_JOB_FIELDS,
    RUN_RESOURCE_FIELDS,
    { .key = "improvement/mean", .label = "I over sequential: simulated", .main = true,
      RUN_SHARE(improvement.mean) },
    { .key = "improvement/ci95_paired", .label = "  95 % interval, paired",
      .format = { .unit = DOC_SHARE }, RUN_INTERVAL(improvement.ci95_paired) },
    { .key = "improvement/ci95_independent", .label = "  95 % interval, independent runs",
      .format = { .unit = DOC_SHARE }, RUN_INTERVAL(improvement.ci95_independent) },
    { .key = "improvement/closed_form", .label = "  closed form",
      RUN_SHARE(prediction.improvement) },
    { .key = "improvement/closed_form_expected_max",
      RUN_SHARE(prediction.improvement_expected_max) },
    { .label = "replicas with every task done", .optional = true, .when = is_incomplete,
      RUN_SHARE(summary.share_complete) },
    { .label = "replicas that end in time", .optional = true, .when = has_walltime,
      RUN_SHARE(summary.share_in_time) },
    { .label = "span, bootstrap to end: mean", .optional = true, .when = has_span,
      RUN_SECONDS(summary.span.mean) },
    { .label = "  5 / 50 / 95 % quantiles", .format = { .unit = DOC_SECONDS }, .optional = true,
      .when = has_span, DOC_MEMBER_TRIPLE(struct run, summary.span.q05) },
    { .key = "span_improvement/mean", .label = "  I over sequential of spans", .optional = true,
      .when = has_span_gain, RUN_SHARE(span_improvement.mean) },
    { .key = "span_improvement/ci95_independent", .label = "    95 % interval, independent runs",
      .when = has_span_gain, .format = { .unit = DOC_SHARE },
      RUN_INTERVAL(span_improvement.ci95_independent) },
    { .label = "session, with start and drain", .optional = true, .when = has_session,
      RUN_SECONDS(summary.session.mean) },
    DOC_FIELDS_END,
};

/* Its sessions are those of a pilot, whose end is known or assumed to be the session's. */
static bool has_pilot(const struct middleware *m)
{
    return m->parameter[STATION_PILOT_END] ||
           (!middleware_is_ideal(m) && m->client_seen != CLIENT_UNKNOWN) ||
           str_equal(m->scheduler, "radical");
}

static void add_table(struct doc *d, const struct scenario_set *set, const struct comparison *c,
                      const struct run *runs)
{
    struct situation s = { .walltime = set->scenario.walltime_s > 0,
                           .ideal = middleware_is_ideal(set->middleware),
                           .no_pilot = !has_pilot(set->middleware) };
    for (int m = 0; m < MODES; m++)
        s.incomplete = s.incomplete || !summary_is_complete(&c->mode[m]);
    doc_section(d, "Results");
    doc_table(d, &(struct doc_table){ .key = "modes", .layout = DOC_COLUMNS, .fields = fields,
                                      DOC_ITEMS(runs, MODES), .context = &s,
                                      .name = scenario_doc_mode });
    doc_open(d, "modes");
    for (int m = 0; m < MODES; m++) {
        doc_open(d, mode_name((enum mode)m));
        run_doc_add_members(d, &runs[m]);
        doc_close(d);
    }
    doc_close(d);
}

/* ---- sentences ---- */

static size_t most_replicas(const struct comparison *c)
{
    size_t most = 0;
    for (size_t m = 0; m < MODES; m++)
        most = c->mode[m].n > most ? c->mode[m].n : most;
    return most;
}

/* Of a mode whose gain has no interval: a makespan of 0, or one replica. */
static void add_bare_verdict(struct str *text, const char *name, double gain)
{
    if (isnan(gain))
        str_addf(text, "Sequential execution takes no time, so %s execution has nothing to gain. ",
                 name);
    else if (gain == 0)
        str_addf(text, "%s execution takes as long as sequential in this replica. ", name);
    else
        str_addf(text, "%s execution takes %.1f %% %s time than sequential in this replica. ", name,
                 100 * fabs(gain), gain > 0 ? "less" : "more");
}

/* "Asynchronous execution takes 12.3 % less time ..." */
static void add_verdict(struct str *text, const struct comparison *c, enum mode m)
{
    const struct stats_improvement *i = &c->improvement[m];
    double low = i->ci95_paired.low, high = i->ci95_paired.high;
    const char *name = m == MODE_PIPELINED ? "Pipelined" : "Asynchronous";
    if (isnan(i->mean) || isnan(low)) {
        add_bare_verdict(text, name, i->mean);
        return;
    }
    if (low > 0 || high < 0)
        str_addf(
            text,
            "%s execution takes %.1f %% %s than sequential on average (closed form: %.1f %% %s); ",
            name, 100 * fabs(i->mean), i->mean > 0 ? "less time" : "more time",
            100 * fabs(c->prediction.mode[m].improvement),
            c->prediction.mode[m].improvement >= 0 ? "less" : "more");
    else if (low == 0 && high == 0)
        str_addf(text, "%s execution takes exactly as long as sequential; ", name);
    else
        str_addf(text, "%s execution and sequential do not differ by more than chance; ", name);
    if (isnan(i->ci95_independent.low))
        str_add(text, "some sequential replicas take no time, so a percentage of two single runs "
                      "is undefined. ");
    else if (i->ci95_independent.low <= 0 && i->ci95_independent.high >= 0)
        str_add(text, "of one run of each mode, either may be the faster. ");
    else if (i->ci95_independent.high - i->ci95_independent.low < 5e-4)
        str_addf(text, "so does one run of each mode, to a tenth of a percent. ");
    else
        str_addf(text, "one run of each mode would typically differ by %.1f to %.1f %%. ",
                 100 * i->ci95_independent.low, 100 * i->ci95_independent.high);
}

/* A verdict on both modes; false: there is none, since tasks were left undone. */
static bool add_verdicts(struct str *text, const struct comparison *c, const struct scenario *s)
{
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = c->mode[m].share_complete;
    if (words_add_incomplete(text, s, share))
        return false;
    add_verdict(text, c, MODE_ASYNCHRONOUS);
    add_verdict(text, c, MODE_PIPELINED);
    return true;
}

/* The headline result, and whether there is one: not if tasks were left undone. */
static bool add_answer(struct doc *d, const struct comparison *c, const struct scenario *s)
{
    struct str words = { 0 };
    bool complete = add_verdicts(&words, c, s);
    doc_say_str(d, DOC_ANSWER, "answer", &words);
    return complete;
}

static void add_meaning(struct doc *d, const struct comparison *c, const struct run *runs,
                        bool complete)
{
    const struct stats_improvement *i = &c->improvement[MODE_ASYNCHRONOUS];
    struct str words = { 0 };
    doc_section(d, "What it means");
    for (int m = 0; m < MODES; m++)
        run_doc_add_two_values(&words, &runs[m]);
    asynchrony_add_meaning(&words, &c->prediction.asynchronicity,
                           &(struct gain){ complete ? GAIN_SIMULATED : GAIN_UNKNOWN, i->mean,
                                           i->ci95_paired.low, i->ci95_paired.high });
    doc_say_str(d, DOC_PLAIN, "meaning", &words);
    scenario_doc_note_one_replica(d, most_replicas(c));
    doc_sayf(
        d, DOC_NOTE, NULL,
        "I = 1 - makespan / sequential makespan. %sThe closed form ignores randomness, and all "
        "contention except waves of tasks%s.",
        most_replicas(c) > 1
            ? "The paired interval is of the mode's effect itself (all modes share their random "
              "numbers), the independent one of one run of each mode. "
            : "",
        complete ? "; no run can be shorter than its lower bound" : "");
}

/* ---- for the page ---- */

/* Its section names the replicas it is of. */
static void add_explanation(struct doc *d, const struct explained *e)
{
    size_t n = e->mode[MODE_SEQUENTIAL].replicas;
    doc_section(d, "Where the time goes, and why");
    if (n == 0) {
        doc_say(d, DOC_NOTE, NULL,
                "The workflow is too large to explain here; see 'dagcast explain'.");
        return;
    }
    doc_open(d, "explanation");
    explain_doc_add(d, e, "explanation/parts");
    doc_close(d);
    if (n == e->set->replicas)
        doc_sayf(d, DOC_NOTE, NULL, "Of all %zu replicas. 'dagcast explain' also asks what would "
                                    "change the makespan.", n);
    else
        doc_sayf(d, DOC_NOTE, NULL,
                 "Of the first %zu of %zu replicas. 'dagcast explain' takes all, and asks what "
                 "would change the makespan.",
                 n, e->set->replicas);
}

static void add_page_parts(struct doc *d, const struct scenario_set *set,
                           const struct compare_page *page)
{
    doc_page_only(d);
    add_explanation(d, &page->explained);
    page_add_timelines(d, &page->data.picture);
    picture_data_add_workflow(d, set->workflow);
    if (page->store)
        picture_data_store(d, &page->data);
}

/* ---- all ---- */

/* Of sequential execution over itself there is none. */
static void forget_improvement(struct run *sequential)
{
    static const struct stats_interval none = { NAN, NAN };
    sequential->improvement = sequential->span_improvement =
        (struct stats_improvement){ NAN, none, none };
    sequential->prediction.improvement = NAN;
    sequential->prediction.improvement_expected_max = NAN;
}

static void add_decided(struct doc *d, const struct scenario_set *set, const struct comparison *c)
{
    const struct replicas *runs[MODES];
    const char *names[MODES];
    for (int m = 0; m < MODES; m++) {
        runs[m] = &c->runs[m];
        names[m] = mode_name((enum mode)m);
    }
    decided_doc_add(d, set->workflow, names, runs, MODES);
    if (runs[0]->decided)
        doc_say(d, DOC_NOTE, NULL,
                "The closed form takes what is decided by expectation: numbers of iterations and "
                "tasks are means, rounded, and sets exist whose probability is at least one half.");
}

struct doc *compare_doc(const struct scenario_set *set, const struct comparison *c,
                        const struct compare_page *page, const struct invocation *call)
{
    struct doc *d = show_new("compare");
    struct run runs[MODES];
    double share[MODES];
    for (int m = 0; m < MODES; m++) {
        runs[m] = (struct run){ (enum mode)m, c->mode[m], c->order[m], c->prediction.mode[m],
                                c->improvement[m], c->span_improvement[m] };
        share[m] = c->mode[m].share_complete;
    }
    forget_improvement(&runs[MODE_SEQUENTIAL]);
    scenario_doc_warn_cut(d, &set->scenario, share, MODES);
    doc_section(d, "Sequential, pipelined and asynchronous execution compared");
    run_doc_add_question(d, set, " – sequentially, pipelined and asynchronously – and what "
                                 "does asynchronous execution gain?");
    for (int m = 0; m < MODES; m++)
        run_doc_add_figure(d, &runs[m], runs[m].improvement.mean);
    bool complete = add_answer(d, c, &set->scenario);
    scenario_doc_add(d, set, SCENARIO_RUNS);
    scenario_doc_add_workflow(d, set->workflow, &c->prediction.asynchronicity);
    scenario_doc_add_sets(d, set->workflow);
    add_table(d, set, c, runs);
    add_decided(d, set, c);
    if (page)
        picture_data_add_makespans(d, &page->data);
    add_meaning(d, c, runs, complete);
    if (page)
        add_page_parts(d, set, page);
    show_add_commands(d, call, &set->scenario.seed);
    return d;
}
