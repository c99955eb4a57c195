#include "cli/validate_doc.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "traces/session_workflow.h"

DOC_GETTER(tasks, const struct validation *v = r->item, doc_number(v->session->workflow->n_tasks))
DOC_GETTER(error_percent, const struct validation *v = r->item,
           doc_number(100 * v->error_s / v->measured_s))
DOC_GETTER(width, const struct validation *v = r->item,
           doc_number(v->forecast.pi95.high - v->forecast.pi95.low))

static struct doc_value width_share(const struct doc_record *r)
{
    return doc_number(width(r).x[0] / ((const struct validation *)r->item)->measured_s);
}

DOC_GETTER(in_interval, const struct validation *v = r->item,
           validation_has_interval(v) ? doc_flag(v->in_interval) : doc_none())

/* An interrupted run is no measure. */
DOC_GETTER(holds, const struct validation *v = r->item,
           v->session->n_interruptions > 0 ? doc_text("interrupted")
               : !validation_has_interval(v) ? doc_none() : doc_text(v->in_interval ? "yes" : "no"))

static struct doc_value places_equal(const struct doc_record *r)
{
    const struct same_places *p = &((const struct validation *)r->item)->places;
    return doc_number((double)p->n_equal / (double)p->n);
}

#define OF(unit_, decimals_, member)                                                               \
    .format = { .unit = (unit_), .decimals = (decimals_) }, DOC_MEMBER(struct validation, member)
#define SECONDS(member) OF(DOC_SECONDS, 2, member)
#define OF_GETTER(decimals_, get_)                                                                 \
    .format = { .unit = DOC_NUMBER, .decimals = (decimals_) }, .get = (get_)

static const struct doc_field makespan_fields[] = {
    { .key = "session", .label = "session",
      DOC_MEMBER_OF(struct validation, session, struct session, name) },
    { .key = "tasks", .label = "tasks", .format = { .unit = DOC_COUNT }, .get = tasks },
    { .key = "measured", .label = "measured", OF(DOC_SECONDS, 1, measured_s) },
    { .key = "predicted/mean", .label = "predicted", OF(DOC_SECONDS, 1, forecast.makespan.mean) },
    { .key = "predicted/sd", .label = "sd", SECONDS(forecast.makespan.sd) },
    { .key = "error", .label = "error", SECONDS(error_s) },
    { .key = "error_percent", .label = "error %", OF_GETTER(2, error_percent) },
    { .key = "overhead_error", .label = "of overhead", OF(DOC_SHARE, 1, overhead_error) },
    { .key = "predicted/pi95", .label = "95 %", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct validation, forecast.pi95) },
    { .key = "interval_width", .format = { .unit = DOC_SECONDS }, .get = width },
    { .label = "width", .format = { .unit = DOC_SHARE, .decimals = 2 }, .get = width_share },
    { .key = "in_interval", .format = { .unit = DOC_FLAG }, .get = in_interval },
    { .label = "holds", .get = holds },
    { .key = "interval_score", .label = "score", OF(DOC_SECONDS, 1, interval_score) },
    DOC_FIELDS_END,
};

static const struct doc_field detail_fields[] = {
    { .label = "session", DOC_MEMBER_OF(struct validation, session, struct session, name) },
    { .key = "task_start_mae", .label = "starts, mean error", SECONDS(task_starts.mean_s) },
    { .key = "task_start_most", .label = "largest", SECONDS(task_starts.largest_s) },
    { .key = "concurrency_between", .label = "area of tasks", OF(DOC_SHARE, 2, areas.tasks) },
    { .key = "slots_between", .label = "of slots", OF(DOC_SHARE, 2, areas.slots) },
    { .key = "gpus_between", .label = "of GPUs", OF(DOC_SHARE, 2, areas.gpus) },
    { .key = "placements", .label = "placements", OF(DOC_COUNT, 0, places.n) },
    { .label = "equal", OF(DOC_COUNT, 0, places.n_equal) },
    { .key = "placements_equal", .label = "share", .format = { .unit = DOC_SHARE },
      .get = places_equal },
    DOC_FIELDS_END,
};

DOC_GETTER(client_error, const struct validation *v = r->item,
           doc_number(100 * (v->forecast.client.mean - v->client_s) / v->client_s))

static struct doc_value client_holds(const struct doc_record *r)
{
    const struct validation *v = r->item;
    const struct stats_interval *pi = &v->forecast.client_pi95;
    bool in = v->client_s >= pi->low && v->client_s <= pi->high;
    return validation_has_interval(v) ? doc_text(in ? "yes" : "no") : doc_none();
}

static const struct doc_field client_fields[] = {
    { .label = "session", DOC_MEMBER_OF(struct validation, session, struct session, name) },
    { .key = "client", .label = "measured", OF(DOC_SECONDS, 1, client_s) },
    { .key = "predicted_client", .label = "predicted", OF(DOC_SECONDS, 1, forecast.client.mean) },
    { .key = "client_error_percent", .label = "error %", OF_GETTER(2, client_error) },
    { .key = "client_pi95", .label = "95 %", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct validation, forecast.client_pi95) },
    { .label = "holds", .get = client_holds },
    DOC_FIELDS_END,
};

DOC_GETTER(span_error, const struct validation *v = r->item,
           doc_number(100 * v->span_error_s / v->span_s))
DOC_GETTER(span_holds, const struct validation *v = r->item,
           isnan(v->span_s) || !validation_has_interval(v) ? doc_none()
               : doc_text(v->span_in_interval ? "yes" : "no"))

/* From bootstrap to end: what the authors of the paper report. */
static const struct doc_field span_fields[] = {
    { .label = "session", DOC_MEMBER_OF(struct validation, session, struct session, name) },
    { .key = "span/measured", .label = "measured", OF(DOC_SECONDS, 1, span_s) },
    { .key = "span/predicted", .label = "predicted", OF(DOC_SECONDS, 1, forecast.span.mean) },
    { .key = "span/error", .label = "error", SECONDS(span_error_s) },
    { .label = "error %", OF_GETTER(2, span_error) },
    { .key = "span/pi95", .label = "95 %", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct validation, forecast.span_pi95) },
    { .label = "holds", .get = span_holds },
    DOC_FIELDS_END,
};

static bool any_has(const struct leave_one_out *all, size_t offset)
{
    for (size_t i = 0; i < all->n; i++)
        if (!isnan(*(const double *)((const char *)&all->of[i] + offset)))
            return true;
    return false;
}

#define SIMPLER(key_, label_, b)                                                                   \
    { .key = "baselines/" key_ "/makespan", SECONDS(simpler[b].makespan_s) },                      \
        { .key = "baselines/" key_ "/error", .label = (label_), SECONDS(simpler[b].error_s) },     \
    {                                                                                              \
        .key = "baselines/" key_ "/skill", OF(DOC_NUMBER, 0, simpler[b].skill)                     \
    }

static const struct doc_field simpler_fields[] = {
    { .label = "session", DOC_MEMBER_OF(struct validation, session, struct session, name) },
    { .label = "dagcast", SECONDS(error_s) },
    SIMPLER("critical_path", "critical path", BASELINE_CRITICAL_PATH),
    SIMPLER("closed_form", "closed form", BASELINE_CLOSED_FORM),
    SIMPLER("constant_gap", "closed form + one constant a gap", BASELINE_CONSTANT_GAP),
    SIMPLER("fifo", "FIFO", BASELINE_FIFO),
    SIMPLER("fifo_backfill", "FIFO with backfilling", BASELINE_BACKFILL),
    DOC_FIELDS_END,
};

static void add_table(struct doc *d, const struct leave_one_out *all, const char *title,
                      const struct doc_field *fields)
{
    doc_section(d, title);
    doc_table(d, &(struct doc_table){ .key = "sessions", .fields = fields,
                                      DOC_ITEMS(all->of, all->n) });
}

/* ---- all of them ---- */

static void add_skipped(struct doc *d, const struct leave_one_out *all)
{
    doc_open_list(d, "skipped");
    for (size_t i = 0; i < all->n_skipped; i++) {
        const struct left_out *s = &all->skipped[i];
        char *label = str_format("SKIPPED %s", s->name);
        doc_open(d, NULL);
        doc_fact(d, "session", NULL, DOC_TEXT, doc_text(s->name));
        doc_fact(d, "reason", label, DOC_TEXT, doc_text(s->why));
        doc_close(d);
        free(label);
    }
    doc_close(d);
}

static void warn_of_interruptions(struct doc *d, const struct leave_one_out *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct session *s = all->of[i].session;
        struct str words = { 0 };
        session_add_interruptions(s, &words);
        if (words.length)
            doc_sayf(d, DOC_WARNING, "notes[]",
                     "WARNING: %s was %s: its makespan measures nothing, and its errors below are "
                     "not the prediction's.",
                     s->name, words.text);
        str_clear(&words);
    }
}

static void warn_of_fitted(struct doc *d, const struct leave_one_out *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->of[i].in_sample)
            doc_sayf(d, DOC_WARNING, "notes[]",
                     "IN SAMPLE: %s: the profile '%s' was fitted on it, so that its error says how "
                     "well the profile fits, not how well it predicts; --leave-one-out leaves it "
                     "out.",
                     all->of[i].session->name, all->of[i].asked.middleware->name);
}

/* Over the sessions that were not interrupted. */
struct score {
    double error_s, simpler_s[BASELINES]; /* sums of absolute errors */
    size_t held, whole, intervals;
};

static struct score score_of(const struct leave_one_out *all)
{
    struct score sum = { 0 };
    for (size_t i = 0; i < all->n; i++) {
        const struct validation *v = &all->of[i];
        if (v->session->n_interruptions > 0)
            continue;
        sum.error_s += fabs(v->error_s);
        sum.held += v->in_interval;
        sum.intervals += validation_has_interval(v);
        sum.whole++;
        for (int b = 0; b < BASELINES; b++)
            sum.simpler_s[b] += fabs(v->simpler[b].error_s);
    }
    return sum;
}

/* What the predictions were allowed to see; a session may have its own level. */
static void add_levels(struct str *words, const struct leave_one_out *all)
{
    size_t count[INFORMATION_LEVELS] = { 0 };
    for (size_t i = 0; i < all->n; i++)
        count[all->of[i].level]++;
    str_add(words, "Predicted from level ");
    bool any = false;
    for (int l = 0; l < INFORMATION_LEVELS; l++) {
        if (count[l] == 0)
            continue;
        str_addf(words, "%s%s", any ? ", " : "", information_name((enum information)l));
        if (count[l] < all->n)
            str_addf(words, " (%zu)", count[l]);
        any = true;
    }
    str_add(words, ". ");
}

static void add_verdict(struct doc *d, const struct leave_one_out *all)
{
    struct str words = { 0 };
    add_levels(&words, all);
    const struct score s = score_of(all);
    size_t cut = all->n - s.whole, fitted = 0, strangers = 0;
    for (size_t i = 0; i < all->n; i++) {
        fitted += all->of[i].in_sample;
        strangers += all->of[i].of_other_workflows;
    }
    if (fitted > 0)
        str_addf(&words, "%zu of %zu in sample. ", fitted, all->n);
    if (strangers > 0)
        str_addf(&words,
                 "%zu of %zu from other workflows alone, which says little of them: runs of the "
                 "same workflow predict it. ",
                 strangers, all->n);
    if (cut > 0)
        str_addf(&words, "%zu of %zu session%s interrupted and not counted here. ", cut, all->n,
                 cut == 1 ? " was" : "s were");
    if (s.intervals > 0)
        str_addf(&words, "The 95 %% interval holds in %zu of %zu. ", s.held, s.intervals);
    else if (s.whole > 0)
        str_add(&words, "One replica has no interval. ");
    if (s.whole > 0)
        str_addf(&words, "Mean absolute error of the makespan: %.2f s; ",
                 s.error_s / (double)s.whole);
    for (int b = 0; s.whole > 0 && b < BASELINES; b++)
        str_addf(&words, "%s %.2f s%s", baseline_name((enum baseline)b),
                 s.simpler_s[b] / (double)s.whole, b + 1 < BASELINES ? ", " : ".");
    doc_say_str(d, DOC_ANSWER, "verdict", &words);
}

void validate_doc_add(struct doc *d, const struct leave_one_out *all,
                      const struct drawn_predictions *drawn, bool stages)
{
    add_skipped(d, all);
    warn_of_interruptions(d, all);
    warn_of_fitted(d, all);
    validation_doc_say_known(d, all);
    add_verdict(d, all);
    validate_plots_add_parity(d);
    add_table(d, all, "Makespan: predicted against measured", makespan_fields);
    add_table(d, all, "Task starts, running tasks, placements", detail_fields);
    if (any_has(all, offsetof(struct validation, span_s)))
        add_table(d, all, "The span, from bootstrap to end", span_fields);
    if (any_has(all, offsetof(struct validation, client_s)))
        add_table(d, all, "Clients of services: mean time from start to stop", client_fields);
    add_table(d, all, "Errors of the makespan beside those of simpler predictions", simpler_fields);
    improvements_doc_add(d, all);
    drawn_doc_add(d, drawn);
    generations_doc_add(d, all);
    doc_section(d, "What each prediction knew");
    doc_open_list(d, "sessions");
    for (size_t i = 0; i < all->n; i++) {
        doc_open(d, NULL);
        validation_doc_add(d, &all->of[i], stages);
        doc_close(d);
    }
    doc_close(d);
    validate_plots_add_sessions(d, all);
}
